import { SmartSupportError, type Claim } from '@smart-support/contracts';
import { VirtualClock, aNewTicket } from '@smart-support/testing';
import * as fc from 'fast-check';
import { Consumer, type ConsumerOptions } from './consumer';
import { newRecord } from './rules/new-record';

const aClaim = (id: string, token = `token-${id}`): Claim => ({
  token,
  record: newRecord(aNewTicket({ id }), '2030-01-01T00:00:00.000Z'),
});
const away = (): Promise<never> => Promise.reject(new SmartSupportError('unavailable', 'The broker is away'));
const deferred = <T = void>() => {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((...handles) => ([resolve, reject] = handles));
  return { promise, resolve, reject };
};

type Queue = ConsumerOptions['queue'];

/** A consumer with a clock, a queue that holds ids, and work that ends when the spec says so. */
function aScene({ queue = {}, ...changes }: Partial<Omit<ConsumerOptions, 'queue'>> & { queue?: Partial<Queue> } = {}) {
  const clock = new VirtualClock();
  const queued: string[] = [];
  const waiters: (() => void)[] = [];
  const open = new Map<string, () => void>();
  const calls = { claims: [] as number[], sweeps: 0, renewed: [] as string[][], released: [] as string[] };
  const seen = { started: [] as string[], errors: [] as string[], lost: [] as string[] };
  const consumer = new Consumer({
    handle: ({ token, record }) => {
      seen.started.push(record.ticket.id);
      return new Promise<void>((resolve) => open.set(token, resolve));
    },
    leaseMs: 3000,
    idleMs: 100,
    onError: (error) => void seen.errors.push((error as Error).message),
    onLost: (id) => void seen.lost.push(id),
    clock,
    concurrency: 1,
    ...changes,
    queue: {
      claim: async (limit) => {
        calls.claims.push(limit);
        return queued.splice(0, limit).map((id) => aClaim(id));
      },
      waitForWork: (timeoutMs) =>
        new Promise((resolve) => {
          clock.after(timeoutMs, resolve);
          waiters.push(resolve);
        }),
      heartbeat: async (claims) => {
        calls.renewed.push(claims.map(({ token }) => token));
        return [];
      },
      requeue: async ({ token }) => void calls.released.push(token),
      sweep: async () => {
        calls.sweeps += 1;
        return 0;
      },
      ...queue,
    },
  });
  return {
    consumer,
    clock,
    queued,
    calls,
    seen,
    /** Offers a ticket and wakes whoever waits. */
    offer: (id: string) => {
      queued.push(id);
      for (const wake of waiters.splice(0)) wake();
    },
    /** Calls that wait for work now. */
    waits: () => waiters.length,
    finish: (id: string) => open.get(`token-${id}`)?.(),
    settle: () => clock.run(0),
  };
}

/** Whether a promise has ended. */
function ending(promise: Promise<unknown>) {
  const state = { ended: false };
  void promise.then(() => (state.ended = true));
  return state;
}

