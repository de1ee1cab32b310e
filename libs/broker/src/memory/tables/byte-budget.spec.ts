import type { LocalBroker } from '@smart-support/contracts';
import { VirtualClock, aDecision, aNewTicket, anAgentInput, anArrival } from '@smart-support/testing';
import fc from 'fast-check';
import { textBytes } from './byte-budget';
import { createMemoryBroker } from '../memory-broker';

const KB = 1024;
const POISON = { code: 'poison', message: 'It broke', retryable: false };

let broker: LocalBroker;
const open = async (memoryMaxBytes: number, capacity = 100): Promise<void> => {
  broker = createMemoryBroker({ memoryMaxBytes }, { clock: new VirtualClock() });
  await broker.agents.put('ann', anAgentInput({ capacity }));
};
const offer = async (id: string, size = 100 * KB, more: Parameters<typeof aNewTicket>[0] = {}) => {
  const [result] = await broker.queue.accept([aNewTicket({ id, text: 'x'.repeat(size), ...more })]);
  return result!;
};
const committed = async (id: string, size?: number): Promise<void> => {
  expect((await offer(id, size)).outcome).toBe('accepted');
  const claim = await broker.queue.claimById(id);
  await broker.tickets.commit(claim!, aDecision({ urgency_score: 0.95 }));
};
const delivered = async (): Promise<void> => {
  for (const { id } of await broker.outbox.claim(1000, 1000)) await broker.outbox.acknowledge(id);
};

