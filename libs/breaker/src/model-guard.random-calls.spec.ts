import { SmartSupportError, type RunOptions } from '@smart-support/contracts';
import { VirtualClock } from '@smart-support/testing';
import * as fc from 'fast-check';
import type { BreakerEvent } from './breaker-state';
import { CircuitBreaker } from './circuit-breaker';
import { ModelGuard } from './model-guard';

const DEADLINE_MS = 1200;
const PROBE_MS = 300;

const ENDINGS = ['answer', 'model_failed', 'invalid_input', 'overloaded', 'closed'] as const;

/** What the model is going to do with a call. */
interface Plan {
  /** `null`: joins another's run or is answered from the cache, and never starts. */
  readonly startsAfterMs: number | null;
  readonly runsForMs: number;
  readonly ending: (typeof ENDINGS)[number];
}

/** A call as the model saw it. */
interface Made {
  readonly madeAt: number;
  readonly shadow: boolean;
  startedAt: number | null;
  endedAt: number | null;
  /** `aborted` when it left the line. */
  end: Plan['ending'] | 'aborted' | null;
}

/** One day of a guard and its model, with everything noted that both of them saw. */
class Day {
  readonly clock = new VirtualClock();
  readonly events: BreakerEvent[] = [];
  readonly made: Made[] = [];
  readonly asked: { readonly at: number; readonly wasOpen: boolean; readonly answers: [number, unknown][] }[] = [];
  mostShadowsInFlight = 0;
  /** Timers of the model itself. */
  modelTimers = 0;
  private readonly probePlans: Iterator<Plan>;
  readonly guard: ModelGuard;

  constructor(probePlans: readonly Plan[]) {
    this.probePlans = probePlans[Symbol.iterator]();
    const { clock } = this;
    const breaker = new CircuitBreaker({ name: 'minilm', clock, listener: (event) => this.events.push(event) });
    const HEALTHY: Plan = { startsAfterMs: 0, runsForMs: 20, ending: 'answer' };
    this.guard = new ModelGuard({
      breaker,
      clock,
      deadlineMs: DEADLINE_MS,
      probeMs: PROBE_MS,
      idleProbeMs: 700,
      probe: this.model(true, () => this.probePlans.next().value ?? HEALTHY),
    });
  }

  ask(plan: Plan): void {
    const wasOpen = this.guard.state === 'open';
    const asked = { at: this.clock.monotonic(), wasOpen, answers: [] as [number, unknown][] };
    this.asked.push(asked);
    const note = (answer: unknown) => asked.answers.push([this.clock.monotonic(), answer]);
    this.guard.ask(this.model(wasOpen, () => plan)).then(note, (error: unknown) => note(error));
  }

  private model(shadow: boolean, planned: () => Plan) {
    return ({ signal, onStart }: RunOptions) =>
      new Promise<string>((resolve, reject) => {
        const { startsAfterMs, runsForMs, ending } = planned();
        const made: Made = { madeAt: this.clock.monotonic(), shadow, startedAt: null, endedAt: null, end: null };
        this.made.push(made);
        const inFlight = this.made.filter((call) => call.shadow && call.end === null);
        this.mostShadowsInFlight = Math.max(this.mostShadowsInFlight, inFlight.length);
        const end = (how: Made['end'], settle: () => void) => {
          if (made.end !== null) return;
          made.endedAt = this.clock.monotonic();
          made.end = how;
          settle();
        };
        const run = () => {
          this.after(runsForMs, () =>
            end(ending, () =>
              ending === 'answer' ? resolve('vector') : reject(new SmartSupportError(ending, 'As planned')),
            ),
          );
        };
        signal?.addEventListener('abort', () => {
          if (made.startedAt === null) end('aborted', () => reject(signal.reason));
        });
        if (startsAfterMs === null) run();
        else {
          this.after(startsAfterMs, () => {
            if (made.end !== null) return;
            made.startedAt = this.clock.monotonic();
            onStart?.();
            run();
          });
        }
      });
  }

