import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProcessReaper } from './process-reaper';

/** How to start an app. */
export interface AppLaunch {
  /** Absolute path of its `main.js`. */
  readonly script: string;
  /** All of its environment but `PATH`, so that the user's settings play no part. */
  readonly environment: Readonly<Record<string, string>>;
  /** What it writes is added to this file. */
  readonly logFile: string;
}

/** An app that says nothing of being ready after this time never will. */
const START_MS = 60_000;
const LOOK_MS = 50;

/** A running app: a real process, seen from outside. */
export class AppProcess {
  /** Settles when the process is gone. */
  readonly exited: Promise<void>;
  private readonly warden: ProcessReaper;
  private stopped = false;

  private constructor(
    private readonly child: ChildProcess,
    private readonly logFile: string,
    private readonly logStart: number,
  ) {
    this.warden = new ProcessReaper(child.pid ?? 0);
    this.exited = new Promise<void>((resolve) => {
      child.once('error', () => resolve());
      child.once('exit', () => resolve());
    }).then(() => this.warden.close());
  }

  /** Starts it; {@link AppProcess.waitForLog} says when it works. The log file is its standard output: nothing is lost with a kill. */
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

  /** Whether it is there and not stopped. */
  get isRunning(): boolean {
    return this.isThere && !this.stopped;
  }

  private get isThere(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /**
   * Waits for a line of the log with this message.
   * @returns false if the process was killed before
   * @throws Error with the end of the log if it ended by itself, or does not say so within a minute
   */
  async waitForLog(message: string): Promise<boolean> {
    const deadline = Date.now() + START_MS;
    const said = (): string => readFileSync(this.logFile).toString('utf8', this.logStart);
    for (;;) {
      if (said().includes(`"msg":"${message}"`)) return true;
      if (this.child.signalCode === 'SIGKILL') return false;
      if (!this.isThere || Date.now() > deadline)
        throw new Error(`${this.logFile}: no "${message}"\n${said().slice(-2000)}`);
      await sleep(LOOK_MS);
    }
  }

  /** SIGKILL; waits until it is gone. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }

  /** SIGSTOP: it stands still, and its connections stay. */
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
