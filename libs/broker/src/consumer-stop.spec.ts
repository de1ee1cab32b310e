import { SmartSupportError, type Claim } from '@smart-support/contracts';
import { VirtualClock } from '@smart-support/testing';
import * as fc from 'fast-check';
import { Consumer } from './consumer';
import { aClaim, createHarness, away, deferred, trackEnd } from './spec-support/consumer-harness';

describe('a consumer that is stopped', () => {
  it('finishes its tickets and claims no more', async () => {
    const { consumer, queued, seen, clock, calls, finish } = createHarness();
    queued.push('a', 'b');
    consumer.start();
    await clock.run(0);
    const stop = trackEnd(consumer.stop());
    await clock.run(10_000);
    expect([stop.ended, calls.renewed.length]).toEqual([false, 10]);
    finish('a');
    await clock.run(0);
    expect([stop.ended, seen.started, consumer.inFlight, clock.waiting]).toEqual([true, ['a'], 0, 0]);
  });

  it('does not wait for the end of a wait for work', async () => {
    const { consumer, clock } = createHarness({ queue: { waitForWork: () => new Promise(() => undefined) } });
    consumer.start();
    await clock.run(50);
    await consumer.stop();
    expect(clock.waiting).toBe(0);
  });

  it('does not wait for the end of a pause', async () => {
    const { consumer, clock } = createHarness({ queue: { claim: away } });
    consumer.start();
    await clock.run(50);
    await consumer.stop();
    expect([clock.monotonic(), clock.waiting]).toEqual([50, 0]);
  });

  it('does not pause if the claim in flight fails', async () => {
    const arriving = deferred<Claim[]>();
    const { consumer, seen, clock } = createHarness({ queue: { claim: () => arriving.promise } });
    consumer.start();
    await clock.run(0);
    const stop = trackEnd(consumer.stop());
    arriving.reject(new Error('fate unknown'));
    await clock.run(0);
    expect([stop.ended, seen.errors, clock.waiting]).toEqual([true, ['fate unknown'], 0]);
  });

  it('may never have been started', async () => {
    const { consumer, clock } = createHarness();
    await consumer.stop();
    await consumer.requeueAll();
    expect(clock.waiting).toBe(0);
  });

  it.each(['stop', 'requeueAll'] as const)('requeues a claim that arrives after %s began', async (end) => {
    const arriving = deferred<Claim[]>();
    const { consumer, calls, seen, clock } = createHarness({
      concurrency: 2,
      queue: { claim: () => arriving.promise },
    });
    consumer.start();
    await clock.run(0);
    const ended = trackEnd(consumer[end]());
    await clock.run(0);
    expect(ended.ended).toBe(false);
    arriving.resolve([aClaim('a'), aClaim('b')]);
    await clock.run(0);
    expect([ended.ended, calls.released, seen.started]).toEqual([true, ['token-a', 'token-b'], []]);
  });

  it('can be started again, also before the stop has ended', async () => {
    const { consumer, queued, seen, clock, finish } = createHarness();
    queued.push('a', 'b');
    consumer.start();
    await clock.run(0);
    const stop = trackEnd(consumer.stop());
    consumer.start();
    finish('a');
    await clock.run(2000);
    expect([stop.ended, seen.started, consumer.inFlight]).toEqual([true, ['a', 'b'], 1]);
    finish('b');
    await consumer.stop();
    expect(clock.waiting).toBe(0);
  });

  it('keeps renewing the claims of a new run when the stop of the old run ends', async () => {
    const { consumer, queued, calls, clock, finish } = createHarness({ concurrency: 2 });
    queued.push('a');
    consumer.start();
    await clock.run(0);
    const stop = trackEnd(consumer.stop());
    consumer.start();
    queued.push('b');
    await clock.run(100);
    finish('a');
    await clock.run(2900);
    expect([stop.ended, calls.renewed]).toEqual([true, [['token-b'], ['token-b'], ['token-b']]]);
  });
});

