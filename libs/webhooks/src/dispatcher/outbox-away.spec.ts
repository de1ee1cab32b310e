import { SmartSupportError } from '@smart-support/contracts';
import { VirtualClock } from '@smart-support/testing';
import * as fc from 'fast-check';
import { BROKEN, DELIVERED, GONE } from '../../test/hand-sender';
import { ids, type SceneOptions, webhookScene } from '../../test/scene';

function scene(options?: SceneOptions) {
  const clock = new VirtualClock();
  return { clock, ...webhookScene(clock, options) };
}

const AWAY = new SmartSupportError('unavailable', 'Redis is away');
const UNKNOWN = new SmartSupportError('outcome_unknown', 'No answer came');
const CORRUPT = new SmartSupportError('corrupt', 'Not ours');

describe('while the outbox is away', () => {
  it('nothing is thrown, the error is reported once, and the work goes on afterwards', async () => {
    const { clock, outbox, sender, observer } = scene({ answer: DELIVERED });
    outbox.add('T-1');
    outbox.failure = AWAY;
    await clock.run(60_000);
    expect([observer.reports, sender.tried]).toEqual([['error unavailable'], []]);
    outbox.failure = undefined;
    await clock.run(1000);
    expect(observer.reports).toEqual(['error unavailable', 'delivered T-1']);
  });

  it('another kind of error is reported too, and the next outage again', async () => {
    const { clock, outbox, observer } = scene({ answer: DELIVERED });
    for (const failure of [AWAY, UNKNOWN, undefined, UNKNOWN, new Error('words')]) {
      outbox.failure = failure;
      await clock.run(3000);
    }
    expect(observer.reports).toEqual([
      'error unavailable',
      'error outcome_unknown',
      'error outcome_unknown',
      'error Error: words',
    ]);
  });

  it.each([AWAY, UNKNOWN])('an event that was delivered is not delivered again: $code', async (failure) => {
    const { clock, outbox, sender, observer } = scene({ events: ['T-1'] });
    await clock.run(0);
    outbox.failure = failure;
    sender.end('T-1');
    await clock.run(120_000);
    expect(outbox.ids).toEqual(['T-1']);
    outbox.failure = undefined;
    await clock.run(1000);
    expect([outbox.ids, sender.tried, observer.count('delivered')]).toEqual([[], ['T-1'], 1]);
  });

  it('a failed try waits as long as if the outbox had recorded it at once', async () => {
    const { clock, outbox, sender } = scene({ events: ['T-1'] });
    await clock.run(0);
    outbox.failure = AWAY;
    sender.end('T-1', BROKEN);
    await clock.run(2000);
    outbox.failure = undefined;
    await clock.run(0);
    expect(outbox.attempts('T-1')).toBe(0);
    await clock.run(1000);
    expect([outbox.attempts('T-1'), outbox.dueIn('T-1')]).toEqual([1, 750]);
  });

  it('an event that it refuses to record is left to its lease', async () => {
    const { clock, outbox, sender, observer } = scene({ events: ['T-1'] });
    await clock.run(0);
    outbox.failure = CORRUPT;
    sender.end('T-1');
    await clock.run(0);
    outbox.failure = undefined;
    await clock.run(29_000);
    expect(outbox.calls.filter((call) => call.startsWith('acknowledge'))).toHaveLength(1);
    await clock.run(2000);
    expect([sender.tried, observer.count('error')]).toEqual([['T-1', 'T-1'], 1]);
  });

  it('stopping does not wait for it: each event in flight is written once more, and left to its lease', async () => {
    const { clock, outbox, sender, dispatcher } = scene({ events: ['T-1', 'T-2'] });
    await clock.run(0);
    outbox.failure = AWAY;
    sender.end('T-1');
    await clock.run(0);
    outbox.calls.length = 0;
    const stopping = dispatcher.stop();
    sender.end('T-2', BROKEN);
    await stopping;
    expect([outbox.calls, clock.waiting]).toEqual([['acknowledge T-1', 'retryLater T-2'], 0]);
  });

  it('is borne with patience again after a stop and a start', async () => {
    const { clock, outbox, sender, dispatcher } = scene();
    await dispatcher.stop();
    dispatcher.start();
    outbox.add('T-1');
    dispatcher.wake();
    await clock.run(0);
    outbox.failure = AWAY;
    sender.end('T-1');
    await clock.run(5000);
    outbox.failure = undefined;
    await clock.run(1000);
    expect([outbox.ids, sender.tried]).toEqual([[], ['T-1']]);
  });
});

describe('under random failures of receiver and outbox', () => {
  const step = fc.record({
    outcome: fc.constantFrom(DELIVERED, DELIVERED, BROKEN, BROKEN, BROKEN, BROKEN, GONE),
    outage: fc.constantFrom(undefined, undefined, AWAY, UNKNOWN),
    outageMs: fc.integer({ min: 1, max: 3_600_000 }),
  });

  it('every event ends in exactly one way, and none is tried more than eight times', async () => {
    const steps = fc.array(step, { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }), steps, async (count, script) => {
        const events = ids(count);
        const { clock, outbox, sender, observer, dispatcher } = scene({ events, idleMs: 60_000 });
        let nth = 0;
        sender.answer = () => {
          const { outcome, outage, outageMs } = script[nth++ % script.length]!;
          // The outbox fails right when an outcome is to be recorded.
          outbox.failure = outage;
          if (outage) clock.after(outageMs, () => void (outbox.failure = undefined));
          return outcome;
        };
        await clock.run(4 * 24 * 60 * 60 * 1000);
        await dispatcher.stop();
        expect([outbox.ids, clock.waiting]).toEqual([[], 0]);
        for (const id of events) {
          const ends = observer.reports.filter((report) => /^(?:delivered|givenUp|recordedOnly) /.test(report));
          expect(ends.filter((report) => report.endsWith(` ${id}`))).toHaveLength(1);
          expect(sender.tried.filter((tried) => tried === id).length).toBeLessThanOrEqual(8);
        }
      }),
      { numRuns: 25 },
    );
  }, 60_000);
});
