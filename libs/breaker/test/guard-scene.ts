import type { RunOptions, TimerClock } from '@smart-support/contracts';
import type { BreakerEvent } from '../src/breaker-state';
import { CircuitBreaker } from '../src/circuit-breaker';
import { ModelGuard, type ModelGuardOptions } from '../src/model-guard';

/** A clock that tests move. */
interface MovableClock extends TimerClock {
  run(ms: number): Promise<void>;
}

/** A call of a model in the hands of a test. */
export interface PendingCall {
  start(): void;
  /** It turns out to share another's run, which is under way. */
  join(): void;
  answer(value: string): void;
  fail(error: unknown): void;
  /** Why it was aborted, if it was. */
  abortedFor: unknown;
}

/** What the guard answered to the caller of a pending call so far: nothing, an answer, or its error. */
export interface AskedCall extends PendingCall {
  readonly asked: Promise<unknown>;
  readonly seen: readonly unknown[];
}

/** The answer that leaves the work to the baseline. */
export const BASELINE = (reason: string) => ({ answered: false, reason });

/** A model whose calls wait, start and end on command. They leave the queue when aborted before their start. */
export class HeldModel {
  /** Every call that was made, in order. */
  readonly calls: PendingCall[] = [];

  readonly call = ({ signal, onStart, onJoin }: RunOptions): Promise<string> =>
    new Promise((answer, fail) => {
      let isWaiting = true;
      const start = () => {
        isWaiting = false;
        onStart?.();
      };
      const join = () => {
        isWaiting = false;
        onJoin?.();
      };
      const pending: PendingCall = { start, join, answer, fail, abortedFor: undefined };
      signal?.addEventListener('abort', () => {
        pending.abortedFor = signal.reason;
        if (isWaiting) fail(signal.reason);
      });
      this.calls.push(pending);
    });
}

/** A guard before a model whose calls the test starts and ends. */
export function guardScene(clock: MovableClock, options: Partial<ModelGuardOptions> = {}) {
  const events: BreakerEvent[] = [];
  const listener = (event: BreakerEvent) => void events.push(event);
  const { breaker = new CircuitBreaker({ name: 'minilm', clock }) } = options;
  breaker.subscribe(listener);
  const probes = new HeldModel();
  const guard = new ModelGuard({ breaker, clock, deadlineMs: 2000, probe: probes.call, ...options });

  const verdicts = () => events.flatMap((event) => (event.type === 'judged' ? [event.verdict] : []));

  /** Asks, while the breaker is closed, and holds the call. */
  const hold = (): AskedCall => {
    const model = new HeldModel();
    const seen: unknown[] = [];
    const asked = guard.ask(model.call);
    asked.then(
      (answer) => seen.push(answer),
      (error: unknown) => seen.push(error),
    );
    const [call] = model.calls;
    if (!call) throw new Error('The guard did not make the call');
    return Object.assign(call, { asked, seen });
  };

  /** Asks; the call starts at once and is answered after so long. */
  const takes = async (ms: number): Promise<unknown> => {
    const call = hold();
    call.start();
    clock.after(ms, () => call.answer('vector'));
    await clock.run(ms);
    return call.asked;
  };

  /** Opens the breaker. */
  const trip = () => {
    for (let times = 0; times < 3; times++) breaker.record({ failed: true });
  };

  return { breaker, guard, events, verdicts, probes, hold, takes, trip };
}
