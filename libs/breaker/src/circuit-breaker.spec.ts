import { VirtualClock } from '@smart-support/testing';
import * as fc from 'fast-check';
import type { BreakerEvent, BreakerState, CallOutcome } from './breaker-state';
import { latencyRule } from './breaker-rule';
import { CircuitBreaker } from './circuit-breaker';

const SLOW = { latencyMs: 501 };
const BETWEEN = { latencyMs: 300 };
const FAST = { latencyMs: 10 };
const FAILED = { failed: true } as const;

function scene(): { breaker: CircuitBreaker; clock: VirtualClock; events: BreakerEvent[] } {
  const clock = new VirtualClock(1000);
  const events: BreakerEvent[] = [];
  const breaker = new CircuitBreaker({ name: 'minilm', clock, listener: (event) => events.push(event) });
  return { breaker, clock, events };
}

function recordAll(breaker: CircuitBreaker, outcomes: readonly CallOutcome[]): boolean {
  for (const outcome of outcomes) breaker.record(outcome);
  return breaker.isOpen;
}

const turns = (events: readonly BreakerEvent[]) => events.filter(({ type }) => type !== 'judged');

describe('a circuit breaker', () => {
  it('starts closed', () => {
    const { breaker } = scene();
    expect([breaker.isOpen, breaker.state]).toEqual([false, { status: 'closed', slowInARow: 0 }]);
  });

  it.each([
    ['two slow calls do not open it', [SLOW, SLOW], false],
    ['three slow calls in a row open it', [SLOW, SLOW, SLOW], true],
    ['errors and overdue runs are slow calls', [FAILED, { overdue: true }, SLOW], true],
    ['a fast call breaks a run of slow ones', [SLOW, SLOW, FAST, SLOW], false],
    ['a call between breaks a run of slow ones', [SLOW, SLOW, BETWEEN, SLOW], false],
    ['500 ms is not slow', Array(9).fill({ latencyMs: 500 }), false],
  ] as const)('%s', (_, outcomes, isOpen) => {
    expect(recordAll(scene().breaker, outcomes)).toBe(isOpen);
  });

  it.each([
    ['four fast calls do not close it', [FAST, FAST, FAST, FAST], true],
    ['five fast calls in a row close it', [FAST, FAST, FAST, FAST, FAST], false],
    ['a slow call breaks a run of fast ones', [FAST, FAST, FAST, FAST, SLOW, FAST], true],
    ['an error breaks a run of fast ones', [FAST, FAST, FAST, FAST, FAILED, FAST], true],
    ['a call between breaks a run of fast ones', [FAST, FAST, FAST, FAST, BETWEEN, FAST], true],
    ['200 ms is not fast', Array(9).fill({ latencyMs: 200 }), true],
  ] as const)('while open, %s', (_, outcomes, isOpen) => {
    const { breaker } = scene();
    recordAll(breaker, [SLOW, SLOW, SLOW]);
    expect(recordAll(breaker, outcomes)).toBe(isOpen);
  });

  it('emits every judged call, and then what it led to', () => {
    const { breaker, clock, events } = scene();
    breaker.record(SLOW);
    breaker.record(FAILED);
    clock.advance(40);
    breaker.record({ overdue: true }, { shadow: true });
    const common = { name: 'minilm', type: 'judged', verdict: 'slow' };
    expect(events).toEqual([
      { ...common, at: 1000, latencyMs: 501, shadow: false },
      { ...common, at: 1000, latencyMs: null, shadow: false },
      { ...common, at: 1040, latencyMs: null, shadow: true },
      { name: 'minilm', type: 'opened', at: 1040, why: { overdue: true }, slowInARow: 3 },
    ]);
    expect(breaker.state).toEqual({ status: 'open', openedAt: 1040, fastInARow: 0 });
  });

  it('says on closing how long it was open', () => {
    const { breaker, clock, events } = scene();
    recordAll(breaker, [SLOW, SLOW, SLOW]);
    clock.advance(2500);
    recordAll(breaker, Array(5).fill(FAST));
    expect(turns(events).at(-1)).toEqual({ name: 'minilm', type: 'closed', at: 3500, openForMs: 2500 });
  });

  it('was open for 0 ms, not for less, when the wall clock was set back', () => {
    const events: BreakerEvent[] = [];
    const json = { name: 'minilm', state: { status: 'open', openedAt: 9000, fastInARow: 4 } };
    CircuitBreaker.restore(json, {
      name: 'minilm',
      clock: new VirtualClock(1000),
      listener: (event) => events.push(event),
    }).record(FAST);
    expect(turns(events)).toEqual([{ name: 'minilm', type: 'closed', at: 1000, openForMs: 0 }]);
  });

  it('is not broken by a listener that throws, nor are the other listeners', () => {
    const clock = new VirtualClock();
    const fail = () => {
      throw new Error('The log is full');
    };
    const breaker = new CircuitBreaker({ name: 'minilm', clock, listener: fail });
    const seen: string[] = [];
    breaker.subscribe(({ type }) => seen.push(type));
    expect(recordAll(breaker, [SLOW, SLOW, SLOW])).toBe(true);
    expect(seen).toEqual(['judged', 'judged', 'judged', 'opened']);
  });

  it('calls a listener no more once it unsubscribed, even if another listener unsubscribed it during the same event', () => {
    const { breaker } = scene();
    const seen: string[] = [];
    breaker.subscribe(() => leave());
    const leave = breaker.subscribe(({ type }) => seen.push(type));
    breaker.record(FAST);
    expect(seen).toEqual([]);
  });

  it('shows a listener the state that the event speaks of', () => {
    const { breaker } = scene();
    const seen: [string, boolean][] = [];
    breaker.subscribe(({ type }) => seen.push([type, breaker.isOpen]));
    recordAll(breaker, [SLOW, SLOW, SLOW]);
    expect(seen.at(-1)).toEqual(['opened', true]);
  });

  it.each([-1, Number.NaN])('refuses a latency of %d and counts nothing', (latencyMs) => {
    const { breaker, events } = scene();
    expect(() => breaker.record({ latencyMs })).toThrow(expect.objectContaining({ code: 'invalid_input' }));
    expect([breaker.state, events]).toEqual([{ status: 'closed', slowInARow: 0 }, []]);
  });

  it('has no open state without the time it opened', () => {
    type IsWritable = { status: 'open'; fastInARow: number } extends BreakerState ? true : false;
    // The type check of the tests is the test: `true` could not be assigned.
    const isWritable: IsWritable = false;
    expect(isWritable).toBe(false);
  });

  it('obeys another rule', () => {
    const rule = latencyRule({ latencyMs: 50, fastMs: 20, openCount: 1, closeCount: 1 });
    const breaker = new CircuitBreaker({ name: 'minilm', clock: new VirtualClock(), rule });
    expect(recordAll(breaker, [{ latencyMs: 51 }])).toBe(true);
    expect(recordAll(breaker, [{ latencyMs: 19 }])).toBe(false);
  });
});

