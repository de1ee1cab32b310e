import { setTimeout as sleep } from 'node:timers/promises';
import { type Availability, type TimerClock } from '@smart-support/contracts';
import { type RedisServer, VirtualClock, aNewTicket, startRedisServer } from '@smart-support/testing';
import { type RedisBroker, createRedisBroker } from './redis-broker';
import { until } from './spec-support/domain';

let server: RedisServer;
let broker: RedisBroker;
beforeEach(async () => {
  server = await startRedisServer();
});
afterEach(async () => {
  await broker.close();
  await server.stop();
});

interface Opened {
  readonly told: Availability[];
  /** What was told of `maxmemory-policy`. */
  readonly policies: (string | null)[];
}

async function open(user = '', clock?: TimerClock): Promise<Opened> {
  const [told, policies]: [Availability[], (string | null)[]] = [[], []];
  const where = { url: `redis://${user}127.0.0.1:${server.port}`, prefix: 'full', queueKey: 'tickets' };
  const onMaxmemoryPolicy = (policy: string | null) => void policies.push(policy);
  broker = createRedisBroker(where, {}, { onMaxmemoryPolicy, ...(clock && { clock }) });
  broker.onAvailability((availability) => void told.push(availability));
  await broker.firstContact(20_000);
  return { told, policies };
}

/** Leaves space for small writes only. */
async function fillNearly(): Promise<void> {
  const used = /used_memory:(\d+)/.exec(String(await server.command('INFO', 'memory')))?.[1];
  await server.command('CONFIG', 'SET', 'maxmemory', Number(used) + 200_000);
}

const TEXT = 'x'.repeat(60_000);
let offers = 0;
/** What a gateway sends when many long tickets arrive together. */
const offerMuch = () => {
  offers += 1;
  return broker.queue.accept(Array.from({ length: 25 }, (_, n) => aNewTicket({ id: `t-${offers}-${n}`, text: TEXT })));
};

/** Lets a client try all the time. */
async function keepTrying(ms: number, call: () => Promise<unknown> = offerMuch): Promise<void> {
  for (const end = performance.now() + ms; performance.now() < end; await sleep(20)) {
    await call().catch(() => undefined);
  }
}

describe('a store that is full', () => {
  it('for large writes only is away, by name, until it has space for them', async () => {
    const { told } = await open();
    await fillNearly();
    expect(await server.command('SET', 'small', 'write')).toBe('OK');
    await expect(offerMuch()).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('OOM') });
    await keepTrying(5_000);
    expect([told, broker.problem]).toEqual([['up', 'down'], 'oom']);
    await server.command('CONFIG', 'SET', 'maxmemory', 0);
    await until('the store is there', () => broker.availability === 'up');
    await offerMuch();
    expect([told, broker.problem]).toEqual([['up', 'down', 'up'], null]);
  });

  it('and does not say how full is tried less and less often', async () => {
    await server.command('ACL', 'SETUSER', 'worker', 'on', '>secret', '~*', '+@all', '-info', '-config');
    const { told } = await open('worker:secret@');
    await fillNearly();
    await keepTrying(6_000);
    // Tried again after 1, 2 and 4 seconds: each time a small write works, and the next large one does not.
    const changes = told.length;
    expect(changes).toBeGreaterThan(2);
    expect(changes).toBeLessThanOrEqual(8);
    await server.command('CONFIG', 'SET', 'maxmemory', 0);
    await until('the store is there', () => broker.availability === 'up');
  });

  it('is not waited for behind a new connection, which may lead to another server', async () => {
    // By this clock no pause ever ends.
    await open('', new VirtualClock());
    await fillNearly();
    await expect(offerMuch()).rejects.toMatchObject({ code: 'unavailable' });
    await server.command('CONFIG', 'SET', 'maxmemory', 0);
    await server.command('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await until('the store is there', () => broker.availability === 'up');
  });
});

describe('a command that its user may not run', () => {
  it('is not tried all the time although small writes work', async () => {
    await server.command('ACL', 'SETUSER', 'worker', 'on', '>secret', '~*', '+@all', '-hgetall');
    const { told } = await open('worker:secret@');
    const read = () => broker.tickets.get('a');
    await keepTrying(5_000, read);
    expect(told.length).toBeLessThanOrEqual(8);
    await server.command('ACL', 'SETUSER', 'worker', '+hgetall');
    await until('the store is there', () => broker.availability === 'up');
    expect(await read()).toBeUndefined();
  });
});

describe('a store that drops what it has to make space', () => {
  it('says so by its maxmemory-policy', async () => {
    await server.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    const { policies } = await open();
    await until('the policy is known', () => policies.length > 0);
    expect([policies, broker.maxmemoryPolicy]).toEqual([['allkeys-lru'], 'allkeys-lru']);
  });

  it('is found to do so when that was changed while it runs, and when it is another server', async () => {
    const clock = new VirtualClock();
    const { policies } = await open('', clock);
    const isKnown = (count: number) => until(`policy ${count}`, () => policies.length === count);
    await isKnown(1);
    await server.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    clock.advance(60_000);
    await isKnown(2);
    await server.command('CONFIG', 'SET', 'maxmemory-policy', 'volatile-lru');
    await server.command('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await isKnown(3);
    expect(policies).toEqual(['noeviction', 'allkeys-lru', 'volatile-lru']);
  });

  it.each([
    ['INFO alone', ['-config'], 'volatile-ttl'],
    ['CONFIG alone', ['-info'], 'volatile-ttl'],
    ['neither', ['-config', '-info'], null],
  ])('is asked by what its user may do: %s', async (_what, rights, policy) => {
    await server.command('CONFIG', 'SET', 'maxmemory-policy', 'volatile-ttl');
    await server.command('ACL', 'SETUSER', 'worker', 'on', '>secret', '~*', '+@all', ...rights);
    const { policies } = await open('worker:secret@');
    await until('the policy was asked for', () => policies.length > 0);
    expect([policies, broker.maxmemoryPolicy, broker.availability]).toEqual([[policy], policy, 'up']);
  });
});
