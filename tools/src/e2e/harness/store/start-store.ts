import { type RedisServer, startRedisServer } from '@smart-support/testing';
import { Redis } from 'ioredis';
import type { CleanUp } from '../clean-up';
import { WHOLE_HISTORY, readAppendOnlyFile } from '../history/append-only-file';
import { type DomainHistory, WriteHistory } from '../history/write-history';
import { DEFAULT_PREFIX } from '../store-reader';
import { MovingStore } from './moving-store';
import { RedisProxy } from './redis-proxy';

/** One Redis whose append-only file keeps every write, and the tool's own connection to it. */
export interface SingleStore {
  readonly redis: RedisServer;
  readonly ownRedis: Redis;
}

/** Starts one Redis. @param args - further arguments of redis-server */
export async function startSingleStore(cleanUp: CleanUp, args: readonly string[] = []): Promise<SingleStore> {
  const redis = await startRedisServer({ appendOnly: true, args: [...WHOLE_HISTORY, ...args] });
  cleanUp.defer(() => redis.stop());
  const ownRedis = new Redis(redis.url, { maxRetriesPerRequest: 0, retryStrategy: () => 100 });
  ownRedis.on('error', () => undefined);
  cleanUp.defer(() => ownRedis.disconnect());
  return { redis, ownRedis };
}

/** Everything that was written to one Redis. */
export async function readWriteHistory({ directory }: RedisServer): Promise<WriteHistory> {
  const history = new WriteHistory();
  await readAppendOnlyFile(directory, (command) => history.read(command));
  return history;
}

/** Redis in one of the topologies. */
export interface Store {
  /** The only server and the proxy in front of it; `undefined` where Redis is several servers. */
  readonly redis: RedisServer | undefined;
  readonly proxy: RedisProxy | undefined;
  /** Redis as several servers. */
  readonly movingStore: MovingStore | undefined;
  /** The tool's own connection to the data, past the proxy. */
  readonly ownRedis: Redis;
  /** As `REDIS_URL` takes it. */
  readonly url: string;
  /** Reads every write that led to the present data, in order, and figures about these writes. */
  readonly readHistory: () => Promise<{ history: DomainHistory; numbers: Readonly<Record<string, number>> }>;
}

/** How a {@link Store} starts. */
export interface StoreOptions {
  readonly topology: 'single' | 'sentinel' | 'cluster';
  /** Whether the only server runs when the apps start. */
  readonly redisUp: boolean;
  /** Whether the apps reach the only server through the proxy, which accepts connections while the server is down. */
  readonly throughProxy: boolean;
  readonly cleanUp: CleanUp;
}

/** Starts Redis in a topology. */
export async function startStore({ topology, redisUp, throughProxy, cleanUp }: StoreOptions): Promise<Store> {
  if (topology !== 'single') return startMovingStore(topology, cleanUp);
  const { redis, ownRedis } = await startSingleStore(cleanUp);
  const proxy = await RedisProxy.start(redis.port);
  cleanUp.defer(() => proxy.close());
  if (!redisUp) await redis.kill('SIGTERM');
  return {
    ...{ redis, proxy, ownRedis, movingStore: undefined, url: throughProxy ? proxy.url : redis.url },
    readHistory: async () => {
      const history = new WriteHistory();
      const { commands, bytes } = await readAppendOnlyFile(redis.directory, (command) => history.read(command));
      return {
        history: history.domain(DEFAULT_PREFIX),
        numbers: {
          'connections cut in mid-reply': proxy.cutCount,
          'writes in the append-only file': commands,
          'bytes of the append-only file': bytes,
        },
      };
    },
  };
}

async function startMovingStore(topology: 'sentinel' | 'cluster', cleanUp: CleanUp): Promise<Store> {
  const history = new WriteHistory();
  const movingStore = await MovingStore.start(topology, (command) => history.read(command));
  cleanUp.defer(() => movingStore.stop());
  return {
    ...{ redis: undefined, proxy: undefined, movingStore, ownRedis: movingStore.own, url: movingStore.url },
    readHistory: async () => {
      await movingStore.conclude();
      const { commands, lost } = movingStore.history;
      return {
        history: history.domain(DEFAULT_PREFIX),
        numbers: { 'writes to hashes and streams that survived': commands, 'lost at failovers': lost },
      };
    },
  };
}