describe('a consumer', () => {
  it('has no more tickets in work than it may', async () => {
    const { consumer, clock, queued, calls, seen } = aScene({ concurrency: 2 });
    queued.push('a', 'b', 'c');
    consumer.start();
    consumer.start();
    await clock.run(1000);
    expect([seen.started, consumer.inFlight, queued, calls.claims]).toEqual([['a', 'b'], 2, ['c'], [2]]);
  });

  it('takes the next ticket as soon as a hand is free', async () => {
    const { consumer, queued, seen, settle, finish, clock } = aScene();
    queued.push('a', 'b');
    consumer.start();
    await settle();
    finish('a');
    await settle();
    expect([seen.started, clock.monotonic()]).toEqual([['a', 'b'], 0]);
  });

  it('asks for as many as it has free hands, and asks an empty queue no more', async () => {
    const { consumer, calls, settle, finish, offer } = aScene({ concurrency: 3 });
    consumer.start();
    await settle();
    offer('a');
    await settle();
    finish('a');
    await settle();
    expect(calls.claims).toEqual([3, 3]);
    offer('b');
    await settle();
    expect(calls.claims).toEqual([3, 3, 3]);
  });

  it('asks a queue that has plenty for more before it has answered, but never for more than it has hands', async () => {
    const asked: { limit: number; answer: (claims: Claim[]) => void }[] = [];
    const claim = (limit: number) => new Promise<Claim[]>((answer) => void asked.push({ limit, answer }));
    const { consumer, settle, finish } = aScene({ concurrency: 4, queue: { claim } });
    const limits = (): number[] => asked.map(({ limit }) => limit);
    const answer = async (index: number, ...ids: string[]): Promise<void> => {
      asked[index]?.answer(ids.map((id) => aClaim(id)));
      await settle();
    };
    consumer.start();
    await settle();
    await answer(0, 'a', 'b', 'c', 'd');
    expect(limits()).toEqual([4]);
    for (const id of ['a', 'b', 'c', 'd']) finish(id);
    await settle();
    expect(limits()).toEqual([4, 2, 2]);
    await answer(1, 'e', 'f');
    finish('e');
    await settle();
    expect(limits()).toEqual([4, 2, 2, 1]);
  });

  it.each([1, 2, 3, 8])(
    'never has more in work than it may, however fast the answers come (%d)',
    async (concurrency) => {
      const most = { inFlight: 0 };
      const { consumer, queued, settle } = aScene({
        concurrency,
        handle: async () => {
          most.inFlight = Math.max(most.inFlight, consumer.inFlight);
          await new Promise((resolve) => void setImmediate(resolve));
        },
      });
      queued.push(...Array.from({ length: 200 }, (_, index) => `t${index}`));
      consumer.start();
      while (queued.length > 0) await settle();
      expect(most.inFlight).toBe(concurrency);
    },
  );

  it('waits for work only with a free hand: a call is not to reach somebody who cannot go', async () => {
    const { consumer, calls, queued, settle, finish, offer, waits } = aScene({ concurrency: 2 });
    queued.push('a', 'b', 'c', 'd');
    consumer.start();
    await settle();
    for (const id of ['a', 'b', 'c', 'd']) {
      finish(id);
      await settle();
    }
    offer('e');
    await settle();
    offer('f');
    await settle();
    expect([consumer.inFlight, waits()]).toEqual([2, 0]);
    expect(calls.claims.at(-1)).toBe(1);
  });

  it('goes on at once after an outage, and tells no error of it twice', async () => {
    let isAway = false;
    const queued: string[] = [];
    const { consumer, clock, seen, finish, settle } = aScene({
      concurrency: 2,
      queue: { claim: async (limit) => (isAway ? away() : queued.splice(0, limit).map((id) => aClaim(id))) },
    });
    queued.push('a', 'b');
    consumer.start();
    await settle();
    isAway = true;
    finish('a');
    finish('b');
    await settle();
    await clock.run(1000);
    isAway = false;
    queued.push('c', 'd', 'e', 'f');
    await clock.run(100);
    await settle();
    const errors = seen.errors.length;
    const from = clock.monotonic();
    for (const id of ['c', 'd', 'e', 'f']) {
      finish(id);
      await settle();
    }
    expect([seen.started, seen.errors.length, clock.monotonic()]).toEqual([
      ['a', 'b', 'c', 'd', 'e', 'f'],
      errors,
      from,
    ]);
  });

  it('notices at once that a queue which had plenty is empty', async () => {
    const { consumer, clock, queued, seen, settle, finish, offer } = aScene();
    queued.push('a', 'b');
    consumer.start();
    await settle();
    for (const id of ['a', 'b']) {
      finish(id);
      await settle();
    }
    offer('c');
    await settle();
    expect([seen.started, clock.monotonic()]).toEqual([['a', 'b', 'c'], 0]);
  });

  it('waits at an empty queue and goes on the moment something comes', async () => {
    const { consumer, seen, settle, offer, clock } = aScene();
    consumer.start();
    await clock.run(40);
    offer('late');
    await settle();
    expect([seen.started, clock.monotonic()]).toEqual([['late'], 40]);
  });

  it('looks by itself after the longest wait: a retry may be due', async () => {
    const { consumer, seen, queued, clock } = aScene();
    consumer.start();
    await clock.run(50);
    queued.push('due');
    await clock.run(49);
    expect(seen.started).toEqual([]);
    await clock.run(1);
    expect(seen.started).toEqual(['due']);
  });

  it('takes back what vanished workers left, also while all its hands are busy', async () => {
    const { consumer, calls, queued, clock } = aScene();
    queued.push('a');
    consumer.start();
    await clock.run(1000);
    expect(calls.sweeps).toBeGreaterThanOrEqual(10);
    expect(calls.claims).toEqual([1]);
  });

  it('leaves that to somebody else if it is told to', async () => {
    const { consumer, calls, queued, clock } = aScene({ sweep: false });
    queued.push('a');
    consumer.start();
    await clock.run(1000);
    expect([calls.sweeps, consumer.inFlight]).toEqual([0, 1]);
  });

  it('goes on when the work on a ticket fails, and tells it', async () => {
    const handled: string[] = [];
    const scene = aScene({
      handle: ({ record }) => {
        handled.push(record.ticket.id);
        if (record.ticket.id === 'a') throw new Error('at once');
        return Promise.reject(new Error('later'));
      },
    });
    scene.queued.push('a', 'b', 'c');
    scene.consumer.start();
    await scene.settle();
    expect([handled, scene.seen.errors]).toEqual([
      ['a', 'b', 'c'],
      ['at once', 'later', 'later'],
    ]);
  });
});

