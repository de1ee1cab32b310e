import type { RunOptions, SmartSupportError, TimerClock } from '@smart-support/contracts';
import type { CallOutcome } from './breaker-state';
import type { CircuitBreaker } from './circuit-breaker';
import { type FailureMemory, isCallerError, isOverload } from './error-kinds';

/**
 * Calls back once so many milliseconds are over and everything that arrived by then has been read.
 * A plain timer runs before the loop reads what arrived while it was blocked: it would call an answer late that has been lying there.
 * So the callback runs after all timers of the same moment, and after one poll phase of the loop.
 * @returns cancels, at any stage
 */
export function afterPendingReads(clock: TimerClock, milliseconds: number, callback: () => void): () => void {
  let reading: NodeJS.Immediate | undefined;
  let cancel = clock.after(milliseconds, () => {
    cancel = clock.after(0, () => {
      reading = setImmediate(callback);
    });
  });
  return () => {
    cancel();
    clearImmediate(reading);
  };
}

/** A call of a model, to be made with these options. */
export type ModelCall<T> = (options: RunOptions) => Promise<T>;

/** How a call ended. */
export type RunEnd<T> =
  { readonly answered: true; readonly value: T } | { readonly answered: false; readonly error: unknown };

/** What the runs of one model have in common. */
export interface RunContext {
  readonly breaker: CircuitBreaker;
  readonly clock: TimerClock;
  /** Milliseconds that a call may wait for its start. */
  readonly maxWaitMs: number;
  readonly failures: FailureMemory;
}

/** The owner of a call. */
export interface RunOwner<T> {
  /** The call has not started within `maxWaitMs`. */
  waitedTooLong(): void;
  /** The call has ended, also when it was aborted. Called once, after the breaker has recorded it. */
  ended(end: RunEnd<T>): void;
}

type Phase = 'waiting' | 'running' | 'sharing' | 'over';

/** One call on its way through a model: waits, runs, ends. Its outcome is recorded at the breaker once at most. */
export class WatchedRun<T> {
  private readonly abortion = new AbortController();
  private phase: Phase = 'waiting';
  private startedAt: number | undefined;
  private isJudged = false;
  private cancelTimer = (): void => {};

  /** @param shadow - whether the call serves no user */
  constructor(
    private readonly context: RunContext,
    private readonly owner: RunOwner<T>,
    private readonly shadow: boolean,
  ) {}

  /** Whether the call has neither started nor ended. */
  get isWaiting(): boolean {
    return this.phase === 'waiting';
  }

  /** Whether nothing is to come that would be judged: it ended or was aborted. */
  get isOver(): boolean {
    return this.phase === 'over';
  }

  /** Whether it ever came to run: an answer from a cache, or one shared with another's run, never does. */
  get hasStarted(): boolean {
    return this.startedAt !== undefined;
  }

  /** Makes the call. What it throws at once is an error like any other. */
  begin(call: ModelCall<T>): void {
    const began = this.context.failures.begin();
    const { clock, maxWaitMs } = this.context;
    this.cancelTimer = afterPendingReads(clock, maxWaitMs, () => this.owner.waitedTooLong());
    const options: RunOptions = {
      signal: this.abortion.signal,
      onStart: () => this.started(),
      onJoin: () => this.joined(),
    };
    (async () => call(options))().then(
      (value) => this.answered(value),
      (error: unknown) => this.failed(error, began),
    );
  }

  /** Gives the call up if it still waits: aborts it, and nothing that it does from now on counts. */
  abortIfWaiting(reason: SmartSupportError): void {
    if (this.phase !== 'waiting') return;
    this.finish();
    this.abortion.abort(reason);
  }

  /** Gives the call up if it waits, and stops judging it if it runs. */
  abandon(reason: SmartSupportError): void {
    this.abortIfWaiting(reason);
    this.finish();
  }

  private started(): void {
    if (this.phase !== 'waiting') return;
    this.cancelTimer();
    this.phase = 'running';
    this.startedAt = this.context.clock.monotonic();
    this.cancelTimer = afterPendingReads(this.context.clock, this.slowAfterMs, () => this.judge({ overdue: true }));
  }

  /** Another call's run is shared: the wait is over, and this call has no run to judge. */
  private joined(): void {
    if (this.phase !== 'waiting') return;
    this.cancelTimer();
    this.phase = 'sharing';
  }

  private answered(value: T): void {
    const elapsedMs = this.context.clock.monotonic() - (this.startedAt ?? 0);
    // Had it taken longer, it would have been judged as overdue by now. More on the clock only means that
    // this process was busy and read the answer late.
    if (this.finish() === 'running') this.judge({ latencyMs: Math.min(elapsedMs, this.slowAfterMs) });
    this.owner.ended({ answered: true, value });
  }

  private failed(error: unknown, began: number): void {
    const phase = this.finish();
    if (phase !== 'over' && !isCallerError(error) && !isOverload(error)) {
      const isNews = this.context.failures.isNews(error, began);
      if (isNews || phase === 'running') this.judge({ failed: true });
    }
    this.owner.ended({ answered: false, error });
  }

  private judge(outcome: CallOutcome): void {
    if (this.isJudged) return;
    this.isJudged = true;
    this.context.breaker.record(outcome, { shadow: this.shadow });
  }

  /** Left before anything is judged: a call whose own end opens the breaker does not wait any more. Says which phase it was. */
  private finish(): Phase {
    const left = this.phase;
    this.phase = 'over';
    this.cancelTimer();
    return left;
  }

  private get slowAfterMs(): number {
    return this.context.breaker.rule.slowAfterMs;
  }
}
