import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A server that runs as a process of its own. */
export interface ServerProcess {
  readonly url: string;
  /** Ends the process and waits until it is gone. */
  stop(): Promise<void>;
}

/** Setting with which the gateway loads no transformer: the baseline answers, and the engine around the models is what is measured. */
export const WITHOUT_TRANSFORMERS = { MODEL_FALLBACK: '1' } as const;

/** A server still unfinished after this time is ended the hard way. */
const STOP_MS = 15_000;

/**
 * Starts a script that listens on a free port and says which in a line of JSON with a `port`, as the gateway does.
 * It gets no environment but what is given, so that the user's settings do not change the figures.
 * @param onLine - told of every line that the server writes
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
      // The load sends the same texts in one requester's name again and again, and each is to be a ticket.
      DUPLICATE_SECONDS: '0',
      RATE_LIMIT_REQUESTER_PER_MINUTE: '0',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async (): Promise<void> => {
    const hardWay = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    child.kill('SIGTERM');
    await ended;
    clearTimeout(hardWay);
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

/** The port that a log line announces, if it does. */
export function portOf(line: string): number | undefined {
  if (!line.includes('"port"')) return undefined;
  try {
    const { port } = JSON.parse(line) as { readonly port?: unknown };
    return typeof port === 'number' ? port : undefined;
  } catch {
    return undefined;
  }
}
