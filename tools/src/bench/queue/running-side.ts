import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { RedisServer } from '@smart-support/testing';
import { pinProcess } from './pin-process';
import type { FromSide, SideSettings, SideTask, ToSide } from './queue-side';

/** The server has the first core to itself, and whoever is measured has the second. */
const SERVER_CORE = 0;
const SIDE_CORE = 1;

/** One of the queues that are compared, in a process of its own. */
export class RunningSide {
  private constructor(
    private readonly child: ChildProcess,
    private readonly server: RedisServer,
  ) {}

  /** @param script - name of its file */
  static async open(
    script: 'our-side' | 'bullmq-side',
    server: RedisServer,
    settings: Omit<SideSettings, 'redis'>,
  ): Promise<RunningSide> {
    // Nothing of the user's environment but where programs are: it could change the figures.
    const child = fork(join(__dirname, `${script}.js`), { env: { PATH: process.env['PATH'] } });
    pinProcess(server.pid, SERVER_CORE);
    pinProcess(child.pid, SIDE_CORE);
    const side = new RunningSide(child, server);
    await side.ask({ type: 'open', settings: { ...settings, redis: server.url } });
    return side;
  }

  /** Measures once, on an empty server. @returns tickets a second */
  async rate(task: SideTask): Promise<number> {
    await this.server.command('FLUSHALL');
    const answer = await this.ask({ type: 'run', task });
    if (answer.type !== 'done') throw new Error('a side of the comparison did not do what it was told');
    return (task.tickets * 1000) / answer.milliseconds;
  }

  /** Lets the process end. */
  async close(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    if (this.child.connected) this.child.disconnect();
    await gone;
  }

  private ask(message: ToSide): Promise<FromSide> {
    return new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error('the process of a side ended'));
      this.child.once('exit', ended);
      this.child.once('message', (answer: FromSide) => {
        this.child.off('exit', ended);
        if (answer.type === 'failed') reject(new Error(answer.message));
        else resolve(answer);
      });
      this.child.send(message);
    });
  }
}
