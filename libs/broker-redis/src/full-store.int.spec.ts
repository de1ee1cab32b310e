import { setTimeout as sleep } from 'node:timers/promises';
import type { AcceptResult, Availability, NewTicket, TimerClock } from '@smart-support/contracts';
import {
  type RedisServer,
  VirtualClock,
  aDecision,
  aNewTicket,
  anAgentInput,
  anArrival,
  startRedisServer,
  eventually,
} from '@smart-support/testing';
import { createMemoryBroker } from '@smart-support/broker';
import { type RedisBroker, createRedisBroker } from './redis-broker';

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
  readonly availabilities: Availability[];
  /** Notifications of `maxmemory-policy`. */
  readonly policies: (string | null)[];
  /** Number of notifications that new tickets are refused for their bytes. */
  refusals: number;
}

async function open(
  user = '',
  clock?: TimerClock,
  redisMaxBytes?: number,
  leaseMs = 30_000,
  queueShare = 1,
): Promise<Opened> {
  const opened: Opened = { availabilities: [], policies: [], refusals: 0 };
  const where = { url: `redis://${user}127.0.0.1:${server.port}`, prefix: 'full', queueKey: 'tickets' };
  broker = createRedisBroker(
    where,
    { redisMaxBytes, leaseMs, queueShare },
    {
      onMaxmemoryPolicy: (policy) => void opened.policies.push(policy),
      onFull: () => (opened.refusals += 1),
      ...(clock && { clock }),
    },
  );
  broker.onAvailability((availability) => void opened.availabilities.push(availability));
  await broker.firstContact(20_000);
  return opened;
}

const KB = 1024;
const MB = 1024 * KB;
const POISON = { code: 'poison', message: 'It broke', retryable: false };

async function used(): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(String(await server.command('INFO', 'memory')))?.[1]);
}

/** Fills the server completely: even connections that come and go leave no space. */
async function fillByOthers(): Promise<void> {
  await server.command('SET', 'others', 'x'.repeat(2 * MB));
  await server.command('CONFIG', 'SET', 'maxmemory', (await used()) - MB);
  await expect(server.command('SET', 'others:more', 'x')).rejects.toThrow('OOM');
}

async function freeByOthers(): Promise<void> {
  await server.command('DEL', 'others');
}

const offer = async (...offers: NewTicket[]): Promise<AcceptResult['outcome'][]> =>
  (await broker.queue.accept(offers)).map(({ outcome }) => outcome);
const status = async (id: string) => (await broker.tickets.get(id))?.ticket.status;

/** Connects a client repeatedly. */
async function keepTrying(ms: number, call: () => Promise<unknown>): Promise<void> {
  for (const end = performance.now() + ms; performance.now() < end; await sleep(20)) {
    await call().catch(() => undefined);
  }
}

