import type { Availability } from '@smart-support/contracts';
import { type RedisServer, aNewTicket, eventually, startRedisServer } from '@smart-support/testing';
import type { RedisBroker } from './redis-broker';
import { openBroker } from './spec-support/brokers';

/** Does nothing else for three times as long as a command may take. */
function stallTheLoop(): void {
  const end = performance.now() + 3_000;
  while (performance.now() < end);
}

describe('a process whose own event loop stalls while commands are under way', () => {
  let server: RedisServer;
  let broker: RedisBroker;
  let told: Availability[];

  beforeEach(async () => {
    server = await startRedisServer();
    broker = await openBroker(server, 'stall');
    told = [];
    broker.onAvailability((availability) => void told.push(availability));
  }, 30_000);
  afterEach(async () => {
    server.resume();
    await broker.close();
    await server.stop();
  });

  it('does not take its own silence for the store’s', async () => {
    const underWay = Array.from({ length: 20 }, (_, n) => broker.queue.accept([aNewTicket({ id: `t${n}` })]));
    stallTheLoop();
    await Promise.allSettled(underWay);
    // Each was sent before the stall, and the store is asked again at once.
    await eventually('the store has answered since', async () => (await broker.queue.report()).lanes.normal === 20);
    expect([broker.availability, told]).toEqual(['up', []]);
  });

  it('finds a store that is silent, too, to be away all the same', async () => {
    server.pause();
    const underWay = broker.queue.report();
    stallTheLoop();
    await underWay.catch(() => undefined);
    await eventually('the store is away', () => broker.availability === 'down');
    server.resume();
    await eventually('the store is back', () => broker.availability === 'up');
    expect(told).toEqual(['down', 'up']);
  });
});
