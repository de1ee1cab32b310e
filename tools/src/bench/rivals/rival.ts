import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { FromRival, RivalSettings, ToRival } from './rival-process';

/** A rival in a process of its own, so that two copies of onnxruntime do not meet. */
export class RunningRival {
  private constructor(
    private readonly child: ChildProcess,
    private readonly texts: number,
    /** Its embedding of the first text. */
    readonly vector: readonly number[],
  ) {}

  /** Resolves when the rival has loaded its model. @throws Error if its process ends before */
  static async open(settings: RivalSettings): Promise<RunningRival> {
    // Nothing of the user's environment but where programs are: it could change the figures. The rival's onnxruntime sends no telemetry.
    const env = { PATH: process.env['PATH'], ORT_DISABLE_TELEMETRY: '1' };
    const child = fork(join(__dirname, 'rival-process.js'), { env });
    const ready = await ask(child, { type: 'open', settings });
    if (ready.type !== 'ready') throw new Error('the rival did not open its model');
    return new RunningRival(child, settings.batches.flat().length, ready.vector);
  }

  /** Embeds every text once. @returns texts a second */
  async pass(): Promise<number> {
    const done = await ask(this.child, { type: 'pass' });
    if (done.type !== 'done') throw new Error('the rival did not finish its pass');
    return (this.texts * 1000) / done.milliseconds;
  }

  /** Lets the process end. */
  async close(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    if (this.child.connected) this.child.disconnect();
    await gone;
  }
}

function ask(child: ChildProcess, message: ToRival): Promise<FromRival> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error('the process of the rival ended'));
    child.once('exit', ended);
    child.once('message', (answer: FromRival) => {
      child.off('exit', ended);
      resolve(answer);
    });
    child.send(message);
  });
}
