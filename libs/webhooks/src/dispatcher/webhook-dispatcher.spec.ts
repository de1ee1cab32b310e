import { isSmartSupportError } from '@smart-support/contracts';
import { VirtualClock } from '@smart-support/testing';
import { FakeOutbox } from '../../test/fake-outbox';
import { BROKEN, DELIVERED, GONE, HandSender } from '../../test/hand-sender';
import { RecordingObserver } from '../../test/recording-observer';
import { ids, type SceneOptions, webhookScene } from '../../test/scene';
import { createWebhookDispatcher } from './webhook-dispatcher';

function scene(options?: SceneOptions) {
  const clock = new VirtualClock();
  return { clock, ...webhookScene(clock, options) };
}

const DAYS_MS = 3 * 24 * 60 * 60 * 1000;

describe('an event', () => {
  it('is delivered, acknowledged and reported once', async () => {
    const { clock, outbox, sender, observer } = scene({ events: ['T-1'], answer: DELIVERED });
    await clock.run(60_000);
    expect([sender.tried, outbox.ids, observer.reports]).toEqual([['T-1'], [], ['delivered T-1']]);
  });

  it('is taken with a lease well beyond the time that a try may take', async () => {
    const { clock, outbox } = scene({ answer: DELIVERED });
    await clock.run(0);
    expect(outbox.leases).toEqual([30_000]);
  });

  it('that was not taken is tried again under the same id, when its wait is over and not before', async () => {
    const { clock, outbox, sender, observer } = scene({ events: ['T-1'], answer: BROKEN });
    await clock.run(0);
    expect([outbox.dueIn('T-1'), outbox.attempts('T-1')]).toEqual([3750, 1]);
    await clock.run(3000);
    expect(sender.tried).toEqual(['T-1']);
    sender.answer = () => DELIVERED;
    await clock.run(1000);
    expect(sender.tried).toEqual(['T-1', 'T-1']);
    expect(observer.reports).toEqual(['retryScheduled T-1', 'delivered T-1']);
    expect(observer.given).toEqual([
      [expect.objectContaining({ attempt: 1 }), BROKEN, 3750],
      [expect.objectContaining({ attempt: 2 })],
    ]);
  });

  it('is given up after the eighth try: acknowledged, and reported', async () => {
    const { clock, outbox, sender, observer } = scene({ events: ['T-1'], answer: BROKEN, idleMs: 60_000 });
    await clock.run(DAYS_MS);
    expect([sender.tried.length, outbox.ids, observer.count('retryScheduled')]).toEqual([8, [], 7]);
    expect(observer.reports.at(-1)).toBe('givenUp T-1');
    expect(observer.given.at(-1)).toEqual([expect.objectContaining({ attempt: 8 }), BROKEN]);
  });

  it.each([
    ['later than our own wait', 60_000, 60_000],
    ['sooner than our own wait', 1, 3750],
  ])('comes back when the receiver asked for it, if that is %s', async (_what, retryAfterMs, delayMs) => {
    const { clock, outbox } = scene({ events: ['T-1'], answer: { ...BROKEN, retryAfterMs } as typeof BROKEN });
    await clock.run(0);
    expect(outbox.dueIn('T-1')).toBe(delayMs);
  });

  it('is tried again by another process when its own died', async () => {
    const { clock, outbox, sender } = scene({ answer: DELIVERED });
    outbox.add('T-1');
    await outbox.claim(1, 30_000);
    await clock.run(29_000);
    expect(sender.tried).toEqual([]);
    await clock.run(2000);
    expect([sender.tried, outbox.ids]).toEqual([['T-1'], []]);
  });

  it('is put off like any other when the sender itself breaks, whose words are not passed on', async () => {
    const { clock, outbox, sender, observer } = scene({ events: ['T-1'] });
    sender.send = () => Promise.reject(new Error('http://ada:hunter2@host'));
    await clock.run(0);
    expect([observer.reports, outbox.attempts('T-1')]).toEqual([['retryScheduled T-1'], 1]);
    expect(JSON.stringify(observer.given)).not.toContain('hunter2');
  });
});

