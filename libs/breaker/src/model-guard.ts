import { invalid, SmartSupportError, systemClock, type TimerClock } from '@smart-support/contracts';
import type { CircuitBreaker } from './circuit-breaker';
import { FailureMemory } from './error-kinds';
import { GuardedCall, type GuardedAnswer, waitIssues } from './guarded-call';
import { ShadowRuns } from './shadow-runs';
import type { ModelCall, RunContext } from './watched-run';

/** What a {@link ModelGuard} is made of. All times are milliseconds, above 0. */
export interface ModelGuardOptions {
  /** The breaker of this model, and of no other. May be open already. */
  readonly breaker: CircuitBreaker;
  /** Runs the timers; the system clock by default. */
  readonly clock?: TimerClock;
  /** A caller is answered after this time at the latest; the run goes on. */
  readonly deadlineMs: number;
  /**
   * A call that has not started after this time is given up and answered as `overloaded`.
   * By default half of the rule's limit for slow calls, so that a caller who only waits for a thread gets the baseline's answer
   * well before a slow model would count as slow.
   */
  readonly maxWaitMs?: number;
  /** While open, at most one call in this time goes to the model in the shadow; 1000 by default. */
  readonly probeMs?: number;
  /** While open and after so long without a caller, the probe goes to the model in the shadow; 5000 by default. */
  readonly idleProbeMs?: number;
  /** Asks the model about a fixed text, past any cache, so that it heals without traffic. */
  readonly probe: ModelCall<unknown>;
}

/**
 * Sends calls of a heavy model past its circuit breaker. A caller gets the model's answer, or in time
 * the reason why a baseline must answer instead.
 */
export class ModelGuard {
  /** The breaker that counts the calls. */
  readonly breaker: CircuitBreaker;
  private readonly context: RunContext;
  private readonly deadlineMs: number;
  private readonly shadows: ShadowRuns;
  private readonly calls = new Set<Closable>();
  private readonly unsubscribe: () => void;
  private isClosed = false;

  /** @throws SmartSupportError `invalid_config` that names every time out of range */
  constructor(options: ModelGuardOptions) {
    const { breaker, clock = systemClock, deadlineMs, probe, probeMs = 1000, idleProbeMs = 5000 } = options;
    const { maxWaitMs = breaker.rule.slowAfterMs / 2 } = options;
    const issues = waitIssues({ deadlineMs, maxWaitMs, probeMs, idleProbeMs });
    if (issues.length > 0) throw invalid('guard of a model', issues, { code: 'invalid_config' });
    this.breaker = breaker;
    this.deadlineMs = deadlineMs;
    this.context = { breaker, clock, maxWaitMs, failures: new FailureMemory() };
    this.shadows = new ShadowRuns(this.context, { probeMs, idleProbeMs }, probe);
    this.unsubscribe = breaker.subscribe(({ type }) => {
      if (type !== 'judged') this.applyBreakerState();
    });
    this.applyBreakerState();
  }

  /** Whether the model (`closed`) or the baseline (`open`) answers now. */
  get state(): 'closed' | 'open' {
    return this.breaker.state.status;
  }

  /**
   * The model's answer, or why there is none. Answers at once while the breaker is open.
   * @param call - asks the model, with these options; its errors, thrown or rejected, become the reason `failed`
   * @throws SmartSupportError `invalid_input` and `closed` of the model as they are; `closed` after {@link ModelGuard.close}
   */
  ask<T>(call: ModelCall<T>): Promise<GuardedAnswer<T>> {
    if (this.isClosed) return Promise.reject(closedError());
    if (this.breaker.isOpen) {
      this.shadows.offerCall(call);
      return Promise.resolve({ answered: false, reason: 'breaker_open' });
    }
    const guarded = new GuardedCall<T>(this.context, this.deadlineMs, (done) => void this.calls.delete(done));
    this.calls.add(guarded);
    guarded.begin(call);
    return guarded.answer;
  }

  /**
   * Cancels all timers and aborts calls that wait for a thread. Calls not yet answered reject with `closed`;
   * runs in a thread come to their own end and no longer count. Idempotent.
   */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.unsubscribe();
    const error = closedError();
    this.shadows.close(error);
    for (const call of [...this.calls]) call.close(error);
  }

  /** Does what the breaker's state asks for. Looks at the state and not at the event, which a listener's own calls may have overtaken. */
  private applyBreakerState(): void {
    if (!this.breaker.isOpen) return this.shadows.deactivate();
    this.shadows.activate();
    for (const call of [...this.calls]) call.giveUpWaiting('breaker_open');
  }
}

/** What the guard needs of a call, of any answer type. */
type Closable = Pick<GuardedCall<unknown>, 'giveUpWaiting' | 'close'>;

function closedError(): SmartSupportError {
  return new SmartSupportError('closed', 'The guard of the model was closed');
}
