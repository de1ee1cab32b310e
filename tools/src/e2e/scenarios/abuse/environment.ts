import type { RedisServer } from '@smart-support/testing';
import { startRedisServer } from '@smart-support/testing';
import { type EnvironmentOptions, type Settings, TestEnvironment } from '../../harness/environment';
import { freePort } from '../../harness/free-port';

/** Each has 16 characters or more, as keys must. */
const SECRETS = {
  honest: 'honest-0123456789',
  hostile: 'hostile-0123456789',
  operator: 'operator-0123456789',
} as const;

/** Memory that Redis may use, as an operator of a small machine sets it, in bytes. */
const REDIS_BYTES = 256e6;

/** Heap of a gateway in a container of a small machine, in MiB. */
const HEAP_MIB = 512;

/** What an attack is made on. */
export interface AttackedEnvironment {
  /** Of the gateway, on 127.0.0.1. */
  readonly port: number;
  /** `undefined` without Redis. */
  readonly workerPort: number | undefined;
  readonly redis: RedisServer | undefined;
  readonly environment: TestEnvironment;
  /** Headers of a customer's application, of an attacker with the weakest key, and of an operator; empty where there are no keys. */
  readonly callers: Readonly<Record<keyof typeof SECRETS, Settings>>;
}

/** Where an environment starts. */
export type AttackSetup = Pick<EnvironmentOptions, 'root' | 'directory' | 'cleanUp'>;

const GATEWAY_SETTINGS = { NODE_OPTIONS: `--max-old-space-size=${HEAP_MIB}` };

/** Starts a gateway and a worker with a Redis of 256 MB, and keys. */
export async function startShared(setup: AttackSetup, settings: Settings = {}): Promise<AttackedEnvironment> {
  const redis = await startRedisServer({ args: ['--maxmemory', String(REDIS_BYTES)] });
  setup.cleanUp.defer(() => redis.stop());
  const keys = Object.entries(SECRETS).map(
    ([name, secret]) => `${name}:${name === 'operator' ? 'operator' : 'ingest'}:${secret}`,
  );
  const workerPort = await freePort();
  const environment = await TestEnvironment.start({
    ...setup,
    ...{ redisUrl: redis.url, workers: 1, workerSettings: { WORKER_PORT: String(workerPort) } },
    // The other key is that of a public form.
    settings: { API_KEYS: keys.join(','), STORM_VOUCHED_KEYS: 'honest' },
    gatewaySettings: { ...GATEWAY_SETTINGS, ...settings },
  });
  const key = (secret: string): Settings => ({ authorization: `Bearer ${secret}` });
  const { honest, hostile, operator } = SECRETS;
  const callers = { honest: key(honest), hostile: key(hostile), operator: key(operator) };
  return { environment, port: environment.gateway.port, workerPort, redis, callers };
}

/** Starts the gateway alone, as `npm start` runs it, without keys. */
export async function startEmbedded(setup: AttackSetup, settings: Settings = {}): Promise<AttackedEnvironment> {
  const environment = await TestEnvironment.start({
    ...setup,
    ...{
      settings: { INFERENCE_THREADS: '1' },
      gatewaySettings: { ...GATEWAY_SETTINGS, ...settings },
      filePrefix: 'embedded-',
    },
  });
  const callers = { honest: {}, hostile: {}, operator: {} };
  return { environment, port: environment.gateway.port, workerPort: undefined, redis: undefined, callers };
}
