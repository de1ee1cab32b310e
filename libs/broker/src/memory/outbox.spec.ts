import { VirtualClock } from '@smart-support/testing';
import * as fc from 'fast-check';
import { ByteBudget } from './tables/byte-budget';
import { MemoryOutbox } from './outbox';

const NOW = '2030-01-01T00:00:00.000Z';

describe('the outbox in memory', () => {
  let clock: VirtualClock;
  let outbox: MemoryOutbox;
  beforeEach(() => {
    clock = new VirtualClock();
    outbox = new MemoryOutbox(clock, new ByteBudget(Infinity));
  });
  const claimed = async (limit = 10, leaseMs = 1000): Promise<string[]> =>
    (await outbox.claim(limit, leaseMs)).map(({ id }) => id);

  it('claims the event first that has been due for longest', async () => {
    for (const id of ['old', 'new']) {
      outbox.addEvent(id, id, NOW);
      clock.advance(10);
    }
    await outbox.retryLater('old', 1, 100);
    await outbox.retryLater('new', 1, 50);
    clock.advance(100);
    expect([await claimed(1), await claimed(1), await claimed(1)]).toEqual([['new'], ['old'], []]);
  });

  it('claims it again when the lease ends and not before', async () => {
    outbox.addEvent('a', 'body', NOW);
    expect(await claimed()).toEqual(['a']);
    clock.advance(999);
    expect(await claimed()).toEqual([]);
    clock.advance(1);
    expect(await claimed()).toEqual(['a']);
  });

  it('claims nothing twice in one call, however short the lease', async () => {
    for (const id of ['a', 'b']) outbox.addEvent(id, 'body', NOW);
    expect([await claimed(10, 0), await claimed(10, -5)]).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
  });

  it('keeps the first of two events with one id', async () => {
    outbox.addEvent('a', 'first', NOW);
    outbox.addEvent('a', 'second', NOW);
    expect([outbox.size, await outbox.claim(10, 1000)]).toEqual([
      1,
      [{ id: 'a', body: 'first', attempts: 0, created_at: NOW }],
    ]);
  });

  it('loses no event and lets no two claims have one at once, in any sequence of calls', async () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd');
    const step = fc.oneof(
      fc.record({ do: fc.constantFrom('add', 'acknowledge', 'retryLater'), id, ms: fc.nat({ max: 50 }) }),
      fc.record({ do: fc.constant('claim'), id, ms: fc.nat({ max: 50 }) }),
      fc.record({ do: fc.constant('pass'), id, ms: fc.nat({ max: 50 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 50 }), async (steps) => {
        const time = new VirtualClock();
        const box = new MemoryOutbox(time, new ByteBudget(Infinity));
        const dueAt = new Map<string, number>();
        for (const { do: what, id, ms } of steps) {
          const now = time.monotonic();
          if (what === 'add') {
            box.addEvent(id, id, NOW);
            if (!dueAt.has(id)) dueAt.set(id, now);
          } else if (what === 'acknowledge') {
            await box.acknowledge(id);
            dueAt.delete(id);
          } else if (what === 'retryLater') {
            await box.retryLater(id, 1, ms);
            if (dueAt.has(id)) dueAt.set(id, now + ms);
          } else if (what === 'claim') {
            const due = [...dueAt].filter(([, at]) => at <= now).map(([known]) => known);
            const claimed = (await box.claim(3, ms)).map((entry) => entry.id);
            expect(claimed).toHaveLength(Math.min(3, due.length));
            expect(due).toEqual(expect.arrayContaining(claimed));
            for (const known of claimed) dueAt.set(known, now + ms);
          } else time.advance(ms);
          expect(box.size).toBe(dueAt.size);
        }
      }),
    );
  });
});
