import { setTimeout as sleep } from 'node:timers/promises';
import { type Availability, type RedisProblem } from '@smart-support/contracts';
import {
  type MovingAddress,
  type RedisServer,
  type RedisServerOptions,
  aNewTicket,
  startMovingAddress,
  startRedisServer,
  eventually,
} from '@smart-support/testing';
import { type RedisBroker, createRedisBroker } from './redis-broker';
import { claimIds } from './spec-support/brokers';

let closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.reverse()) await close();
  closers = [];
});

async function aServer(options: RedisServerOptions = {}): Promise<RedisServer> {
  const server = await startRedisServer(options);
  closers.push(() => server.stop());
  return server;
}

interface Behind {
  readonly address: MovingAddress;
  readonly broker: RedisBroker;
  readonly availabilities: Availability[];
  readonly problems: RedisProblem[];
}

/** A broker in contact with a server behind an address that can move. */
async function behind(server: RedisServer): Promise<Behind> {
  const address = await startMovingAddress(server.port);
  closers.push(() => address.stop());
  const problems: RedisProblem[] = [];
  const where = { url: address.url, prefix: 'failover', queueKey: 'tickets' };
  const broker = createRedisBroker(where, {}, { onConnectionError: (_error, problem) => void problems.push(problem) });
  closers.push(() => broker.close());
  const availabilities: Availability[] = [];
  broker.onAvailability((availability) => void availabilities.push(availability));
  await eventually('first contact', () => broker.availability === 'up');
  return { address, broker, availabilities, problems };
}

const follows = async (replica: RedisServer, master: RedisServer): Promise<void> => {
  await replica.command('REPLICAOF', '127.0.0.1', master.port);
  await eventually('the replica is in step', async () =>
    String(await replica.command('INFO', 'replication')).includes('master_link_status:up'),
  );
};

/** Waits until a broker writes to a server that had nothing from it before. */
async function hasContact(broker: RedisBroker, next: RedisServer): Promise<void> {
  await eventually(
    'the new server has the probe',
    async () => (await next.command('EXISTS', '{failover}:probe')) === 1,
  );
  await eventually('the store is there', () => broker.availability === 'up');
}

/** Ways in which the server behind an address stops accepting writes and keeps its connections. */
const WAYS: Record<string, { readonly options?: RedisServerOptions; begin(old: RedisServer): Promise<unknown> }> = {
  readonly: { begin: (old) => old.command('REPLICAOF', '127.0.0.1', 1) },
  masterdown: {
    begin: async (old) => {
      await old.command('CONFIG', 'SET', 'replica-serve-stale-data', 'no');
      await old.command('CONFIG', 'SET', 'replica-read-only', 'no');
      await old.command('REPLICAOF', '127.0.0.1', 1);
    },
  },
  noreplicas: { begin: (old) => old.command('CONFIG', 'SET', 'min-replicas-to-write', 1) },
  clusterdown: { options: { clusterEnabled: true }, begin: (old) => old.command('CLUSTER', 'DELSLOTSRANGE', 0, 16383) },
  loading: {
    // So slow that it loads until the test ends.
    options: { args: ['--enable-debug-command', 'yes', '--key-load-delay', '20000', '--rdbcompression', 'no'] },
    begin: async (old) => {
      await old.command('DEBUG', 'POPULATE', 5_000, 'filler', 2_000);
      await old.command('CONFIG', 'SET', 'loading-process-events-interval-bytes', 1_024);
      old.command('DEBUG', 'RELOAD').catch(() => undefined);
    },
  },
};

