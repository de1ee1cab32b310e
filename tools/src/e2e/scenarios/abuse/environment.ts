import { join } from 'node:path';
import { type RedisServer, startRedisServer } from '@smart-support/testing';
import { AppProcess } from '../../harness/app-process';
import type { CleanUp } from '../../harness/clean-up';
import { freePort } from '../../harness/free-port';

/** Each has 16 characters or more, as keys must. */
const SECRETS = { honest: 'honest-0123456789', hostile: 'hostile-0123456789', boss: 'boss-0123456789ab' } as const;

/** Memory that Redis may use, as an operator of a small machine sets it. */
const REDIS_BYTES = 256e6;

/** The heap of a gateway in a container of a small machine, in MiB. */
const HEAP_MIB = 512;

/** Real processes that a scene is played against. */
export interface Stage {
  /** Of the gateway, on 127.0.0.1. */
  readonly port: number;
  /** `undefined` without Redis. */
  readonly workerPort: number | undefined;
  readonly redis: RedisServer | undefined;
  readonly gatewayLog: string;
  /** Whether the gateway still runs. */
  readonly isUp: () => boolean;
  /** Headers of a customer's application, of somebody with the weakest key, and of an operator; empty where there are no keys. */
  readonly callers: Readonly<Record<keyof typeof SECRETS, Readonly<Record<string, string>>>>;
}

/** How a stage is set up. */
export interface StageSetup {
  /** Absolute path of the workspace. */
  readonly root: string;
  /** Where logs go. */
  readonly directory: string;
  readonly cleanUp: CleanUp;
}

/** A gateway and a worker with a Redis of 256 MB, and keys. */
export async function openShared(
  { root, directory, cleanUp }: StageSetup,
  settings: Readonly<Record<string, string>> = {},
): Promise<Stage> {
  const redis = await startRedisServer({ args: ['--maxmemory', String(REDIS_BYTES)] });
  cleanUp.defer(() => redis.stop());
  const keys = [
    `honest:ingest:${SECRETS.honest}`,
    `hostile:ingest:${SECRETS.hostile}`,
    `boss:operator:${SECRETS.boss}`,
  ];
  const environment = {
    REDIS_URL: redis.url,
    API_KEYS: keys.join(','),
    // The other key is that of a public form.
    STORM_VOUCHED_KEYS: 'honest',
    INFERENCE_THREADS: '1',
  };
  const workerPort = await freePort();
  const worker = AppProcess.start({
    script: join(root, 'apps/worker/dist/main.js'),
    environment: { ...environment, WORKER_PORT: String(workerPort) },
    logFile: join(directory, 'worker.log'),
  });
  cleanUp.defer(() => worker.kill());
  await worker.waitForLog('ready');
  const key = (secret: string) => ({ authorization: `Bearer ${secret}` });
  const gateway = await openGateway({ root, directory, cleanUp }, 'gateway', { ...environment, ...settings });
  const callers = { honest: key(SECRETS.honest), hostile: key(SECRETS.hostile), boss: key(SECRETS.boss) };
  return { ...gateway, workerPort, redis, callers };
}

/** The gateway alone, as `npm start` runs it, without keys. */
export async function openEmbedded(setup: StageSetup, settings: Readonly<Record<string, string>> = {}): Promise<Stage> {
  const gateway = await openGateway(setup, 'embedded', { INFERENCE_THREADS: '1', ...settings });
  return { ...gateway, workerPort: undefined, redis: undefined, callers: { honest: {}, hostile: {}, boss: {} } };
}

async function openGateway(
  { root, directory, cleanUp }: StageSetup,
  name: string,
  environment: Readonly<Record<string, string>>,
): Promise<Pick<Stage, 'port' | 'gatewayLog' | 'isUp'>> {
  const port = await freePort();
  const gatewayLog = join(directory, `${name}.log`);
  const gateway = AppProcess.start({
    script: join(root, 'apps/gateway/dist/main.js'),
    environment: { ...environment, PORT: String(port), NODE_OPTIONS: `--max-old-space-size=${HEAP_MIB}` },
    logFile: gatewayLog,
  });
  cleanUp.defer(() => gateway.kill());
  await gateway.waitForLog('listening');
  return { port, gatewayLog, isUp: () => gateway.isRunning };
}
