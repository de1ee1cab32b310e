import { spawn } from 'node:child_process';
import { eventually } from './eventually';

/** A line of the log. */
export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** A built app as a process of its own, as an operator starts it. */
export interface AppProcess {
  /** The complete log lines so far. */
  log(): LogLine[];
  /** The output to standard error so far. */
  complaints(): string;
  /** Waits for a log message that begins with this text. */
  logged(message: string): Promise<LogLine>;
  /** Requests a path of the health server; returns status and body. */
  get(path: string): Promise<{ readonly status: number; readonly text: string }>;
  /** The value of a metric without labels. */
  metric(name: string): Promise<string | undefined>;
  signal(signal: NodeJS.Signals): void;
  /** Resolves with the exit code or the signal that ended the process. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

const running = new Set<AppProcess>();

/**
 * Starts a built app. Its log is JSON, and its line `listening` has the port of its health server.
 * @param main - its `main.js`
 */
export function startAppProcess(main: string, env: Readonly<Record<string, string>>): AppProcess {
  const child = spawn(process.execPath, [main], { env });
  let out = '';
  let err = '';
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (err += data.toString()));
  const log = (): LogLine[] =>
    out
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as LogLine);
  const logged = async (message: string): Promise<LogLine> => {
    const find = (): LogLine | undefined => log().find(({ msg }) => msg.startsWith(message));
    await eventually(`the process says "${message}"`, () => {
      if (!find() && child.exitCode !== null) throw new Error(`ended before it logged "${message}": ${out}${err}`);
      return find();
    });
    return find() as LogLine;
  };
  const get: AppProcess['get'] = async (path) => {
    const { port } = await logged('listening');
    const response = await fetch(`http://127.0.0.1:${String(port)}${path}`);
    return { status: response.status, text: await response.text() };
  };
  const app: AppProcess = {
    log,
    complaints: () => err,
    logged,
    get,
    metric: async (name) => new RegExp(`^${name} (.+)$`, 'm').exec((await get('/metrics')).text)?.[1],
    signal: (signal) => void child.kill(signal),
    ended: new Promise((resolve) => child.on('close', (code, signal) => resolve(code ?? signal))),
  };
  running.add(app);
  void app.ended.then(() => running.delete(app));
  return app;
}

/** Kills all apps that still run, stopped ones included. */
export async function endAppProcesses(): Promise<void> {
  for (const app of running) app.signal('SIGKILL');
  await Promise.all([...running].map(({ ended }) => ended));
}
