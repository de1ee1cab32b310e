import { IDEMPOTENCY_KEY_TTL_MS } from '@smart-support/contracts';
import { aNewTicket, anAgentInput, eventually } from '@smart-support/testing';
import type { RedisBroker } from './redis-broker';
import { committed, dead, openBroker } from './spec-support/brokers';
import type { Domain } from './spec-support/domain';
import { useDomains } from './spec-support/use-domains';

const newDomain = useDomains();
let domain: Domain;
let broker: RedisBroker;
beforeEach(async () => {
  domain = newDomain();
});
afterEach(async () => {
  await broker?.close();
  expect(await domain.audit()).toEqual([]);
});

/** Time to live of a key in milliseconds; -1 for none. */
const rest = async (name: string) => Number(await domain.raw('PTTL', name));

describe('the retention', () => {
  it('of a finished ticket is the configured time, and any other ticket has none', async () => {
    broker = await openBroker(domain.server, domain.prefix, { retentionMs: 50_000 });
    await broker.agents.put('ann', anAgentInput({ capacity: 2 }));
    for (const id of ['completed', 'assigned', 'waiting']) await committed(broker, id);
    await dead(broker, 'dead');
    await broker.queue.accept([aNewTicket({ id: 'queued' })]);
    await broker.tickets.complete('completed', {});
    const first = await rest('ticket:completed');
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThanOrEqual(50_000);
    for (const id of ['assigned', 'waiting', 'dead', 'queued']) expect(await rest(`ticket:${id}`)).toBe(-1);
    // A repeat does not prolong it.
    await domain.raw('PEXPIRE', 'ticket:completed', 1000);
    await broker.tickets.complete('completed', {});
    expect(await rest('ticket:completed')).toBeLessThanOrEqual(1000);
  });

  it('of a finished ticket ends after that time, whichever finished first, and its id is free again', async () => {
    broker = await openBroker(domain.server, domain.prefix, { retentionMs: 1 });
    await broker.agents.put('ann', anAgentInput());
    await committed(broker, 'a');
    await broker.tickets.complete('a', {});
    await eventually('it is gone', async () => (await broker.tickets.get('a')) === undefined);
    await expect(broker.tickets.complete('a', {})).rejects.toMatchObject({ code: 'not_found' });
    expect(await broker.queue.accept([aNewTicket({ id: 'a', text: 'Another one' })])).toMatchObject([
      { outcome: 'accepted' },
    ]);
  });

  it('of an idempotency key is a day, of a duplicate key its time, and of a claim its lease', async () => {
    broker = await openBroker(domain.server, domain.prefix, { leaseMs: 40_000, duplicateMs: 30_000 });
    await broker.queue.accept([
      aNewTicket({ id: 'a', idempotency_key: 'k' }),
      aNewTicket({ id: 'b', duplicate_key: 'd' }),
    ]);
    const [claim] = await broker.queue.claim(1);
    const lifetimes: readonly (readonly [string, number])[] = [
      ['idempotency:k', IDEMPOTENCY_KEY_TTL_MS],
      ['duplicate:d', 30_000],
      ['lock:a', 40_000],
    ];
    for (const [name, most] of lifetimes) {
      expect(await rest(name)).toBeGreaterThan(most / 2);
      expect(await rest(name)).toBeLessThanOrEqual(most);
    }
    await domain.raw('PEXPIRE', 'lock:a', 5000);
    await broker.queue.heartbeat([claim!]);
    expect(await rest('lock:a')).toBeGreaterThan(5000);
  });

  it('of a refused offer is none: it writes nothing', async () => {
    broker = await openBroker(domain.server, domain.prefix, { queueMax: 1 });
    await broker.queue.accept([aNewTicket({ id: 'a' })]);
    const before = await domain.dump();
    const refused = [aNewTicket({ id: 'b', duplicate_key: 'd' }), aNewTicket({ id: 'c', idempotency_key: 'k' })];
    expect(await broker.queue.accept(refused)).toEqual([{ outcome: 'full' }, { outcome: 'full' }]);
    expect(await domain.dump()).toEqual(before);
  });

  it('of a lock ends when its ticket is retried, requeued or committed', async () => {
    broker = await openBroker(domain.server, domain.prefix);
    await committed(broker, 'committed');
    await dead(broker, 'dead');
    await broker.queue.accept([aNewTicket({ id: 'released' })]);
    const [claim] = await broker.queue.claim(1);
    await broker.queue.requeue(claim!);
    expect(Object.keys(await domain.dump()).filter((name) => name.startsWith('lock:'))).toEqual([]);
  });
});