describe('an address that leads to another server by now', () => {
  it.each(Object.keys(WAYS))('is connected to again when the server of old connections answers %s', async (problem) => {
    const { options = {}, begin } = WAYS[problem]!;
    const [old, next] = [await aServer(options), await aServer()];
    const { address, broker, availabilities, problems } = await behind(old);
    address.leadTo(next.port);
    await begin(old);
    await hasContact(broker, next);
    await broker.queue.accept([aNewTicket({ id: 'a' })]);
    expect(await next.command('LLEN', '{failover}:tickets:normal')).toBe(1);
    expect(await claimIds(broker)).toEqual(['a']);
    expect(problems).toContain(problem);
    expect([availabilities, broker.problem]).toEqual([['up', 'down', 'up'], null]);
  });

  /** Waits for work like a worker does, repeatedly, until a client sleeps on a server. */
  const waitForSleeper = (broker: RedisBroker, server: RedisServer): Promise<boolean> =>
    eventually('a client sleeps on the server', async () => {
      broker.queue.waitForWork(500).catch(() => undefined);
      return String(await server.command('CLIENT', 'LIST')).includes('cmd=blpop');
    });

  it('lets a worker sleep on the new server, after the old one has ended its sleep (UNBLOCKED)', async () => {
    const [old, next] = [await aServer(), await aServer()];
    const { address, broker } = await behind(old);
    await waitForSleeper(broker, old);
    address.leadTo(next.port);
    await old.command('REPLICAOF', '127.0.0.1', 1);
    await waitForSleeper(broker, next);
    await hasContact(broker, next);
    await broker.queue.accept([aNewTicket({ id: 'a' })]);
    expect(await claimIds(broker)).toEqual(['a']);
  });

  it('leads the sleeping connection away from a demoted server even if the other one has moved already', async () => {
    const [old, next] = [await aServer(), await aServer()];
    const { address, broker, availabilities } = await behind(old);
    await waitForSleeper(broker, old);
    address.leadTo(next.port);
    for (const line of String(await old.command('CLIENT', 'LIST'))
      .trim()
      .split('\n')) {
      const id = /^id=(?<id>\d+)/.exec(line)?.groups?.['id'] ?? '';
      if (!/cmd=(?:blpop|client)/.test(line)) await old.command('CLIENT', 'KILL', 'ID', id);
    }
    await eventually('the store is there', () => availabilities.length === 3 && broker.availability === 'up');
    // The server itself closes one that blocks.
    await eventually('no client is blocked', async () =>
      String(await old.command('INFO', 'clients')).includes('blocked_clients:0'),
    );
    await old.command('REPLICAOF', '127.0.0.1', 1);
    await waitForSleeper(broker, next);
    expect(availabilities).toEqual(['up', 'down', 'up']);
  });

  it('of a server that is loading from the start is away with that reason, and found elsewhere', async () => {
    const { options = {}, begin } = WAYS['loading']!;
    const [old, next] = [await aServer(options), await aServer()];
    await begin(old);
    const address = await startMovingAddress(old.port);
    closers.push(() => address.stop());
    const broker = createRedisBroker({ url: address.url, prefix: 'failover', queueKey: 'tickets' });
    closers.push(() => broker.close());
    await eventually('the reason is known', () => broker.problem === 'loading');
    address.leadTo(next.port);
    await eventually('the store is there', () => broker.availability === 'up');
  });

  it('that still leads to the demoted server does not get many connections', async () => {
    const old = await aServer();
    const { address, broker } = await behind(old);
    const before = address.connections;
    await old.command('REPLICAOF', '127.0.0.1', 1);
    await eventually('the store is away', () => broker.availability === 'down');
    await sleep(2_500);
    // Two at once, after one second, and after two more.
    expect(address.connections - before).toBeGreaterThan(1);
    expect(address.connections - before).toBeLessThanOrEqual(6);
    await old.command('REPLICAOF', 'NO', 'ONE');
    await eventually('the store is there', () => broker.availability === 'up');
  });

  it('keeps what was accepted before, and every accepted ticket is there once', async () => {
    const [old, next] = [await aServer(), await aServer()];
    await follows(next, old);
    const { address, broker } = await behind(old);
    const accepted: string[] = [];
    const offer = async (id: string): Promise<void> => {
      const [result] = await broker.queue.accept([aNewTicket({ id })]).catch(() => []);
      if (result) accepted.push(id);
    };
    for (let n = 0; n < 20; n += 1) await offer(`before-${n}`);
    await eventually(
      'the replica has all',
      async () => (await next.command('LLEN', '{failover}:tickets:normal')) === 20,
    );
    await next.command('REPLICAOF', 'NO', 'ONE');
    address.leadTo(next.port);
    await old.command('REPLICAOF', '127.0.0.1', next.port);
    await Promise.all(Array.from({ length: 20 }, (_, n) => offer(`while-${n}`)));
    await eventually('the store is there', () => broker.availability === 'up');
    for (let n = 0; n < 20; n += 1) await offer(`after-${n}`);
    expect(accepted.filter((id) => id.startsWith('after'))).toHaveLength(20);
    expect((await claimIds(broker, 100)).sort()).toEqual([...accepted].sort());
  });
});
