import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RedisServer } from '@smart-support/testing';
import type { Redis } from 'ioredis';
import { Agents } from '../../harness/agents';
import type { CleanUp } from '../../harness/clean-up';
import { freePort } from '../../harness/free-port';
import { Gateway } from '../../harness/gateway';
import { HttpClient } from '../../harness/http-client';
import { WebhookReceiver } from '../../harness/webhook-receiver';
import { WorkerPool } from '../../harness/worker-pool';
import { randomFrom } from '../../../train/random';
import type { Histories } from '../../harness/history/histories';
import { StoreReader } from '../../harness/store-reader';
import type { ChaosOptions } from './options';
import { stormOfTicket } from './traffic/storms';
import { behaviourFor } from './receiver-behaviour';
import { openStore } from '../../harness/store/open-store';
import type { RedisProxy } from '../../harness/store/redis-proxy';
import { CHAOS_ROSTER } from './roster';
import { STORM_ENVIRONMENT } from './storm-settings';
import type { MovingStore } from '../../harness/store/moving-store';

/** Urgency strictly above which an alert is due: the default of the engine. */
export const ALERT_THRESHOLD = 0.8;

/** Longest time that an agent takes for a ticket, in milliseconds. */
const LONGEST_WORK_MS = 700;

/** Everybody who takes part in a run. */
export interface Stage {
  /** The one Redis, and what stands in front of it; `undefined` where Redis is several servers. */
  readonly redis: RedisServer | undefined;
  readonly proxy: RedisProxy | undefined;
  /** Redis as several servers. */
  readonly movingStore: MovingStore | undefined;
  /** Reads every write that led to what the store has now, in their order. */
  readonly readHistory: () => Promise<Histories>;
  /** The tool's own connection to Redis, past the proxy. */
  readonly ownRedis: Redis;
  readonly store: StoreReader;
  readonly receiver: WebhookReceiver;
  readonly gateway: Gateway;
  /** What the gateway writes. */
  readonly gatewayLog: string;
  readonly workerPool: WorkerPool;
  readonly client: HttpClient;
  readonly agents: Agents;
  /** Connections of their own for operators. */
  readonly operatorsClient: HttpClient;
  /** Tickets completed by agents that are no reports of a storm. */
  readonly ordinaryCompleted: () => number;
}

/** How a stage is set up. */
export interface StageSetup {
  readonly options: ChaosOptions;
  /** Absolute path of the workspace. */
  readonly root: string;
  /** Where logs and the roster go. */
  readonly directory: string;
  readonly cleanUp: CleanUp;
  /** Whether Redis is there when the apps start. */
  readonly redisUp: boolean;
  /** Whether the apps reach Redis through the proxy, which takes connections also while Redis is away. */
  readonly throughProxy: boolean;
}

/** Starts everybody, Redis first, and has them ended in the opposite order. */
export async function openStage(setup: StageSetup): Promise<Stage> {
  const { options, root, directory, cleanUp, redisUp } = setup;
  const random = randomFrom((options.seed ^ 0x51ed270b) >>> 0);
  const { redis, proxy, movingStore, ownRedis, url, readHistory } = await openStore(setup);
  const receiver = await WebhookReceiver.start((tries) => behaviourFor(tries, random()));
  cleanUp.defer(() => receiver.close());
  const rosterFile = join(directory, 'roster.json');
  writeFileSync(rosterFile, JSON.stringify({ agents: CHAOS_ROSTER }));
  const environment = {
    ...STORM_ENVIRONMENT,
    HOST: '127.0.0.1',
    REDIS_URL: url,
    REDIS_WAIT_REPLICAS: String(options.waitReplicas),
    LEASE_MS: String(options.leaseMs),
    INFERENCE_THREADS: '1',
    WEBHOOK_URL: receiver.url,
    WEBHOOK_SECRET: receiver.secret,
    AGENTS_FILE: rosterFile,
    LOG_LEVEL: 'debug',
  };
  const port = await freePort();
  const gatewayLog = join(directory, 'gateway.log');
  const workerLog = (index: number): string => join(directory, `worker-${index + 1}.log`);
  // Those of a run before, if the directory was used before.
  for (const old of [gatewayLog, ...Array.from({ length: options.workers }, (_, index) => workerLog(index))])
    rmSync(old, { force: true });
  const gateway = new Gateway(port, {
    script: join(root, 'apps/gateway/dist/main.js'),
    environment: { ...environment, PORT: String(port) },
    logFile: gatewayLog,
  });
  cleanUp.defer(() => gateway.kill());
  const workerPool = new WorkerPool(options.workers, (index) => ({
    script: join(root, 'apps/worker/dist/main.js'),
    environment: { ...environment, WORKER_PORT: '0' },
    logFile: workerLog(index),
  }));
  cleanUp.defer(() => workerPool.killAll());
  await Promise.all([gateway.start(), workerPool.startAll({ wait: redisUp })]);

  const client = new HttpClient(port, options.connections);
  cleanUp.defer(() => client.close());
  const store = new StoreReader(ownRedis);
  let ordinary = 0;
  const agents = new Agents({
    // Connections of their own: agents must not wait for senders.
    client: ownClient(port, cleanUp),
    openTickets: () => store.openTickets(CHAOS_ROSTER.map(({ id }) => id)),
    workMs: () => random() * LONGEST_WORK_MS,
    twiceShare: 0.1,
    correctedShare: 0.1,
    random,
    onCompleted: (id) => {
      if (stormOfTicket(id) === undefined) ordinary += 1;
    },
  });
  cleanUp.defer(() => agents.stop());
  const operatorsClient = ownClient(port, cleanUp);
  const ordinaryCompleted = (): number => ordinary;
  return {
    ...{
      redis,
      proxy,
      movingStore,
      ownRedis,
      readHistory,
      store,
      receiver,
      gateway,
      gatewayLog,
      workerPool,
      client,
      agents,
    },
    ...{ operatorsClient, ordinaryCompleted },
  };
}

function ownClient(port: number, cleanUp: CleanUp): HttpClient {
  const client = new HttpClient(port, 64);
  cleanUp.defer(() => client.close());
  return client;
}