describe('a store that others have filled completely', () => {
  it('refuses new tickets by name, knows the old ones, and is not away', async () => {
    const opened = await open();
    const known = [
      aNewTicket({ id: 'a' }),
      aNewTicket({ id: 'b', idempotency_key: 'k' }),
      aNewTicket({ id: 'c', duplicate_key: 'd' }),
    ];
    expect(await offer(...known)).toEqual(['accepted', 'accepted', 'accepted']);
    await fillByOthers();
    const before = await server.command('KEYS', '{full}:*');
    expect(
      await broker.queue.accept([
        aNewTicket({ id: 'new', idempotency_key: 'n' }),
        aNewTicket({ id: 'new2', duplicate_key: 'n' }),
      ]),
    ).toEqual([
      { outcome: 'full', reason: 'bytes' },
      { outcome: 'full', reason: 'bytes' },
    ]);
    const again = known.map((ticket, n) =>
      n === 0 ? ticket : { ...ticket, id: `${ticket.id}2`, input: known[n]!.input },
    );
    expect(await offer(...again)).toEqual(['repeated', 'repeated', 'repeated']);
    expect(new Set((await server.command('KEYS', '{full}:*')) as string[])).toEqual(new Set(before as string[]));
    await sleep(1_500);
    expect([opened.availabilities, broker.problem, opened.refusals]).toEqual([['up'], null, 1]);
    await freeByOthers();
    expect(await offer(aNewTicket({ id: 'new', idempotency_key: 'n' }))).toEqual(['accepted']);
  });

  it('lets every ticket inside be processed, judged, committed, completed, retried, removed and read', async () => {
    await open();
    await broker.agents.put('ann', anAgentInput({ capacity: 2 }));
    const ids = ['a', 'b', 'c', 'd', 'e'];
    await offer(...ids.map((id) => aNewTicket({ id })));
    await fillByOthers();
    const claims = await broker.queue.claim(5);
    expect(await broker.queue.heartbeat(claims)).toEqual([]);
    const [a, b, c, d, e] = claims;
    for (const claim of [a!, b!]) {
      const storm = await broker.storms.judge(claim, anArrival());
      await broker.tickets.commit(claim, { ...aDecision({ urgency_score: 0.95 }), storm });
    }
    const events = await broker.outbox.claim(10, 1_000);
    expect(events.map(({ id }) => id).sort()).toEqual(['ticket.urgent:a', 'ticket.urgent:b']);
    await broker.outbox.retryLater(events[0]!.id, 1, 0);
    for (const { id } of events) await broker.outbox.acknowledge(id);
    expect((await broker.tickets.complete('a', { category: 'Legal' })).ticket.status).toBe('completed');
    for (const claim of [c!, d!]) await broker.queue.fail(claim, POISON);
    expect((await broker.deadLetters.retry('c')).ticket.status).toBe('queued');
    await broker.deadLetters.remove('d');
    await broker.queue.requeue(e!);
    expect(await Promise.all(ids.map(status))).toEqual(['completed', 'assigned', 'queued', undefined, 'queued']);
    await broker.workers.announce({ worker_id: 'w', circuit_breaker: 'closed', in_flight: 0 }, 60_000);
    expect(await broker.workers.list()).toHaveLength(1);
  });

  it('lets incidents be opened, resolved and rejected, and agents be added and removed', async () => {
    await open();
    await broker.agents.put('ann', anAgentInput({ capacity: 10 }));
    for (const id of ['a', 'b', 'c']) {
      await offer(aNewTicket({ id }));
      await broker.tickets.commit((await broker.queue.claimById(id))!, aDecision());
    }
    await fillByOthers();
    const first = await broker.incidents.open('Outage', ['a', 'b']);
    expect((await broker.incidents.resolve(first.id)).status).toBe('resolved');
    const second = await broker.incidents.open('Another', ['c']);
    expect((await broker.incidents.reject(second.id)).status).toBe('rejected');
    await broker.agents.put('ben', anAgentInput());
    await broker.agents.remove('ann');
    expect((await broker.agents.list()).map(({ id }) => id)).toEqual(['ben']);
  });

  it('still has a leader, which requeues the tickets of a dead worker', async () => {
    await open('', undefined, undefined, 500);
    await offer(aNewTicket({ id: 'a' }));
    await broker.queue.claim(1);
    await fillByOthers();
    const leader = broker.leadSweeps(50);
    await eventually('the ticket is queued again', async () => (await status('a')) === 'queued');
    await leader.stop();
  });

  it('adopts no ticket, which stays where it is', async () => {
    const { availabilities } = await open();
    const local = createMemoryBroker();
    await local.queue.accept([aNewTicket({ id: 'a' })]);
    await local.tickets.commit((await local.queue.claimById('a'))!, aDecision());
    const finished = local.finishedById('a')!;
    await fillByOthers();
    await expect(broker.adopt(finished)).rejects.toMatchObject({ code: 'unavailable' });
    expect([await broker.tickets.get('a'), availabilities]).toEqual([undefined, ['up']]);
    await freeByOthers();
    expect(await broker.adopt(finished)).toBe('adopted');
    await local.close();
  });
});

