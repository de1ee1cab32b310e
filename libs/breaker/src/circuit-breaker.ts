import { invalid, systemClock, type Clock } from '@smart-support/contracts';
import {
  type BreakerEvent,
  type BreakerListener,
  readSnapshot,
  type BreakerSnapshot,
  type BreakerState,
  type CallOutcome,
} from './breaker-state';
import { latencyRule, type BreakerRule } from './breaker-rule';

/** What a {@link CircuitBreaker} is made of. */
export interface CircuitBreakerOptions {
  /** The model it stands before; events and snapshots carry it. */
  readonly name: string;
  /** When to open and close; `latencyRule()` by default. */
  readonly rule?: BreakerRule;
  /** Dates the events and the opening; the system clock by default. */
  readonly clock?: Clock;
  /** Called for every event; {@link CircuitBreaker.subscribe} adds more. */
  readonly listener?: BreakerListener;
}

/** Counts how one model's calls went, and opens and closes. It runs no call itself, see `ModelGuard`. */
export class CircuitBreaker {
  /** The model it stands before. */
  readonly name: string;
  /** When it opens and closes. */
  readonly rule: BreakerRule;
  private readonly clock: Clock;
  private readonly listeners = new Set<BreakerListener>();
  private current: BreakerState = { status: 'closed', slowInARow: 0 };

  /** Starts closed, with nothing counted. */
  constructor({ name, rule = latencyRule(), clock = systemClock, listener }: CircuitBreakerOptions) {
    this.name = name;
    this.rule = rule;
    this.clock = clock;
    if (listener) this.listeners.add(listener);
  }

  /**
   * Continues from the state of a breaker of the same name.
   * @param json - what `toJSON` gave, after `JSON.parse`
   * @throws SmartSupportError `invalid_input` if that is corrupt or another breaker's
   */
  static restore(json: unknown, options: CircuitBreakerOptions): CircuitBreaker {
    const breaker = new CircuitBreaker(options);
    breaker.current = readSnapshot(json, options.name);
    return breaker;
  }

  /** The present state. */
  get state(): BreakerState {
    return this.current;
  }

  /** Whether the baseline is to answer in the model's place. */
  get isOpen(): boolean {
    return this.current.status === 'open';
  }

  /** What {@link CircuitBreaker.restore} needs; `JSON.stringify` calls it by itself. */
  toJSON(): BreakerSnapshot {
    return { name: this.name, state: { ...this.current } };
  }

  /**
   * Calls the listener for every event from now on.
   * @returns unsubscribes
   */
  subscribe(listener: BreakerListener): () => void {
    // Wrapped, so that a listener that subscribed twice is called twice and unsubscribes once.
    const subscription: BreakerListener = (event) => listener(event);
    this.listeners.add(subscription);
    return () => void this.listeners.delete(subscription);
  }

  /**
   * Counts one call.
   * @param shadow - whether the call served no user; only passed on in the event
   * @throws SmartSupportError `invalid_input` for a latency that is negative or no number
   */
  record(outcome: CallOutcome, { shadow = false }: { readonly shadow?: boolean } = {}): void {
    const latencyMs = 'latencyMs' in outcome ? outcome.latencyMs : null;
    if (latencyMs !== null && !(latencyMs >= 0)) {
      throw invalid('outcome of a call', [{ path: 'latencyMs', message: 'must be at least 0' }]);
    }
    const before = this.current;
    const verdict = this.rule.verdictOn(outcome);
    const { turns, inARow } = this.rule.next(before, verdict);
    const origin = { at: this.clock.now(), name: this.name };
    const events: BreakerEvent[] = [{ type: 'judged', ...origin, verdict, latencyMs, shadow }];
    if (before.status === 'closed') {
      this.current = turns
        ? { status: 'open', openedAt: origin.at, fastInARow: 0 }
        : { status: 'closed', slowInARow: inARow };
      if (turns) events.push({ type: 'opened', ...origin, why: outcome, slowInARow: inARow });
    } else {
      this.current = turns ? { status: 'closed', slowInARow: 0 } : { ...before, fastInARow: inARow };
      if (turns) events.push({ type: 'closed', ...origin, openForMs: Math.max(0, origin.at - before.openedAt) });
    }
    // Listeners run last, so that they see the state that the events describe.
    for (const event of events) this.notifyListeners(event);
  }

  private notifyListeners(event: BreakerEvent): void {
    for (const listener of [...this.listeners]) {
      // One listener may have unsubscribed another.
      if (!this.listeners.has(listener)) continue;
      try {
        listener(event);
      } catch {
        // A listener handles its own errors.
      }
    }
  }
}
