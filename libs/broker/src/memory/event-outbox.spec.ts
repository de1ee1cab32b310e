import { VirtualClock } from '@smart-support/testing';
import * as fc from 'fast-check';
import { ByteBudget } from './byte-budget';
import { MemoryOutbox } from './outbox';

const NOW = '2030-01-01T00:00:00.000Z';

describe('the outbox in memory', () => {
  let clock: VirtualClock;
  let outbox: MemoryOutbox;
  beforeEach(() => {
    clock = new VirtualClock();
    outbox = new MemoryOutbox(clock, new ByteBudget(Infinity));
  });
  const claimed = (limit = 10, leaseMs = 1000): string[] => outbox.claim(limit, leaseMs).map(({ id }) => id);

  it('gives the event out first that has been due for longest', () => {
    for (const id of ['old', 'new']) {
      outbox.add(id, id, NOW);
      clock.advance(10);
    }
    outbox.retryLater('old', 1, 100);
    outbox.retryLater('new', 1, 50);
    clock.advance(100);
    expect([claimed(1), claimed(1), claimed(1)]).toEqual([['new'], ['old'], []]);
  });

  it('gives it out again at the last millisecond of the lease and not before', () => {
    outbox.add('a', 'body', NOW);
    expect(claimed()).toEqual(['a']);
    clock.advance(999);
    expect(claimed()).toEqual([]);
    clock.advance(1);
    expect(claimed()).toEqual(['a']);
  });

  it('gives nothing out twice in one call, however short the lease', () => {
    for (const id of ['a', 'b']) outbox.add(id, 'body', NOW);
    expect([claimed(10, 0), claimed(10, -5)]).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
  });

  it('keeps the first of two events with one id', () => {
    outbox.add('a', 'first', NOW);
    outbox.add('a', 'second', NOW);
    expect([outbox.size, outbox.claim(10, 1000)]).toEqual([
      1,
      [{ id: 'a', body: 'first', attempts: 0, created_at: NOW }],
    ]);
  });

  it('loses no event and gives none to two at once, whatever happens', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd');
    const step = fc.oneof(
      fc.record({ do: fc.constantFrom('add', 'settle', 'putOff'), id, ms: fc.nat({ max: 50 }) }),
      fc.record({ do: fc.constant('claim'), id, ms: fc.nat({ max: 50 }) }),
      fc.record({ do: fc.constant('pass'), id, ms: fc.nat({ max: 50 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
        const time = new VirtualClock();
        const box = new MemoryOutbox(time, new ByteBudget(Infinity));
        const dueAt = new Map<string, number>();
        for (const { do: what, id, ms } of steps) {
          const now = time.monotonic();
          if (what === 'add') {
            box.add(id, id, NOW);
            if (!dueAt.has(id)) dueAt.set(id, now);
          } else if (what === 'settle') {
            box.acknowledge(id);
            dueAt.delete(id);
          } else if (what === 'putOff') {
            box.retryLater(id, 1, ms);
            if (dueAt.has(id)) dueAt.set(id, now + ms);
          } else if (what === 'claim') {
            const due = [...dueAt].filter(([, at]) => at <= now).map(([known]) => known);
            const taken = box.claim(3, ms).map((entry) => entry.id);
            expect(taken).toHaveLength(Math.min(3, due.length));
            expect(due).toEqual(expect.arrayContaining(taken));
            for (const known of taken) dueAt.set(known, now + ms);
          } else time.advance(ms);
          expect(box.size).toBe(dueAt.size);
        }
      }),
    );
  });
});