describe('the bytes of a memory broker', () => {
  it('refuse new tickets beyond the budget, by name, and leave no trace of them', async () => {
    await open(256 * KB);
    expect((await offer('a')).outcome).toBe('accepted');
    expect((await offer('b', 100 * KB, { idempotency_key: 'k' })).outcome).toBe('accepted');
    const { used } = broker.bytes;
    expect(await offer('c', 100 * KB, { idempotency_key: 'c' })).toEqual({ outcome: 'full', reason: 'bytes' });
    expect([await broker.tickets.get('c'), broker.bytes.used]).toEqual([undefined, used]);
    expect((await offer('small', 10)).outcome).toBe('accepted');
  });

  it('let a known ticket be recognised, by id, by key and as a duplicate', async () => {
    await open(300 * KB);
    await offer('a', 80 * KB);
    await offer('b', 80 * KB, { idempotency_key: 'k' });
    await offer('c', 80 * KB, { duplicate_key: 'd' });
    expect((await offer('other', 80 * KB)).outcome).toBe('full');
    const again = [
      await offer('a', 80 * KB),
      await offer('b2', 80 * KB, { idempotency_key: 'k' }),
      await offer('c2', 80 * KB, { duplicate_key: 'd' }),
    ];
    expect(again.map(({ outcome }) => outcome)).toEqual(['repeated', 'repeated', 'repeated']);
  });

  it('let every ticket inside be processed, completed, retried, removed and read', async () => {
    await open(400 * KB);
    for (const id of ['a', 'b', 'c']) await offer(id);
    expect((await offer('d')).outcome).toBe('full');
    const [a, b, c] = await broker.queue.claim(3);
    await broker.tickets.commit(a!, aDecision({ urgency_score: 0.95 }));
    for (const claim of [b!, c!]) await broker.queue.fail(claim, POISON);
    expect((await broker.tickets.complete('a', {})).ticket.status).toBe('completed');
    expect((await broker.deadLetters.retry('b')).ticket.status).toBe('queued');
    await broker.deadLetters.remove('c');
    expect((await broker.tickets.get('b'))?.ticket.text).toHaveLength(100 * KB);
    expect((await offer('d')).outcome).toBe('accepted');
  });

  it('are freed by completed tickets, the first completed first, and by no other', async () => {
    await open(450 * KB);
    for (const id of ['a', 'b', 'c']) await committed(id);
    for (const id of ['b', 'a']) await broker.tickets.complete(id, {});
    await delivered();
    for (const id of ['d', 'e']) expect((await offer(id)).outcome).toBe('accepted');
    const statuses = await Promise.all(
      ['a', 'b', 'c'].map(async (id) => (await broker.tickets.get(id))?.ticket.status),
    );
    expect(statuses).toEqual(['completed', undefined, 'assigned']);
  });

  it('cost no completed ticket if that would not suffice', async () => {
    await open(450 * KB);
    for (const id of ['a', 'b', 'c']) await committed(id);
    await broker.tickets.complete('a', {});
    expect((await offer('too-large', 300 * KB)).outcome).toBe('full');
    expect((await broker.tickets.get('a'))?.ticket.status).toBe('completed');
  });

  it.each([
    ['a subject', { subject: 's'.repeat(10 * KB) }],
    ['a requester', { requester: 's'.repeat(10 * KB) }],
    ['a channel', { channel: 's'.repeat(10 * KB) }],
    ['the names of metadata', { metadata: { ['s'.repeat(10 * KB)]: 1 } }],
    ['the values of metadata', { metadata: { a: 's'.repeat(10 * KB) } }],
  ])('count %s', async (_what, input) => {
    await open(Infinity);
    await offer('a', 1);
    const small = broker.bytes.used;
    await offer('b', 1, { input });
    expect(broker.bytes.used - 2 * small).toBeGreaterThanOrEqual(10 * KB);
  });

  it.each([
    ['idempotency_key', { idempotency_key: 'k'.repeat(255) }],
    ['duplicate_key', { duplicate_key: 'k'.repeat(255) }],
  ])('count an %s', async (_what, more) => {
    await open(Infinity);
    await offer('a', 1);
    const small = broker.bytes.used;
    await offer('b', 1, more);
    expect(broker.bytes.used - 2 * small).toBe(255);
  });

  it('count two for each character of a text that V8 cannot store in one', () => {
    expect([
      textBytes('abc'),
      textBytes('d\u00fc\u00ff'),
      textBytes('ab\u20ac'),
      textBytes('\ud83d\ude00'),
      textBytes(null),
    ]).toEqual([3, 3, 6, 4, 0]);
  });

  it('count an alert until it is delivered', async () => {
    await open(Infinity);
    await committed('a', 10);
    const withAlert = broker.bytes.used;
    const [event] = await broker.outbox.claim(10, 1000);
    await broker.outbox.retryLater(event!.id, 1, 0);
    expect(broker.bytes.used).toBe(withAlert);
    await broker.outbox.acknowledge(event!.id);
    await broker.outbox.acknowledge(event!.id);
    expect(withAlert - broker.bytes.used).toBeGreaterThan(event!.body.length);
  });

  it('are the same after any life of tickets once all are gone', async () => {
    const step = fc.tuple(
      fc.constantFrom('offer', 'commit', 'fail', 'retry', 'complete', 'remove', 'sendOff', 'forget'),
      fc.nat(5),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 6 }), async (steps, tickets) => {
        await open(tickets * 30 * KB, 2);
        const quietly = async (act: () => unknown): Promise<void> =>
          void (await Promise.resolve()
            .then(act)
            .catch(() => undefined));
        const acts: Record<string, (id: string) => unknown> = {
          offer: (id) => offer(id, 20 * KB, { idempotency_key: `k${id}` }),
          commit: async (id) => {
            const claim = (await broker.queue.claimById(id))!;
            const storm = await broker.storms.judge(claim, anArrival());
            await broker.tickets.commit(claim, { ...aDecision({ urgency_score: 0.95 }), storm });
          },
          fail: async (id) => broker.queue.fail((await broker.queue.claimById(id))!, POISON),
          retry: (id) => broker.deadLetters.retry(id),
          complete: (id) => broker.tickets.complete(id, {}),
          remove: (id) => broker.deadLetters.remove(id),
          sendOff: (id) => broker.beginHandoff(id),
          forget: (id) => broker.completeHandoff(id),
        };
        for (const [what, n] of steps) {
          await quietly(() => acts[what]?.(String(n)));
          expect(broker.bytes.used).toBeGreaterThanOrEqual(0);
        }
        for (const n of [0, 1, 2, 3, 4, 5]) {
          const id = String(n);
          broker.abortHandoff(id);
          await quietly(() => acts['fail']?.(id));
          broker.completeHandoff(id);
        }
        await delivered();
        expect(broker.unsavedIds()).toEqual([]);
        expect(broker.bytes.used).toBe(0);
      }),
      { numRuns: 100 },
    );
  });
});
