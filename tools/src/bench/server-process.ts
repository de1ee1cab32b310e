import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { runCommand } from '../workspace/run-command';

/** A server in a process of its own. */
export interface ServerProcess {
  readonly url: string;
  /** Stops the process and waits for its end. */
  stop(): Promise<void>;
}

/** With this setting the gateway loads no transformer: the baseline answers, so that the engine around the models is measured. */
export const WITHOUT_TRANSFORMERS = { MODEL_FALLBACK: '1' } as const;

/** A server that has not stopped after this time is killed. */
const STOP_MS = 15_000;

/**
 * Starts a script that listens on a free port and logs it in a line of JSON with a `port`, as the gateway does.
 * It gets the given environment only, so that the user's settings do not change the figures.
 * @param onLine - called with every line that the server writes
 * @throws Error when the process ends before it listens
 */
export async function startServer(
  script: string,
  environment: Readonly<Record<string, string>> = {},
  onLine: (line: string) => void = () => undefined,
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [script], {
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      HOST: '127.0.0.1',
      // The load repeats texts under one requester, and each must become a ticket.
      DUPLICATE_SECONDS: '0',
      RATE_LIMIT_REQUESTER_PER_MINUTE: '0',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async (): Promise<void> => {
    const kill = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    child.kill('SIGTERM');
    await ended;
    clearTimeout(kill);
  };

  const port = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    void ended.then(() => reject(new Error(`${script} ended before it listened`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      onLine(line);
      const found = portOf(line);
      if (found !== undefined) resolve(found);
    });
  });
  return { url: `http://127.0.0.1:${port}`, stop };
}

/** The port in a log line, if it has one. */
export function portOf(line: string): number | undefined {
  if (!line.includes('"port"')) return undefined;
  try {
    const { port } = JSON.parse(line) as { readonly port?: unknown };
    return typeof port === 'number' ? port : undefined;
  } catch {
    return undefined;
  }
}

/** Puts a server under the load of `load-generator.ts`. @returns answered tickets per second */
export async function runLoad(
  root: string,
  { url }: ServerProcess,
  seconds: number,
  length: 'short' | 'whole',
): Promise<number> {
  const generator = [join(__dirname, 'load-generator.js'), url, String(seconds), length];
  return (JSON.parse(await runCommand(process.execPath, generator, root)) as { readonly perSecond: number }).perSecond;
}
