import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppProcess } from '../e2e/harness/app-process';
import { freePort } from '../e2e/harness/free-port';
import { runCommand } from '../workspace/run-command';

/** A server in a process of its own. */
export interface ServerProcess {
  readonly url: string;
  /** Kills the process and waits for its end. */
  stop(): Promise<void>;
}

/** Environment variables of a server. */
type Environment = Readonly<Record<string, string>>;

/** With this setting the gateway loads no transformer: the baseline answers, so that the engine around the models is measured. */
export const WITHOUT_TRANSFORMERS = { MODEL_FALLBACK: '1' } as const;

/** On a slow machine the model still answers, because it is what is measured. */
const SLOW_MODEL_ALLOWED = { INFERENCE_DEADLINE_MS: '60000', CIRCUIT_BREAKER_LATENCY_MS: '60000' };

/** Milliseconds between two looks for the line of the log: a part of the time to the first answer. */
const LOOK_MS = 2;

const MODE_TIMEOUT_MS = 30_000;
const MODE_POLL_MS = 50;

/**
 * Starts a script that listens on `PORT`, and waits for a message in its log. The script gets this environment only, so that the user's
 * settings do not change the figures.
 * @throws Error when the process ends, or does not log the message within a minute
 */
export async function startServer(
  script: string,
  environment: Environment = {},
  message = 'listening',
): Promise<ServerProcess> {
  const port = String(await freePort());
  const directory = mkdtempSync(join(tmpdir(), 'bench-'));
  const server = AppProcess.start({
    script,
    environment: {
      ...{ PORT: port, WORKER_PORT: port, HOST: '127.0.0.1' },
      // The load repeats texts under one requester, and each must become a ticket.
      ...{ DUPLICATE_SECONDS: '0', RATE_LIMIT_REQUESTER_PER_MINUTE: '0' },
      ...environment,
    },
    logFile: join(directory, 'server.log'),
  });
  const stop = async (): Promise<void> => {
    await server.kill();
    rmSync(directory, { recursive: true });
  };
  try {
    await server.waitForLog(message, LOOK_MS);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `http://127.0.0.1:${port}`, stop };
}

/** Starts the built gateway, and waits until it listens; with a `REDIS_URL` until it puts tickets on the shared queue. */
export async function startGateway(root: string, environment: Environment = {}): Promise<ServerProcess> {
  const script = join(root, 'apps/gateway/dist/main.js');
  const gateway = await startServer(script, { QUEUE_MAX: '10000000', ...environment });
  const deadline = performance.now() + MODE_TIMEOUT_MS;
  while (environment['REDIS_URL'] !== undefined && (await modeOf(gateway)) !== 'async') {
    if (performance.now() < deadline) await sleep(MODE_POLL_MS);
    else {
      await gateway.stop();
      throw new Error('the gateway does not put tickets on the shared queue');
    }
  }
  return gateway;
}

/** Starts the built worker with its real models, and waits until it takes tickets. */
export function startWorker(root: string, redisUrl: string, environment: Environment = {}): Promise<ServerProcess> {
  const settings = { REDIS_URL: redisUrl, ...SLOW_MODEL_ALLOWED, ...environment };
  return startServer(join(root, 'apps/worker/dist/main.js'), settings, 'ready');
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

async function modeOf({ url }: ServerProcess): Promise<unknown> {
  const response = await fetch(`${url}/health`);
  return ((await response.json()) as { readonly mode?: unknown }).mode;
}