describe('what an observer gets', () => {
  it('is which event, which try and how long it took, and nothing of its text', async () => {
    const { clock, sender, observer } = scene({ events: ['T-1', 'T-2', 'T-3'] });
    await clock.run(0);
    await clock.run(400);
    sender.end('T-1');
    sender.end('T-2', BROKEN);
    sender.end('T-3', GONE);
    await clock.run(0);
    const createdAt = '2030-01-01T00:00:00.000Z';
    expect(observer.given[0]).toEqual([{ id: 'T-1', createdAt, attempt: 1, tookMs: 400 }]);
    expect(observer.reports).toHaveLength(4);
    expect(JSON.stringify(observer.given)).not.toContain('secret');
  });
});

describe('many events', () => {
  it('are on their way at once, but not more than eight', async () => {
    const { clock, outbox, sender } = scene({ events: ids(20) });
    await clock.run(5000);
    expect([sender.onTheWay, outbox.calls]).toEqual([8, ['claim 8']]);
  });

  it('follow as soon as a hand is free, without waiting for the pause', async () => {
    const { clock, sender } = scene({ events: ids(20) });
    await clock.run(0);
    sender.end('T-3');
    await clock.run(0);
    expect([sender.onTheWay, sender.tried.at(-1)]).toEqual([8, 'T-9']);
  });

  it('are all delivered at once when the receiver is fast', async () => {
    const { clock, outbox, sender } = scene({ events: ids(1000), answer: DELIVERED });
    await clock.run(0);
    for (let turns = 0; turns < 1000 && outbox.ids.length > 0; turns++) await clock.run(0);
    expect([outbox.ids, sender.tried]).toEqual([[], ids(1000)]);
  });

  it('are as many at once as was asked for', async () => {
    const { clock, sender } = scene({ events: ids(20), concurrency: 3 });
    await clock.run(5000);
    expect(sender.onTheWay).toBe(3);
  });
});

describe('an outbox without due events', () => {
  it('is looked at once a second', async () => {
    const { clock, outbox } = scene({ answer: DELIVERED });
    await clock.run(3500);
    expect(outbox.calls).toEqual(['claim 8', 'claim 8', 'claim 8', 'claim 8']);
  });

  it('is read at once by `wake`, and a second later again', async () => {
    const { clock, outbox, sender, dispatcher } = scene({ answer: DELIVERED });
    await clock.run(500);
    outbox.add('T-1');
    dispatcher.wake();
    await clock.run(0);
    expect(sender.tried).toEqual(['T-1']);
    await clock.run(999);
    expect(outbox.calls.filter((call) => call === 'claim 8')).toHaveLength(2);
  });

  it('is looked at again if the event came during a look', async () => {
    const { clock, outbox, sender, dispatcher } = scene({ answer: DELIVERED });
    const looked = clock.run(0);
    outbox.add('T-1');
    dispatcher.wake();
    dispatcher.wake();
    await looked;
    expect(sender.tried).toEqual(['T-1']);
  });
});

describe('a receiver that is dead', () => {
  it('is tried by two at once and no more, however many events wait', async () => {
    const { clock, sender } = scene({ events: ids(100) });
    await clock.run(0);
    sender.endAll({ outcome: 'failed', reason: 'timeout', message: 'The receiver did not answer.' });
    await clock.run(60_000);
    expect(sender.onTheWay).toBe(2);
  });

  it('is tried twice a second and no more, even if it refuses at once and `wake` is called', async () => {
    const { clock, sender, dispatcher } = scene({ events: ids(1000), answer: BROKEN });
    for (let seconds = 0; seconds < 100; seconds++) {
      for (let times = 0; times < 20; times++) dispatcher.wake();
      await clock.run(1000);
    }
    expect(sender.tried.length).toBeGreaterThan(8);
    expect(sender.tried.length).toBeLessThanOrEqual(8 + 2 * 101);
  });

  it('is served at full speed from its first good answer on', async () => {
    const { clock, sender } = scene({ events: ids(100), answer: BROKEN });
    await clock.run(10_000);
    sender.answer = undefined;
    await clock.run(1000);
    expect(sender.onTheWay).toBe(2);
    sender.endAll();
    await clock.run(0);
    expect(sender.onTheWay).toBe(8);
  });
});

