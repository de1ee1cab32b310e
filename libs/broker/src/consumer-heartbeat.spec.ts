import { VirtualClock } from '@smart-support/testing';
import { Consumer } from './consumer';
import { aClaim, createHarness, away, deferred } from './spec-support/consumer-harness';

describe('the heartbeat of a consumer', () => {
  it('renews claims in flight at a third of the lease, and sends nothing while there are none', async () => {
    const { consumer, calls, clock, offer, finish } = createHarness({ concurrency: 2 });
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

  it('comes in time although the reply to the one before is late', async () => {
    const sent: number[] = [];
    const { consumer, queued, clock } = createHarness({
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

  it('that fails is reported and repeated', async () => {
    const { consumer, queued, seen, clock } = createHarness({ queue: { heartbeat: away } });
    queued.push('a');
    consumer.start();
    await clock.run(2000);
    expect([seen.errors, consumer.inFlight]).toEqual([['The broker is away', 'The broker is away'], 1]);
  });

  it('that finds a claim lost reports it once and renews it no more; the ticket stays in flight until its handler ends', async () => {
    const renewed: string[][] = [];
    const { consumer, queued, seen, clock, finish, settle } = createHarness({
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

  it('does not report a ticket as lost that was finished while the reply was in flight', async () => {
    const answer = deferred<string[]>();
    const { consumer, queued, seen, clock, finish, settle } = createHarness({
      queue: { heartbeat: () => answer.promise },
    });
    queued.push('a');
    consumer.start();
    await clock.run(1000);
    finish('a');
    await settle();
    answer.resolve(['a']);
    await settle();
    expect(seen.lost).toEqual([]);
  });

  it('treats a claim as lost when the same ticket is claimed again', async () => {
    const claims = [aClaim('a', 'first'), aClaim('a', 'second')];
    const { consumer, calls, seen, clock } = createHarness({
      concurrency: 2,
      queue: { claim: async () => claims.splice(0, 1) },
    });
    consumer.start();
    await clock.run(1000);
    expect([seen.lost, seen.started, calls.renewed]).toEqual([['a'], ['a', 'a'], [['second']]]);
  });

  it('works without an observer of lost claims', async () => {
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
