import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RedisAddress, askRedis } from './ask-redis';
import { formOneNodeCluster } from './one-node-cluster';
import type { ProcessReaper } from './process-reaper';

/** Options of one process. */
export interface RedisLaunch extends RedisAddress {
  readonly program: string;
  readonly args: readonly string[];
  /** Directory of its files; `redis.log` has its output. */
  readonly directory: string;
  /** Whether it has to own every slot of a cluster before it counts as started. */
  readonly cluster: boolean;
}

/** Time limit of a start, in milliseconds. */
const START_MS = 20_000;
const POLL_MS = 10;
/** Time limit of one readiness check, in milliseconds: another process on the port may never answer. */
const LOOK_MS = 1_000;

/** Another process listens on the port. */
export class PortTaken extends Error {
  constructor(port: number) {
    super(`Port ${port} of 127.0.0.1 is taken`);
    this.name = 'PortTaken';
  }
}

/** One running redis-server. */
export class RedisProcess {
  /** Settles when the process has ended. */
  readonly ended: Promise<void>;

  private constructor(
    private readonly child: ChildProcess,
    /** The process id. */
    readonly pid: number,
  ) {
    this.ended = new Promise((resolve) => void child.once('exit', () => resolve()));
  }

  /**
   * Starts the program and waits until it answers.
   * @param reaper - ends the process if the test process dies first
   * @throws PortTaken
   * @throws Error when the program does not exist, ends at once (with the end of its log), or is not ready within 20 s
   */
  static async launch(launch: RedisLaunch, reaper: ProcessReaper): Promise<RedisProcess> {
    const logFile = join(launch.directory, 'redis.log');
    const log = openSync(logFile, 'a');
    const before = readFileSync(logFile).length;
    const output = (): string => readFileSync(logFile).toString('utf8', before).trim();
    try {
      const child = spawn(launch.program, launch.args, { cwd: launch.directory, stdio: ['ignore', log, log] });
      const started = new RedisProcess(child, child.pid ?? 0);
      await once(child, 'spawn').catch((problem) => Promise.reject(explainSpawn(launch.program, problem)));
      reaper.setProcess(started.pid);
      try {
        await started.ready(launch, output);
        if (launch.cluster) await formOneNodeCluster(launch);
        return started;
      } catch (problem) {
        await started.end('SIGKILL');
        reaper.clearProcess();
        throw problem;
      }
    } finally {
      closeSync(log);
    }
  }

  /** Whether the process exists, stopped or not. */
  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Sends a signal, if the process exists. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Ends the process with a signal and waits until it has ended. */
  async end(signal: NodeJS.Signals): Promise<void> {
    if (!this.running) return;
    this.signal(signal);
    // A stopped process reacts only to SIGKILL.
    this.signal('SIGCONT');
    await this.ended;
  }

  private async ready(launch: RedisLaunch, output: () => string): Promise<void> {
    const deadline = performance.now() + START_MS;
    let lastProblem: unknown;
    while (this.running) {
      try {
        if (await Promise.race([this.answers(launch), this.ended.then(() => false)])) return;
      } catch (problem) {
        lastProblem = problem;
      }
      if (performance.now() > deadline)
        throw new Error(`redis-server is not ready after ${START_MS} ms: ${String(lastProblem)}\n${output()}`);
      await sleep(POLL_MS);
    }
    if (output().includes('Address already in use')) throw new PortTaken(launch.port);
    throw new Error(`redis-server did not start:\n${output()}`);
  }

  /** Whether this process, and not another on the same port, serves. A server that is loading refuses a PING. */
  private async answers(address: RedisAddress): Promise<boolean> {
    await askRedis(address, ['PING'], LOOK_MS);
    const info = String(await askRedis(address, ['INFO', 'server'], LOOK_MS));
    return info.split('\r\n').includes(`process_id:${this.pid}`);
  }
}

function explainSpawn(program: string, problem: NodeJS.ErrnoException): Error {
  if (problem.code !== 'ENOENT') return problem;
  return new Error(
    `There is no ${program} on the PATH: install Redis 6.2 or later ` +
      '(Debian, Ubuntu: apt-get install redis-server; Fedora: dnf install redis; macOS: brew install redis).',
  );
}
