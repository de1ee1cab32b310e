import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ServerProcess, startServer } from '../server-process';

type Environment = Readonly<Record<string, string>>;

const START_TIMEOUT_MS = 30_000;
const POLL_MS = 50;

/** On a slow machine the model still answers, for it is what is measured. */
const SLOW_MODEL_ALLOWED = { INFERENCE_DEADLINE_MS: '60000', CIRCUIT_BREAKER_LATENCY_MS: '60000' };

/** Starts the built gateway with a Redis, and waits until it puts tickets on the shared queue. It needs no model. */
export async function startGateway(root: string, redis: string, environment: Environment = {}): Promise<ServerProcess> {
  const gateway = await startServer(join(root, 'apps/gateway/dist/main.js'), {
    REDIS_URL: redis,
    QUEUE_MAX: '10000000',
    ...environment,
  });
  const deadline = performance.now() + START_TIMEOUT_MS;
  while ((await modeOf(gateway)) !== 'async') {
    if (performance.now() < deadline) await sleep(POLL_MS);
    else {
      await gateway.stop();
      throw new Error('the gateway does not put tickets on the shared queue');
    }
  }
  return gateway;
}

/** Starts the built worker with its real models, and waits until it takes tickets. */
export async function startWorker(root: string, redis: string, environment: Environment = {}): Promise<ServerProcess> {
  let onReady: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => (onReady = resolve));
  const worker = await startServer(
    join(root, 'apps/worker/dist/main.js'),
    { REDIS_URL: redis, WORKER_PORT: '0', ...SLOW_MODEL_ALLOWED, ...environment },
    (line) => {
      if (line.includes('"msg":"ready"')) onReady();
    },
  );
  const inTime = await Promise.race([ready.then(() => true), sleep(START_TIMEOUT_MS, false, { ref: false })]);
  if (inTime) return worker;
  await worker.stop();
  throw new Error('the worker takes no tickets');
}

async function modeOf({ url }: ServerProcess): Promise<unknown> {
  const response = await fetch(`${url}/health`);
  return ((await response.json()) as { readonly mode?: unknown }).mode;
}
