import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { portOf } from '../e2e/harness/app-log';
import type { ImageSettings } from './dockerfile';

/** Settings of one container, beside those of its image. */
export type Environment = Readonly<Record<string, string>>;

/** Exit code of a process, and its standard error. */
export interface Ending {
  readonly code: number | null;
  readonly complaint: string;
}

/** A running role that is ready. */
export interface RunningRole {
  /** Its address on 127.0.0.1. */
  readonly port: number;
  /** Sends SIGTERM, as `docker stop` does, and waits for the end. */
  stop(): Promise<Ending>;
  /** Kills it, if it still runs. */
  kill(): void;
}

/** A role that is not ready after this time has failed. */
const PATIENCE_MS = 60_000;

/** The image's files in a directory, with environment and user of the Dockerfile. */
export class ImageTree {
  constructor(
    private readonly directory: string,
    private readonly settings: ImageSettings,
  ) {}

  /** Runs a role that is expected to end by itself. */
  async runToEnd(role: string, environment: Environment): Promise<Ending> {
    return endOf(this.spawn(join(this.directory, 'entrypoint.sh'), [role], environment));
  }

  /** Runs the health check of a role. */
  async checkHealth(role: string, environment: Environment): Promise<Ending> {
    return endOf(this.spawn(process.execPath, [join(this.directory, 'health-check.mjs'), role], environment));
  }

  /**
   * Starts a role and waits until a line of its log has the message and a port.
   * @throws Error when it ends before, or takes longer than a minute
   */
  async start(role: string, readyMessage: string, environment: Environment): Promise<RunningRole> {
    const child = this.spawn(join(this.directory, 'entrypoint.sh'), [role], environment);
    const ending = endOf(child);
    const kill = (): void => void child.kill('SIGKILL');
    const tooLate = setTimeout(kill, PATIENCE_MS);
    try {
      const port = await new Promise<number>((resolve, reject) => {
        ending.then(({ complaint }) => reject(new Error(`${role} ended before it was ready. ${complaint}`)), reject);
        createInterface({ input: child.stdout }).on('line', (line) => {
          const found = line.includes(`"msg":"${readyMessage}"`) ? portOf(line) : undefined;
          if (found !== undefined) resolve(found);
        });
      });
      const stop = (): Promise<Ending> => {
        child.kill('SIGTERM');
        return ending;
      };
      return { port, stop, kill };
    } finally {
      clearTimeout(tooLate);
    }
  }

  /** The image's environment, and of this machine's only the path of programs. */
  private spawn(command: string, args: readonly string[], environment: Environment) {
    // Only root may change the user; any other user is not root anyway.
    const user = process.getuid?.() === 0 ? this.settings.user : {};
    return spawn(command, args, {
      cwd: this.directory,
      env: { PATH: process.env['PATH'], ...this.settings.environment, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...user,
    });
  }
}

async function endOf(child: ChildProcess): Promise<Ending> {
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  child.stdout?.resume();
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, complaint: complaint.trim() };
}