describe('a consumer that requeues its tickets', () => {
  it('requeues all of them at once and ends a stop that waits', async () => {
    const { consumer, queued, calls, seen, clock } = createHarness({ concurrency: 2 });
    queued.push('a', 'b', 'c');
    consumer.start();
    await clock.run(0);
    const stop = trackEnd(consumer.stop());
    await consumer.requeueAll();
    await clock.run(0);
    expect([calls.released, stop.ended, consumer.inFlight]).toEqual([['token-a', 'token-b'], true, 0]);
    expect([seen.started, clock.waiting]).toEqual([['a', 'b'], 0]);
  });

  it('reports the tickets that it could not requeue, and ends all the same', async () => {
    const { consumer, queued, seen, clock } = createHarness({ concurrency: 2, queue: { requeue: away } });
    queued.push('a', 'b');
    consumer.start();
    await clock.run(0);
    await consumer.requeueAll();
    expect([seen.errors, consumer.inFlight]).toEqual([['The broker is away', 'The broker is away'], 0]);
  });

  it('ignores a ticket that was committed at the same moment', async () => {
    const { consumer, queued, seen, clock } = createHarness({
      queue: { requeue: () => Promise.reject(new SmartSupportError('lease_lost', 'No longer held')) },
    });
    queued.push('a');
    consumer.start();
    await clock.run(0);
    await consumer.requeueAll();
    expect(seen.errors).toEqual([]);
  });

  it('does not requeue a claim that is already lost, nor one twice', async () => {
    const { consumer, queued, calls, clock } = createHarness({
      concurrency: 2,
      queue: { heartbeat: async () => ['a'] },
    });
    queued.push('a', 'b');
    consumer.start();
    await clock.run(1000);
    await Promise.all([consumer.requeueAll(), consumer.requeueAll()]);
    expect(calls.released).toEqual(['token-b']);
  });

  it('ends when the broker has replied, also for a second caller', async () => {
    const answer = deferred();
    const { consumer, queued, clock } = createHarness({ queue: { requeue: () => answer.promise } });
    queued.push('a');
    consumer.start();
    await clock.run(0);
    const ends = [trackEnd(consumer.requeueAll()), trackEnd(consumer.requeueAll()), trackEnd(consumer.stop())];
    await clock.run(0);
    expect(ends.map(({ ended }) => ended)).toEqual([false, false, false]);
    answer.resolve();
    await clock.run(0);
    expect(ends.map(({ ended }) => ended)).toEqual([true, true, true]);
  });

  it('ignores handlers that end later', async () => {
    const { consumer, queued, seen, clock, finish } = createHarness();
    queued.push('a', 'b');
    consumer.start();
    await clock.run(0);
    await consumer.requeueAll();
    finish('a');
    await clock.run(1000);
    expect([seen.started, consumer.inFlight, clock.waiting]).toEqual([['a'], 0, 0]);
  });
});

describe('a consumer in any sequence of events', () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('answer', 'answer', 'answer', 'refuse') },
    { weight: 3, arbitrary: fc.constantFrom('offer', 'finish') },
    { weight: 2, arbitrary: fc.constantFrom('tick', 'start', 'stop', 'requeueAll') },
  );

  it('drops no ticket: each one that it claimed was handled to the end or requeued', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), fc.nat({ max: 3 }), async (steps, which) => {
        const clock = new VirtualClock();
        const pending: { answer: () => void; refuse: () => void }[] = [];
        const queued: string[] = [];
        const handlers = new Map<string, () => void>();
        const given = new Set<string>();
        const done = new Set<string>();
        let made = 0;
        /** A call whose reply comes in a later step. */
        const call = <T>(answer: () => T): Promise<T> =>
          new Promise((resolve, reject) =>
            pending.push({
              answer: () => resolve(answer()),
              refuse: () => reject(new SmartSupportError('unavailable', 'away')),
            }),
          );
        const consumer = new Consumer({
          queue: {
            sweep: () => call(() => 0),
            claim: (limit) =>
              call(() =>
                queued.splice(0, limit).map((id) => {
                  given.add(id);
                  return aClaim(id);
                }),
              ),
            waitForWork: () => call(() => undefined),
            heartbeat: () => call(() => []),
            requeue: ({ record }) => {
              done.add(record.ticket.id);
              return call(() => undefined);
            },
          },
          handle: ({ record: { ticket } }) =>
            new Promise<void>((resolve) =>
              handlers.set(ticket.id, () => {
                done.add(ticket.id);
                resolve();
              }),
            ),
          concurrency: 2,
          leaseMs: 3000,
          idleMs: 100,
          sweep: which % 2 === 0,
          onError: () => undefined,
          clock,
        });
        const ends: { ended: boolean }[] = [];
        const finishOne = (): void => {
          for (const [id, finish] of handlers) {
            handlers.delete(id);
            return finish();
          }
        };
        consumer.start();
        for (const what of steps) {
          if (what === 'offer') queued.push(`t${(made += 1)}`);
          else if (what === 'answer') pending.shift()?.answer();
          else if (what === 'refuse') pending.shift()?.refuse();
          else if (what === 'finish') finishOne();
          else if (what === 'tick') await clock.run(100);
          else if (what === 'start') consumer.start();
          else ends.push(trackEnd(consumer[what]()));
          await clock.run(0);
          expect(consumer.inFlight).toBeLessThanOrEqual(2);
        }
        ends.push(trackEnd(which < 2 ? consumer.stop() : consumer.requeueAll()));
        await clock.run(0);
        while (pending.length > 0 || (which < 2 && handlers.size > 0)) {
          pending.shift()?.answer();
          if (which < 2) finishOne();
          await clock.run(0);
        }
        expect(ends.every(({ ended }) => ended)).toBe(true);
        expect([...given].filter((id) => !done.has(id))).toEqual([]);
        expect([consumer.inFlight, clock.waiting]).toEqual([0, 0]);
      }),
      { numRuns: 300 },
    );
  });
});
