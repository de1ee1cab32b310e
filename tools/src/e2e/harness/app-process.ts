import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProcessReaper } from './process-reaper';

/** How to start an app. */
export interface AppLaunch {
  /** Absolute path of its `main.js`. */
  readonly script: string;
  /** Its whole environment except `PATH`: the user's settings have no effect. */
  readonly environment: Readonly<Record<string, string>>;
  /** Its output is appended to this file. */
  readonly logFile: string;
}

/** Longest start, in milliseconds. */
const START_MS = 60_000;
const LOOK_MS = 50;

/** A running app: a real process, seen from outside. */
export class AppProcess {
  /** Settles when the process has ended. */
  readonly exited: Promise<void>;
  private readonly reaper: ProcessReaper;
  private stopped = false;

  private constructor(
    private readonly child: ChildProcess,
    private readonly logFile: string,
    private readonly logStart: number,
  ) {
    this.reaper = new ProcessReaper(child.pid ?? 0);
    this.exited = new Promise<void>((resolve) => {
      child.once('error', () => resolve());
      child.once('exit', () => resolve());
    }).then(() => this.reaper.close());
  }

  /** Starts it; {@link AppProcess.waitForLog} waits until it is ready. The log file is its standard output, so nothing is lost with a kill. */
  static start({ script, environment, logFile }: AppLaunch): AppProcess {
    const log = openSync(logFile, 'a');
    try {
      const logStart = statSync(logFile).size;
      const child = spawn(process.execPath, [script], {
        env: { PATH: process.env['PATH'], ...environment },
        stdio: ['ignore', log, log],
        // Ctrl+C at the terminal is for the tool alone, which then ends everything in order.
        detached: true,
      });
      return new AppProcess(child, logFile, logStart);
    } finally {
      closeSync(log);
    }
  }

  /** Number of the process. */
  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Whether it runs and is not stopped. */
  get isRunning(): boolean {
    return this.hasNotEnded && !this.stopped;
  }

  private get hasNotEnded(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /**
   * Waits for a line of the log with this message.
   * @param lookMs - milliseconds between two looks
   * @returns false if the process was killed before
   * @throws Error with the end of the log if it ended by itself, or does not write the line within a minute
   */
  async waitForLog(message: string, lookMs = LOOK_MS): Promise<boolean> {
    const deadline = Date.now() + START_MS;
    const logged = (): string => readFileSync(this.logFile).toString('utf8', this.logStart);
    for (;;) {
      if (logged().includes(`"msg":"${message}"`)) return true;
      if (this.child.signalCode === 'SIGKILL') return false;
      if (!this.hasNotEnded || Date.now() > deadline)
        throw new Error(`${this.logFile}: no "${message}"\n${logged().slice(-2000)}`);
      await sleep(lookMs);
    }
  }

  /** SIGKILL; waits until it has ended. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }

  /** SIGSTOP: its connections stay open. */
  pause(): void {
    this.stopped = true;
    this.child.kill('SIGSTOP');
  }

  /** SIGCONT. */
  resume(): void {
    this.child.kill('SIGCONT');
    this.stopped = false;
  }
}