  private after(ms: number, callback: () => void): void {
    this.modelTimers += 1;
    this.clock.after(ms, () => {
      this.modelTimers -= 1;
      callback();
    });
  }

  /** How many calls must have been counted by now. */
  countable(): number {
    const now = this.clock.monotonic();
    return this.made.filter(({ startedAt, endedAt, end }) => {
      if (end === 'model_failed') return true;
      if (startedAt === null) return false;
      return end === 'answer' || (endedAt ?? now) - startedAt > 500 || (end === null && now - startedAt === 500);
    }).length;
  }
}

const ms = fc.oneof(fc.constantFrom(0, 10, 199, 200, 250, 300, 500, 501), fc.integer({ min: 0, max: 1500 }));
const plan: fc.Arbitrary<Plan> = fc.record({
  startsAfterMs: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(0, 20) },
    { weight: 1, arbitrary: fc.option(ms, { nil: null }) },
  ),
  runsForMs: ms,
  ending: fc.oneof({ weight: 4, arbitrary: fc.constant('answer' as const) }, fc.constantFrom(...ENDINGS)),
});
const step = fc.oneof(
  fc.record({ ask: plan }),
  fc.record({ move: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 1200 })) }),
);

describe('for any interleaving of asks, starts, ends, failures and time', () => {
  /** Lives through the steps; `check` looks at the day after each one. */
  async function live(steps: readonly ({ ask: Plan } | { move: number })[], probes: readonly Plan[]): Promise<Day> {
    const day = new Day(probes);
    for (const next of steps) {
      if ('ask' in next) day.ask(next.ask);
      else await day.clock.run(next.move);
    }
    await day.clock.run(0);
    return day;
  }

  const forAnyDay = (check: (day: Day) => void | Promise<void>) =>
    fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.array(plan, { maxLength: 5 }), async (steps, probes) => {
        await check(await live(steps, probes));
      }),
      { numRuns: 100 },
    );

  it('every ask is answered exactly once, at the latest at its deadline, and at once while open', async () => {
    await forAnyDay(async (day) => {
      await day.clock.run(DEADLINE_MS);
      for (const { at, wasOpen, answers } of day.asked) {
        expect(answers.length).toBe(1);
        const [answeredAt, answer] = answers[0]!;
        expect(answeredAt - at).toBeLessThanOrEqual(wasOpen ? 0 : DEADLINE_MS);
        if (wasOpen) expect(answer).toEqual({ answered: false, reason: 'breaker_open' });
      }
    });
  });

  it('every call that counts is counted once, no other is', async () => {
    await forAnyDay((day) => {
      expect(day.events.filter(({ type }) => type === 'judged').length).toBe(day.countable());
    });
  });

  it('at most one shadow is in flight, and at most one begins in a probe time after the opening or the last one', async () => {
    await forAnyDay((day) => {
      expect(day.mostShadowsInFlight).toBeLessThanOrEqual(1);
      const start = day.clock.now() - day.clock.monotonic();
      const openings = day.events.flatMap(({ type, at }) => (type === 'opened' ? [at - start] : []));
      const shadows = day.made.flatMap(({ shadow, madeAt }) => (shadow ? [madeAt] : []));
      shadows.forEach((at, index) => {
        const openedAt = openings.findLast((opening) => opening <= at);
        expect(at - openedAt!).toBeGreaterThanOrEqual(PROBE_MS);
        if (index > 0) expect(at - shadows[index - 1]!).toBeGreaterThanOrEqual(PROBE_MS);
      });
    });
  });

  it('nothing is left after closing: no timer, no caller, no count, no probe', async () => {
    await forAnyDay(async (day) => {
      day.guard.close();
      expect(day.clock.waiting).toBe(day.modelTimers);
      await day.clock.run(0);
      expect(day.asked.every(({ answers }) => answers.length === 1)).toBe(true);
      const before = [day.events.length, day.made.length];
      await day.clock.run(20_000);
      expect([day.events.length, day.made.length]).toEqual(before);
      expect(day.asked.every(({ answers }) => answers.length === 1)).toBe(true);
    });
  });
});