describe('the bytes that new tickets may fill', () => {
  const fill = async (most: number, text: string, name = 't'): Promise<number> => {
    for (let n = 0; n < most; n += 25) {
      const offers = Array.from({ length: 25 }, (_, i) => aNewTicket({ id: `${name}-${n + i}`, text }));
      const taken = (await offer(...offers)).filter((outcome) => outcome === 'accepted').length;
      if (taken < 25) return n + taken;
    }
    return most;
  };

  it('are four fifths of maxmemory, also for several gateways at once, and the rest is enough for the further data of the tickets', async () => {
    await open();
    const bound = (await used()) + 12 * MB;
    await server.command('CONFIG', 'SET', 'maxmemory', bound);
    await eventually('the bound is known', () => broker.bytes?.limit === Math.floor(bound * 0.8));
    const others = createRedisBroker({ url: server.url, prefix: 'full', queueKey: 'tickets' });
    await others.firstContact(20_000);
    await Promise.all(
      [broker, others].flatMap((gateway, g) =>
        Array.from({ length: 20 }, (_, n) =>
          gateway.queue.accept(
            Array.from({ length: 50 }, (_, i) => aNewTicket({ id: `${g}-${n}-${i}`, text: 'A short question.' })),
          ),
        ),
      ),
    );
    expect(await used()).toBeLessThan(bound * 0.8);
    await broker.agents.put('ann', anAgentInput({ capacity: 10_000 }));
    let worked = 0;
    for (let claims = await broker.queue.claim(50); claims.length > 0; claims = await broker.queue.claim(50)) {
      await Promise.all(
        claims.map(async (claim) => {
          const storm = await broker.storms.judge(claim, anArrival());
          return broker.tickets.commit(claim, { ...aDecision({ urgency_score: 0.95 }), storm });
        }),
      );
      worked += claims.length;
    }
    expect(worked).toBeGreaterThan(300);
    expect(await used()).toBeLessThan(bound * 0.8);
    await others.close();
  });

  it('are the configured bound, also if the store has none of its own; long tickets count by their length', async () => {
    await open('', undefined, (await used()) + 8 * MB);
    const taken = await fill(1000, 'x'.repeat(60_000));
    expect(taken).toBeGreaterThan(60);
    expect(taken).toBeLessThan((8 * MB) / 60_000);
    // A short one still fits.
    expect(await offer(aNewTicket({ id: 'short' }))).toEqual(['accepted']);
    // What is in flight counts, too: less of it now than when the first were refused.
    expect(await fill(1000, 'x'.repeat(60_000), 'u')).toBeLessThan(5);
  });

  it('leave each trust domain a share of the free bytes, however much of the store others fill', async () => {
    await server.command('SET', 'other', 'x'.repeat(8 * MB));
    await open('', undefined, (await used()) + 4 * MB, 30_000, 0.5);
    // One at a time: what Redis reads of a command counts, too.
    const taken = async (domain: string): Promise<number> => {
      const source = { key: domain, domain };
      const text = 'x'.repeat(20 * KB);
      for (let n = 0; ; n += 1) {
        const [outcome] = await offer(aNewTicket({ id: `${domain}~${n}`, source, text }));
        if (outcome !== 'accepted') return n;
      }
    };
    const [first, second] = [await taken('shop'), await taken('web')];
    expect(first).toBeGreaterThan(second);
    expect(second).toBeGreaterThanOrEqual(Math.floor(first / 3));
    expect(second).toBeGreaterThan(0);
  });

  it('are not checked if neither the store nor the settings have a bound', async () => {
    await open();
    expect(await fill(100, 'x'.repeat(60_000))).toBe(100);
    await eventually('its memory is known', () => broker.bytes !== null);
    expect(broker.bytes?.limit).toBe(Infinity);
  });

  it('are unknown if the user may not ask: then the store itself refuses', async () => {
    await server.command('ACL', 'SETUSER', 'gateway', 'on', '>secret', '~*', '+@all', '-info');
    const { availabilities } = await open('gateway:secret@', undefined, MB);
    expect(await fill(50, 'x'.repeat(60_000))).toBe(50);
    await fillByOthers();
    expect(await offer(aNewTicket({ id: 'new' }))).toEqual(['full']);
    expect([availabilities, broker.bytes]).toEqual([['up'], null]);
  });
});

describe('a command that its user may not run', () => {
  it('is not repeated all the time although small writes work', async () => {
    await server.command('ACL', 'SETUSER', 'worker', 'on', '>secret', '~*', '+@all', '-hgetall');
    const { availabilities } = await open('worker:secret@');
    const read = () => broker.tickets.get('a');
    await keepTrying(5_000, read);
    expect(availabilities.length).toBeLessThanOrEqual(8);
    await server.command('ACL', 'SETUSER', 'worker', '+hgetall');
    await eventually('the store is there', () => broker.availability === 'up');
    expect(await read()).toBeUndefined();
  });
});

describe('a store that evicts data to make space', () => {
  it('is reported by its maxmemory-policy', async () => {
    await server.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    const { policies } = await open();
    await eventually('the policy is known', () => policies.length > 0);
    expect([policies, broker.maxmemoryPolicy]).toEqual([['allkeys-lru'], 'allkeys-lru']);
  });

  it('is reported when the policy was changed at run time, and when it is another server', async () => {
    const clock = new VirtualClock();
    const { policies } = await open('', clock);
    const isKnown = (count: number) => eventually(`policy ${count}`, () => policies.length === count);
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
  ])('is read by the rights of its user: %s', async (_what, rights, policy) => {
    await server.command('CONFIG', 'SET', 'maxmemory-policy', 'volatile-ttl');
    await server.command('ACL', 'SETUSER', 'worker', 'on', '>secret', '~*', '+@all', ...rights);
    const { policies } = await open('worker:secret@');
    await eventually('the policy was asked for', () => policies.length > 0);
    expect([policies, broker.maxmemoryPolicy, broker.availability]).toEqual([[policy], policy, 'up']);
  });
});
