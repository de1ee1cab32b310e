import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ServerProcess, startServer } from '../server-process';

type Environment = Readonly<Record<string, string>>;

/** Whoever is not at work after this time never will be. */
const START_MS = 30_000;
const LOOK_MS = 50;

/** No queue of a bench is longer. */
const ROOM = { QUEUE_MAX: '10000000' };

/** A slow minute of the machine is no reason to do without the model that is measured. */
const PATIENT = { INFERENCE_DEADLINE_MS: '60000', CIRCUIT_BREAKER_LATENCY_MS: '60000' };

/** The built gateway in front of a Redis, once it takes tickets for the shared queue. It needs no model. */
export async function startGateway(root: string, redis: string, environment: Environment = {}): Promise<ServerProcess> {
  const gateway = await startServer(join(root, 'apps/gateway/dist/main.js'), {
    REDIS_URL: redis,
    ...ROOM,
    ...environment,
  });
  const deadline = performance.now() + START_MS;
  while ((await modeOf(gateway)) !== 'async') {
    if (performance.now() < deadline) await sleep(LOOK_MS);
    else {
      await gateway.stop();
      throw new Error('the gateway does not take tickets for the shared queue');
    }
  }
  return gateway;
}

/** The built worker with its real models, once it takes tickets. */
export async function startWorker(root: string, redis: string, environment: Environment = {}): Promise<ServerProcess> {
  let onReady: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => (onReady = resolve));
  const worker = await startServer(
    join(root, 'apps/worker/dist/main.js'),
    { REDIS_URL: redis, WORKER_PORT: '0', ...PATIENT, ...environment },
    (line) => {
      if (line.includes('"msg":"ready"')) onReady();
    },
  );
  const inTime = await Promise.race([ready.then(() => true), sleep(START_MS, false, { ref: false })]);
  if (inTime) return worker;
  await worker.stop();
  throw new Error('the worker takes no tickets');
}

async function modeOf({ url }: ServerProcess): Promise<unknown> {
  const response = await fetch(`${url}/health`);
  return ((await response.json()) as { readonly mode?: unknown }).mode;
}