describe('a receiver that is gone', () => {
  it('gets nothing more: events are settled and recorded only', async () => {
    const { clock, outbox, sender, observer } = scene({ events: ['T-1'], answer: GONE });
    await clock.run(0);
    outbox.add('T-2', 'T-3');
    await clock.run(1000);
    expect([sender.tried, outbox.ids]).toEqual([['T-1'], []]);
    expect(observer.reports).toEqual(['endpointGone T-1', 'recordedOnly T-1', 'recordedOnly T-2', 'recordedOnly T-3']);
  });

  it('says so once, even if several tries were on their way', async () => {
    const { clock, outbox, sender, observer } = scene({ events: ['T-1', 'T-2', 'T-3'] });
    await clock.run(0);
    sender.end('T-1', GONE);
    sender.end('T-2', GONE);
    sender.end('T-3', DELIVERED);
    await clock.run(0);
    expect([observer.count('endpointGone'), observer.count('recordedOnly'), observer.count('delivered')]).toEqual([
      1, 2, 1,
    ]);
    expect(outbox.ids).toEqual([]);
  });

  it('stays gone when the dispatcher is stopped and started again', async () => {
    const { clock, outbox, sender, dispatcher } = scene({ events: ['T-1'], answer: GONE });
    await clock.run(0);
    await dispatcher.stop();
    dispatcher.start();
    outbox.add('T-2');
    await clock.run(1000);
    expect([sender.tried, outbox.ids]).toEqual([['T-1'], []]);
  });
});

describe('stopping', () => {
  it('takes no more, waits for the events in flight, and leaves no timer', async () => {
    const { clock, outbox, sender, observer, dispatcher } = scene({ events: ids(9) });
    await clock.run(0);
    let stopped = false;
    const stopping = dispatcher.stop().then(() => (stopped = true));
    for (const id of ids(7)) sender.end(id);
    await clock.run(9000);
    expect(stopped).toBe(false);
    sender.end('T-8');
    await stopping;
    expect([observer.count('delivered'), outbox.ids, clock.waiting]).toEqual([8, ['T-9'], 0]);
  });

  it('delivers what a look that was under way has taken', async () => {
    const { outbox, sender, dispatcher } = scene({ events: ['T-1'], answer: DELIVERED });
    await dispatcher.stop();
    expect([sender.tried, outbox.ids]).toEqual([['T-1'], []]);
  });

  it('is harmless twice, and before the start', async () => {
    const clock = new VirtualClock();
    const outbox = new FakeOutbox(clock);
    const options = { outbox, sender: new HandSender(DELIVERED), observer: new RecordingObserver(), clock };
    const dispatcher = createWebhookDispatcher(options);
    await Promise.all([dispatcher.stop(), dispatcher.stop()]);
    dispatcher.wake();
    await clock.run(5000);
    expect([outbox.calls, clock.waiting]).toEqual([[], 0]);
  });

  it('can be undone by another start, which is the only one that counts', async () => {
    const { clock, outbox, sender, dispatcher } = scene({ answer: DELIVERED });
    await dispatcher.stop();
    outbox.add('T-1');
    await clock.run(5000);
    expect(sender.tried).toEqual([]);
    dispatcher.start();
    dispatcher.start();
    await clock.run(0);
    expect([sender.tried, clock.waiting]).toEqual([['T-1'], 1]);
  });
});

describe('a dispatcher', () => {
  it.each([
    [{ concurrency: 0 }],
    [{ concurrency: 1.5 }],
    [{ concurrency: Number.NaN }],
    [{ idleMs: 0 }],
    [{ idleMs: Infinity }],
  ])('is not made with numbers that cannot work: %j', (wrong) => {
    let error: unknown;
    try {
      scene(wrong);
    } catch (thrown) {
      error = thrown;
    }
    expect(isSmartSupportError(error, 'invalid_config')).toBe(true);
    expect((error as Error).message).toContain(Object.keys(wrong)[0]);
  });
});
