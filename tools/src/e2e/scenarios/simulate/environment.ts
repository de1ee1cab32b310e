import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RedisServer, startRedisServer } from '@smart-support/testing';
import { Redis } from 'ioredis';
import { Agents } from '../../harness/agents';
import type { CleanUp } from '../../harness/clean-up';
import { freePort } from '../../harness/free-port';
import { Gateway } from '../../harness/gateway';
import { HttpClient } from '../../harness/http-client';
import { WebhookReceiver } from '../../harness/webhook-receiver';
import { WorkerPool } from '../../harness/worker-pool';
import { WHOLE_HISTORY } from '../../harness/history/append-only-file';
import { StoreReader } from '../../harness/store-reader';
import { randomFrom } from '../../../train/random';
import { ROSTER, WORK_MS } from './roster';
import { CHANGED_ENVIRONMENT } from './settings';

/** Workers that there are at any time, but for the moments after a kill. */
const WORKERS = 2;
/** Share of the webhooks of which the first try is refused: receivers are like that. */
const REFUSED_SHARE = 0.05;

/** Everybody who takes part. */
export interface Stage {
  readonly redis: RedisServer;
  readonly store: StoreReader;
  readonly gateway: Gateway;
  readonly workerPool: WorkerPool;
  readonly receiver: WebhookReceiver;
  readonly agents: Agents;
  /** Customers. */
  readonly customers: HttpClient;
  /** Operators and whoever watches. */
  readonly operators: HttpClient;
  /** What each process writes, the gateway's first. */
  readonly logs: readonly string[];
  /** Written to rehearse faults. */
  readonly faultsFile: string;
}

/** How a stage is set up. */
export interface StageSetup {
  readonly seed: number;
  /** Absolute path of the workspace. */
  readonly root: string;
  /** Absolute path of where logs, roster and faults go. */
  readonly directory: string;
  readonly cleanUp: CleanUp;
}

/** Starts everybody, Redis first, and has them ended in the opposite order. */
export async function openStage({ seed, root, directory, cleanUp }: StageSetup): Promise<Stage> {
  // Not the sequence that the day is planned from.
  const random = randomFrom((seed ^ 0x51ed270b) >>> 0);
  const redis = await startRedisServer({ appendOnly: true, args: [...WHOLE_HISTORY] });
  cleanUp.defer(() => redis.stop());
  const ownRedis = new Redis(redis.url, { maxRetriesPerRequest: 0, retryStrategy: () => 100 });
  ownRedis.on('error', () => undefined);
  cleanUp.defer(() => ownRedis.disconnect());
  const receiver = await WebhookReceiver.start((tries) =>
    tries === 0 && random() < REFUSED_SHARE ? 'error' : 'friendly',
  );
  cleanUp.defer(() => receiver.close());

  const file = (name: string): string => join(directory, name);
  const logs = [file('gateway.log'), ...Array.from({ length: WORKERS }, (_, index) => file(`worker-${index + 1}.log`))];
  // Those of a run before.
  for (const old of [...logs, file('faults.json')]) rmSync(old, { force: true });
  writeFileSync(file('roster.json'), JSON.stringify({ agents: ROSTER }));
  const environment = {
    ...CHANGED_ENVIRONMENT,
    HOST: '127.0.0.1',
    REDIS_URL: redis.url,
    WEBHOOK_URL: receiver.url,
    WEBHOOK_SECRET: receiver.secret,
    AGENTS_FILE: file('roster.json'),
    ALLOW_FAULT_INJECTION: '1',
    FAULT_INJECTION_FILE: file('faults.json'),
    // Every change of a ticket's status: what the report is drawn from.
    LOG_LEVEL: 'debug',
  };
  const port = await freePort();
  const gateway = new Gateway(port, {
    script: join(root, 'apps/gateway/dist/main.js'),
    environment: { ...environment, PORT: String(port) },
    logFile: file('gateway.log'),
  });
  cleanUp.defer(() => gateway.kill());
  const workerPool = new WorkerPool(WORKERS, (index) => ({
    script: join(root, 'apps/worker/dist/main.js'),
    environment: { ...environment, WORKER_PORT: '0' },
    logFile: file(`worker-${index + 1}.log`),
  }));
  cleanUp.defer(() => workerPool.killAll());
  await Promise.all([gateway.start(), workerPool.startAll({ wait: true })]);

  // Connections of their own each: nobody waits for others.
  const [customers, operators, desks] = [64, 16, 64].map((connections) => {
    const client = new HttpClient(port, connections);
    cleanUp.defer(() => client.close());
    return client;
  }) as [HttpClient, HttpClient, HttpClient];
  const store = new StoreReader(ownRedis);
  const agents = new Agents({
    client: desks,
    openTickets: () => store.openTickets(ROSTER.map(({ id }) => id)),
    workMs: () => WORK_MS.shortest + random() * (WORK_MS.longest - WORK_MS.shortest),
    twiceShare: 0,
    correctedShare: 0.1,
    random,
  });
  cleanUp.defer(() => agents.stop());
  agents.start();
  return {
    redis,
    store,
    gateway,
    workerPool,
    receiver,
    agents,
    customers,
    operators,
    logs,
    faultsFile: file('faults.json'),
  };
}