describe('the heartbeat of a consumer', () => {
  it('renews what is in flight at a third of the lease, and asks nothing while there is nothing', async () => {
    const { consumer, calls, clock, offer, finish } = aScene({ concurrency: 2 });
    consumer.start();
    await clock.run(1500);
    offer('a');
    await clock.run(1000);
    offer('b');
    await clock.run(1000);
    finish('a');
    await clock.run(1000);
    expect(calls.renewed).toEqual([['token-a'], ['token-a', 'token-b'], ['token-b']]);
  });

  it('comes in time although the answer to the one before is late', async () => {
    const sent: number[] = [];
    const { consumer, queued, clock } = aScene({
      queue: {
        heartbeat: () => {
          sent.push(clock.monotonic());
          return new Promise(() => undefined);
        },
      },
    });
    queued.push('a');
    consumer.start();
    await clock.run(3000);
    expect(sent).toEqual([1000, 2000, 3000]);
  });

  it('that fails is told and tried again', async () => {
    const { consumer, queued, seen, clock } = aScene({ queue: { heartbeat: away } });
    queued.push('a');
    consumer.start();
    await clock.run(2000);
    expect([seen.errors, consumer.inFlight]).toEqual([['The broker is away', 'The broker is away'], 1]);
  });

  it('that finds a claim lost tells it once and renews it no more; the ticket stays in flight while it is worked on', async () => {
    const renewed: string[][] = [];
    const { consumer, queued, seen, clock, finish, settle } = aScene({
      concurrency: 2,
      queue: {
        heartbeat: async (claims) => {
          renewed.push(claims.map(({ token }) => token));
          return ['a'];
        },
      },
    });
    queued.push('a', 'b');
    consumer.start();
    await clock.run(3000);
    expect([seen.lost, renewed]).toEqual([['a'], [['token-a', 'token-b'], ['token-b'], ['token-b']]]);
    expect(consumer.inFlight).toBe(2);
    finish('a');
    await settle();
    expect(consumer.inFlight).toBe(1);
  });

  it('does not call a ticket lost that was finished while the answer was on its way', async () => {
    const answer = deferred<string[]>();
    const { consumer, queued, seen, clock, finish, settle } = aScene({ queue: { heartbeat: () => answer.promise } });
    queued.push('a');
    consumer.start();
    await clock.run(1000);
    finish('a');
    await settle();
    answer.resolve(['a']);
    await settle();
    expect(seen.lost).toEqual([]);
  });

  it('knows a claim as lost when the same ticket comes again', async () => {
    const claims = [aClaim('a', 'first'), aClaim('a', 'second')];
    const { consumer, calls, seen, clock } = aScene({
      concurrency: 2,
      queue: { claim: async () => claims.splice(0, 1) },
    });
    consumer.start();
    await clock.run(1000);
    expect([seen.lost, seen.started, calls.renewed]).toEqual([['a'], ['a', 'a'], [['second']]]);
  });

  it('works without anybody to tell of lost claims', async () => {
    const clock = new VirtualClock();
    const claims = [aClaim('a')];
    const consumer = new Consumer({
      queue: {
        claim: async () => claims.splice(0),
        waitForWork: () => new Promise(() => undefined),
        heartbeat: async () => ['a'],
        requeue: away,
        sweep: away,
      },
      handle: () => new Promise(() => undefined),
      concurrency: 1,
      leaseMs: 3000,
      idleMs: 100,
      sweep: false,
      onError: (error) => {
        throw error;
      },
      clock,
    });
    consumer.start();
    await clock.run(1000);
    await consumer.requeueAll();
    expect(consumer.inFlight).toBe(0);
  });
});

