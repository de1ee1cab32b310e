import { randomUUID } from 'node:crypto';
import { type RedisServer, startRedisServer, eventually } from '@smart-support/testing';
import type { RedisBroker } from './redis-broker';
import { openBroker } from './spec-support/brokers';

const MINUTE = 60_000;

let server: RedisServer;
let prefix: string;
let broker: RedisBroker;
beforeAll(async () => {
  server = await startRedisServer();
});
beforeEach(async () => {
  prefix = `test-${randomUUID()}`;
  broker = await openBroker(server, prefix);
});
afterEach(() => broker.close());
afterAll(() => server?.stop());

const keyOf = (name: string): string => `{${prefix}}:rate:${name}`;

describe('a counter that processes share', () => {
  it('has the sum of the points of all processes, in the window that the first of them opened', async () => {
    const other = await openBroker(server, prefix);
    try {
      expect((await broker.count('a', 3, MINUTE)).total).toBe(3);
      const { total, endsInMs } = await other.count('a', 4, 10 * MINUTE);
      expect(total).toBe(7);
      expect(endsInMs).toBeLessThanOrEqual(MINUTE);
      expect(endsInMs).toBeGreaterThan(0);
      expect((await other.count('b', 1, MINUTE)).total).toBe(1);
    } finally {
      await other.close();
    }
  });

  it('starts again when its window has ended', async () => {
    await broker.count('a', 3, 1);
    await eventually('the window has ended', async () => (await server.command('EXISTS', keyOf('a'))) === 0);
    expect((await broker.count('a', 1, MINUTE)).total).toBe(1);
  });

  it('ends also if its time to live was removed', async () => {
    await broker.count('a', 3, MINUTE);
    await server.command('PERSIST', keyOf('a'));
    expect(await broker.count('a', 1, 1000)).toEqual({ total: 4, endsInMs: 1000 });
    expect(Number(await server.command('PTTL', keyOf('a')))).toBeGreaterThan(0);
  });

  it('works where Redis is full', async () => {
    await server.command('CONFIG', 'SET', 'maxmemory', 1);
    try {
      await expect(server.command('SET', 'others', 'x')).rejects.toThrow('OOM');
      expect((await broker.count('a', 1, MINUTE)).total).toBe(1);
    } finally {
      await server.command('CONFIG', 'SET', 'maxmemory', 0);
    }
  });

  it('that has another type, or that the user may not read, is refused, and Redis stays available', async () => {
    await server.command('RPUSH', keyOf('a'), 'not ours');
    await expect(broker.count('a', 1, MINUTE)).rejects.toThrow();
    await server.command('ACL', 'SETUSER', 'default', '-pttl');
    try {
      await expect(broker.count('b', 1, MINUTE)).rejects.toThrow();
    } finally {
      await server.command('ACL', 'SETUSER', 'default', '+pttl');
    }
    expect(broker.availability).toBe('up');
    expect((await broker.queue.report()).dead).toBe(0);
  });

  it('is refused at once while Redis is away', async () => {
    await broker.close();
    await expect(broker.count('a', 1, MINUTE)).rejects.toMatchObject({ code: 'unavailable' });
  });
});
