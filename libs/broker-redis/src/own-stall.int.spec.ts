import type { Availability } from '@smart-support/contracts';
import { type RedisServer, aNewTicket, eventually, startRedisServer } from '@smart-support/testing';
import type { RedisBroker } from './redis-broker';
import { openBroker } from './spec-support/brokers';

/** Blocks the event loop for three times as long as a command may take. */
function stallTheLoop(): void {
  const end = performance.now() + 3_000;
  while (performance.now() < end);
}

describe('a process whose own event loop stalls while commands are in flight', () => {
  let server: RedisServer;
  let broker: RedisBroker;
  let availabilities: Availability[];

  beforeEach(async () => {
    server = await startRedisServer();
    broker = await openBroker(server, 'stall');
    availabilities = [];
    broker.onAvailability((availability) => void availabilities.push(availability));
  }, 30_000);
  afterEach(async () => {
    server.resume();
    await broker.close();
    await server.stop();
  });

  it('does not treat its own stall as one of the store', async () => {
    const underWay = Array.from({ length: 20 }, (_, n) => broker.queue.accept([aNewTicket({ id: `t${n}` })]));
    stallTheLoop();
    await Promise.allSettled(underWay);
    // Each was sent before the stall, and the store is asked again at once.
    await eventually('the store has answered since', async () => (await broker.queue.report()).lanes.normal === 20);
    expect([broker.availability, availabilities]).toEqual(['up', []]);
  });

  it('still detects a store that does not answer', async () => {
    server.pause();
    const underWay = broker.queue.report();
    stallTheLoop();
    await underWay.catch(() => undefined);
    await eventually('the store is away', () => broker.availability === 'down');
    server.resume();
    await eventually('the store is back', () => broker.availability === 'up');
    expect(availabilities).toEqual(['down', 'up']);
  });
});
