import { startRedisServer } from '@smart-support/testing';
import { Redis } from 'ioredis';
import { WHOLE_HISTORY, readHistory } from '../history/append-only-file';
import { Histories } from '../history/histories';
import { RedisProxy } from './redis-proxy';
import type { Stage, StageSetup } from '../../scenarios/chaos/environment';
import { MovingStore } from './moving-store';

/** The store of a run: what a {@link Stage} has of it, and its address for the apps. */
type OpenedStore = Pick<Stage, 'redis' | 'proxy' | 'movingStore' | 'ownRedis' | 'readHistory'> & {
  readonly url: string;
};

/** Starts Redis as the options want it, and has it ended. */
export async function openStore(setup: StageSetup): Promise<OpenedStore> {
  const { topology } = setup.options;
  return topology === 'single' ? openSingle(setup) : openMoving(topology, setup);
}

async function openSingle({ cleanUp, throughProxy, redisUp }: StageSetup): Promise<OpenedStore> {
  const redis = await startRedisServer({ appendOnly: true, args: [...WHOLE_HISTORY] });
  cleanUp.defer(() => redis.stop());
  const ownRedis = new Redis(redis.url, { maxRetriesPerRequest: 0, retryStrategy: () => 100 });
  ownRedis.on('error', () => undefined);
  cleanUp.defer(() => ownRedis.disconnect());
  const proxy = await RedisProxy.start(redis.port);
  cleanUp.defer(() => proxy.close());
  if (!redisUp) await redis.kill('SIGTERM');
  return {
    ...{ redis, proxy, ownRedis, movingStore: undefined, url: throughProxy ? proxy.url : redis.url },
    readHistory: async () => {
      const histories = new Histories();
      const file = await readHistory(redis.directory, (command) => histories.read(command));
      histories.numbers = {
        'connections cut in mid-reply': proxy.cutCount,
        'writes in the append-only file': file.commands,
        'bytes of the append-only file': file.bytes,
      };
      return histories;
    },
  };
}

async function openMoving(topology: 'sentinel' | 'cluster', { cleanUp }: StageSetup): Promise<OpenedStore> {
  const histories = new Histories();
  const movingStore = await MovingStore.start(topology, (command) => histories.read(command));
  cleanUp.defer(() => movingStore.stop());
  return {
    ...{ redis: undefined, proxy: undefined, movingStore, ownRedis: movingStore.own, url: movingStore.url },
    readHistory: async () => {
      await movingStore.conclude();
      const { commands, lost } = movingStore.history;
      histories.numbers = { 'writes to hashes and streams that survived': commands, 'lost at failovers': lost };
      return histories;
    },
  };
}
