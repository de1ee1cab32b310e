import { type Claim } from '@smart-support/contracts';
import { aClaim, createHarness, away } from './spec-support/consumer-harness';

describe('a consumer', () => {
  it('has no more tickets in flight than its concurrency', async () => {
    const { consumer, clock, queued, calls, seen } = createHarness({ concurrency: 2 });
    queued.push('a', 'b', 'c');
    consumer.start();
    consumer.start();
    await clock.run(1000);
    expect([seen.started, consumer.inFlight, queued, calls.claims]).toEqual([['a', 'b'], 2, ['c'], [2]]);
  });

  it('claims the next ticket as soon as a handler is free', async () => {
    const { consumer, queued, seen, settle, finish, clock } = createHarness();
    queued.push('a', 'b');
    consumer.start();
    await settle();
    finish('a');
    await settle();
    expect([seen.started, clock.monotonic()]).toEqual([['a', 'b'], 0]);
  });

  it('claims as many as it has free handlers, and claims nothing from an empty queue', async () => {
    const { consumer, calls, settle, finish, offer } = createHarness({ concurrency: 3 });
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

  it('claims more from a long queue before the reply to the last claim, but never more than it has free handlers', async () => {
    const asked: { limit: number; answer: (claims: Claim[]) => void }[] = [];
    const claim = (limit: number) => new Promise<Claim[]>((answer) => void asked.push({ limit, answer }));
    const { consumer, settle, finish } = createHarness({ concurrency: 4, queue: { claim } });
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

  it.each([1, 2, 3, 8])('never exceeds its concurrency, however fast the replies come (%d)', async (concurrency) => {
    const most = { inFlight: 0 };
    const { consumer, queued, settle } = createHarness({
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
  });

  it('waits for work only with a free handler: a signal must not go to a consumer that cannot claim', async () => {
    const { consumer, calls, queued, settle, finish, offer, waits } = createHarness({ concurrency: 2 });
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

  it('goes on at once after an outage, and reports each error once', async () => {
    let isAway = false;
    const queued: string[] = [];
    const { consumer, clock, seen, finish, settle } = createHarness({
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

  it('notices at once that a long queue has become empty', async () => {
    const { consumer, clock, queued, seen, settle, finish, offer } = createHarness();
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

  it('waits at an empty queue and claims as soon as a ticket is queued', async () => {
    const { consumer, seen, settle, offer, clock } = createHarness();
    consumer.start();
    await clock.run(40);
    offer('late');
    await settle();
    expect([seen.started, clock.monotonic()]).toEqual([['late'], 40]);
  });

  it('claims by itself after the longest wait: a retry may be due', async () => {
    const { consumer, seen, queued, clock } = createHarness();
    consumer.start();
    await clock.run(50);
    queued.push('due');
    await clock.run(49);
    expect(seen.started).toEqual([]);
    await clock.run(1);
    expect(seen.started).toEqual(['due']);
  });

  it('sweeps the tickets of dead workers, also while all its handlers are busy', async () => {
    const { consumer, calls, queued, clock } = createHarness();
    queued.push('a');
    consumer.start();
    await clock.run(1000);
    expect(calls.sweeps).toBeGreaterThanOrEqual(10);
    expect(calls.claims).toEqual([1]);
  });

  it('leaves the sweep to others if it is configured so', async () => {
    const { consumer, calls, queued, clock } = createHarness({ sweep: false });
    queued.push('a');
    consumer.start();
    await clock.run(1000);
    expect([calls.sweeps, consumer.inFlight]).toEqual([0, 1]);
  });

  it('goes on when a handler fails, and reports the error', async () => {
    const handled: string[] = [];
    const harness = createHarness({
      handle: ({ record }) => {
        handled.push(record.ticket.id);
        if (record.ticket.id === 'a') throw new Error('at once');
        return Promise.reject(new Error('later'));
      },
    });
    harness.queued.push('a', 'b', 'c');
    harness.consumer.start();
    await harness.settle();
    expect([handled, harness.seen.errors]).toEqual([
      ['a', 'b', 'c'],
      ['at once', 'later', 'later'],
    ]);
  });
});

describe('a consumer whose broker is away', () => {
  it.each([['sweep' as const], ['claim' as const], ['waitForWork' as const]])(
    'pauses after a failed %s, and continues by itself',
    async (call) => {
      let broken = true;
      let tries = 0;
      const { consumer, queued, seen, clock } = createHarness({
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
