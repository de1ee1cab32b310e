import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import {
  type BrokerFactory,
  type RedisServer,
  describeBrokerConformance,
  startRedisServer,
} from '@smart-support/testing';
import { type RedisBroker, createRedisBroker } from './redis-broker';

/** Resolves once the store takes writes. */
async function contact(broker: RedisBroker): Promise<void> {
  if (broker.availability === 'up') return;
  await new Promise<void>((resolve) => {
    const stop = broker.onAvailability((availability) => {
      if (availability === 'down') return;
      stop();
      resolve();
    });
  });
}

describe.each([
  ['a plain Redis', {}],
  ['a Redis that is one node of a cluster', { clusterEnabled: true }],
])('on %s', (_name, options) => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedisServer(options);
  });
  afterAll(() => server.stop());

  const factory: BrokerFactory = async ({ options: settings, random }) => {
    const where = { url: server.url, prefix: `test-${randomUUID()}`, queueKey: 'tickets' };
    const broker = createRedisBroker(where, settings, { random });
    await contact(broker);
    // Here time is real: the store keeps it, not this process.
    return { broker, advance: (ms) => setTimeout(ms), dispose: async () => void (await server.command('PING')) };
  };

  describeBrokerConformance('the Redis broker', factory, 20);
});