describe('a consumer whose broker is away', () => {
  it.each([['sweep' as const], ['claim' as const], ['waitForWork' as const]])(
    'pauses after a failed %s instead of spinning, and goes on by itself',
    async (call) => {
      let broken = true;
      let tries = 0;
      const { consumer, queued, seen, clock } = aScene({
        queue: {
          [call]: (argument: number) => {
            tries += 1;
            if (broken) return away();
            return call === 'claim'
              ? Promise.resolve(queued.splice(0, argument).map((id) => aClaim(id)))
              : Promise.resolve(0);
          },
        },
      });
      consumer.start();
      await clock.run(1000);
      expect(tries).toBe(11);
      expect(seen.errors).toEqual(Array.from({ length: 11 }, () => 'The broker is away'));
      broken = false;
      queued.push('a');
      await clock.run(100);
      expect(seen.started).toEqual(['a']);
    },
  );
});

describe('a consumer that is stopped', () => {
  it('finishes what it has and takes nothing more', async () => {
    const { consumer, queued, seen, clock, calls, finish } = aScene();
    queued.push('a', 'b');
    consumer.start();
    await clock.run(0);
    const stop = ending(consumer.stop());
    await clock.run(10_000);
    expect([stop.ended, calls.renewed.length]).toEqual([false, 10]);
    finish('a');
    await clock.run(0);
    expect([stop.ended, seen.started, consumer.inFlight, clock.waiting]).toEqual([true, ['a'], 0, 0]);
  });

  it('does not wait for the end of a wait for work', async () => {
    const { consumer, clock } = aScene({ queue: { waitForWork: () => new Promise(() => undefined) } });
    consumer.start();
    await clock.run(50);
    await consumer.stop();
    expect(clock.waiting).toBe(0);
  });

  it('does not wait for the end of a pause', async () => {
    const { consumer, clock } = aScene({ queue: { claim: away } });
    consumer.start();
    await clock.run(50);
    await consumer.stop();
    expect([clock.monotonic(), clock.waiting]).toEqual([50, 0]);
  });

  it('does not pause any more if the claim under way fails', async () => {
    const arriving = deferred<Claim[]>();
    const { consumer, seen, clock } = aScene({ queue: { claim: () => arriving.promise } });
    consumer.start();
    await clock.run(0);
    const stop = ending(consumer.stop());
    arriving.reject(new Error('fate unknown'));
    await clock.run(0);
    expect([stop.ended, seen.errors, clock.waiting]).toEqual([true, ['fate unknown'], 0]);
  });

  it('was perhaps never started', async () => {
    const { consumer, clock } = aScene();
    await consumer.stop();
    await consumer.requeueAll();
    expect(clock.waiting).toBe(0);
  });

  it.each(['stop', 'requeueAll'] as const)('releases a claim that arrives after %s began', async (end) => {
    const arriving = deferred<Claim[]>();
    const { consumer, calls, seen, clock } = aScene({ concurrency: 2, queue: { claim: () => arriving.promise } });
    consumer.start();
    await clock.run(0);
    const ended = ending(consumer[end]());
    await clock.run(0);
    expect(ended.ended).toBe(false);
    arriving.resolve([aClaim('a'), aClaim('b')]);
    await clock.run(0);
    expect([ended.ended, calls.released, seen.started]).toEqual([true, ['token-a', 'token-b'], []]);
  });

  it('can be started again, also before the stop has ended', async () => {
    const { consumer, queued, seen, clock, finish } = aScene();
    queued.push('a', 'b');
    consumer.start();
    await clock.run(0);
    const stop = ending(consumer.stop());
    consumer.start();
    finish('a');
    await clock.run(2000);
    expect([stop.ended, seen.started, consumer.inFlight]).toEqual([true, ['a', 'b'], 1]);
    finish('b');
    await consumer.stop();
    expect(clock.waiting).toBe(0);
  });

  it('keeps the claims of a new run alive when the old run’s stop ends', async () => {
    const { consumer, queued, calls, clock, finish } = aScene({ concurrency: 2 });
    queued.push('a');
    consumer.start();
    await clock.run(0);
    const stop = ending(consumer.stop());
    consumer.start();
    queued.push('b');
    await clock.run(100);
    finish('a');
    await clock.run(2900);
    expect([stop.ended, calls.renewed]).toEqual([true, [['token-b'], ['token-b'], ['token-b']]]);
  });
});