describe('the snapshot of a circuit breaker', () => {
  const restore = (json: unknown) => CircuitBreaker.restore(json, { name: 'minilm', clock: new VirtualClock() });
  const open = { status: 'open', openedAt: 5, fastInARow: 2 };

  it('brings back both states', () => {
    expect(restore({ name: 'minilm', state: open }).state).toEqual(open);
    expect(restore({ name: 'minilm', state: { status: 'closed', slowInARow: 2 } }).state).toEqual({
      status: 'closed',
      slowInARow: 2,
    });
  });

  it('belongs to one model', () => {
    expect(() => restore({ name: 'distilbert', state: open })).toThrow('name: must be "minilm"');
  });

  it.each([
    undefined,
    null,
    'closed',
    7,
    [],
    {},
    { name: 'minilm' },
    { name: 'minilm', state: null },
    { name: 'minilm', state: { status: 'half-open' } },
    { name: 'minilm', state: { status: 'closed' } },
    { name: 'minilm', state: { status: 'closed', slowInARow: -1 } },
    { name: 'minilm', state: { status: 'closed', slowInARow: 0.5 } },
    { name: 'minilm', state: { status: 'closed', slowInARow: '1' } },
    { name: 'minilm', state: { status: 'open', fastInARow: 0 } },
    { name: 'minilm', state: { ...open, openedAt: null } },
    { name: 'minilm', state: { ...open, openedAt: Number.NaN } },
    { name: 'minilm', state: { ...open, fastInARow: 1e300 } },
  ])('is refused when corrupt: %j', (json) => {
    expect(() => restore(json)).toThrow(expect.objectContaining({ code: 'invalid_input' }));
  });
});

/** Open or closed, found the long way: after each call, look back over everything since the last turn. */
function isOpenAfter(history: readonly CallOutcome[]): boolean {
  let isOpen = false;
  let turnedAt = 0;
  history.forEach((_, index) => {
    const sinceTurn = history.slice(turnedAt, index + 1);
    const last = sinceTurn.slice(isOpen ? -5 : -3);
    const isSlow = (call: CallOutcome) => !('latencyMs' in call) || call.latencyMs > 500;
    const isFast = (call: CallOutcome) => 'latencyMs' in call && call.latencyMs < 200;
    if (isOpen ? last.length === 5 && last.every(isFast) : last.length === 3 && last.every(isSlow)) {
      isOpen = !isOpen;
      turnedAt = index + 1;
    }
  });
  return isOpen;
}

describe('for any sequence of judged calls', () => {
  const outcome = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom<CallOutcome>(FAST, SLOW) },
    fc.constantFrom<CallOutcome>(BETWEEN, FAILED, { overdue: true }, { latencyMs: 200 }, { latencyMs: 500 }),
    fc.integer({ min: 0, max: 1000 }).map((latencyMs) => ({ latencyMs })),
  );
  /** Runs of equal calls, so that it turns often. */
  const stretch = fc
    .tuple(outcome, fc.integer({ min: 1, max: 6 }))
    .map(([call, times]): CallOutcome[] => Array(times).fill(call));
  const history = fc.array(stretch, { maxLength: 15 }).map((stretches) => stretches.flat());

  it('it is open exactly when the whole history says so', () => {
    fc.assert(
      fc.property(history, (calls) => {
        const { breaker } = scene();
        const seen = calls.map((call) => recordAll(breaker, [call]));
        expect(seen).toEqual(calls.map((_, index) => isOpenAfter(calls.slice(0, index + 1))));
      }),
    );
  });

  it('being saved and restored at any point changes nothing that follows', () => {
    fc.assert(
      fc.property(history, history, (before, after) => {
        const one = scene();
        recordAll(one.breaker, before);
        const received: BreakerEvent[] = [];
        const json: unknown = JSON.parse(JSON.stringify(one.breaker));
        const restored = CircuitBreaker.restore(json, {
          name: 'minilm',
          clock: one.clock,
          listener: (event) => received.push(event),
        });
        one.events.length = 0;
        for (const call of after) {
          one.clock.advance(7);
          one.breaker.record(call);
          restored.record(call);
          expect(restored.state).toEqual(one.breaker.state);
        }
        expect(received).toEqual(one.events);
      }),
    );
  });
});