describe('a consumer that hands back', () => {
  it('releases everything at once and ends a stop that waits', async () => {
    const { consumer, queued, calls, seen, clock } = aScene({ concurrency: 2 });
    queued.push('a', 'b', 'c');
    consumer.start();
    await clock.run(0);
    const stop = ending(consumer.stop());
    await consumer.requeueAll();
    await clock.run(0);
    expect([calls.released, stop.ended, consumer.inFlight]).toEqual([['token-a', 'token-b'], true, 0]);
    expect([seen.started, clock.waiting]).toEqual([['a', 'b'], 0]);
  });

  it('tells what it could not release, and is done all the same', async () => {
    const { consumer, queued, seen, clock } = aScene({ concurrency: 2, queue: { requeue: away } });
    queued.push('a', 'b');
    consumer.start();
    await clock.run(0);
    await consumer.requeueAll();
    expect([seen.errors, consumer.inFlight]).toEqual([['The broker is away', 'The broker is away'], 0]);
  });

  it('makes no fuss about a ticket that was committed at the same moment', async () => {
    const { consumer, queued, seen, clock } = aScene({
      queue: { requeue: () => Promise.reject(new SmartSupportError('lease_lost', 'No longer held')) },
    });
    queued.push('a');
    consumer.start();
    await clock.run(0);
    await consumer.requeueAll();
    expect(seen.errors).toEqual([]);
  });

  it('does not release a claim that is lost already, nor one twice', async () => {
    const { consumer, queued, calls, clock } = aScene({ concurrency: 2, queue: { heartbeat: async () => ['a'] } });
    queued.push('a', 'b');
    consumer.start();
    await clock.run(1000);
    await Promise.all([consumer.requeueAll(), consumer.requeueAll()]);
    expect(calls.released).toEqual(['token-b']);
  });

  it('is done when the broker has answered, also for who asks a second time', async () => {
    const answer = deferred();
    const { consumer, queued, clock } = aScene({ queue: { requeue: () => answer.promise } });
    queued.push('a');
    consumer.start();
    await clock.run(0);
    const ends = [ending(consumer.requeueAll()), ending(consumer.requeueAll()), ending(consumer.stop())];
    await clock.run(0);
    expect(ends.map(({ ended }) => ended)).toEqual([false, false, false]);
    answer.resolve();
    await clock.run(0);
    expect(ends.map(({ ended }) => ended)).toEqual([true, true, true]);
  });

  it('takes no notice of handlers that end later', async () => {
    const { consumer, queued, seen, clock, finish } = aScene();
    queued.push('a', 'b');
    consumer.start();
    await clock.run(0);
    await consumer.requeueAll();
    finish('a');
    await clock.run(1000);
    expect([seen.started, consumer.inFlight, clock.waiting]).toEqual([['a'], 0, 0]);
  });
});

describe('a consumer, whatever happens in whatever order,', () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('answer', 'answer', 'answer', 'refuse') },
    { weight: 3, arbitrary: fc.constantFrom('offer', 'finish') },
    { weight: 2, arbitrary: fc.constantFrom('tick', 'start', 'stop', 'requeueAll') },
  );

  it('drops no ticket: each one it was given was worked on to the end or released', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), fc.nat({ max: 3 }), async (steps, which) => {
        const clock = new VirtualClock();
        const pending: { answer: () => void; refuse: () => void }[] = [];
        const queued: string[] = [];
        const handlers = new Map<string, () => void>();
        const given = new Set<string>();
        const done = new Set<string>();
        let made = 0;
        /** A call whose answer comes when a step says so. */
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
          else ends.push(ending(consumer[what]()));
          await clock.run(0);
          expect(consumer.inFlight).toBeLessThanOrEqual(2);
        }
        ends.push(ending(which < 2 ? consumer.stop() : consumer.requeueAll()));
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
