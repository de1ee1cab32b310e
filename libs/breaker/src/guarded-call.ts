import { type FallbackReason, type InputIssue, SmartSupportError } from '@smart-support/contracts';
import { isCallerError, isOverload } from './error-kinds';
import { type ModelCall, type RunContext, type RunEnd, WatchedRun, afterPendingReads } from './watched-run';

/** Longest time a timer can wait: Node keeps it in 31 bits and fires at once beyond. https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const MAX_WAIT_MS = 2 ** 31 - 1;

/** One problem for each of these named milliseconds that a timer cannot wait for. */
export function waitIssues(waits: Readonly<Record<string, number>>): InputIssue[] {
  return Object.entries(waits)
    .filter(([, ms]) => !(Number.isFinite(ms) && ms > 0 && ms <= MAX_WAIT_MS))
    .map(([path]) => ({ path, message: `must be above 0 and at most ${MAX_WAIT_MS} milliseconds` }));
}

/** Why a guard did not answer by the model. Without the operator's switch `model_fallback`, which guards do not know. */
export type GuardFallback = Exclude<FallbackReason, 'model_fallback'>;

/** The model's answer, or why the baseline must answer in its place. `error` is there when the model gave one. */
export type GuardedAnswer<T> =
  | { readonly answered: true; readonly value: T }
  | { readonly answered: false; readonly reason: GuardFallback; readonly error?: unknown };

/** One caller who waits for a model: answered once, by its run or by an earlier fallback. */
export class GuardedCall<T> {
  /** The answer. Rejects only with the caller's own errors: `invalid_input` and `closed`. */
  readonly answer: Promise<GuardedAnswer<T>>;
  private readonly run: WatchedRun<T>;
  private cancelDeadline = (): void => {};
  private resolve!: (answer: GuardedAnswer<T>) => void;
  private reject!: (error: unknown) => void;

  /**
   * @param deadlineMs - milliseconds after which the caller is answered even if the run goes on
   * @param done - called, perhaps more than once, when the caller is answered and the run is over
   */
  constructor(
    private readonly context: RunContext,
    private readonly deadlineMs: number,
    private readonly done: (call: GuardedCall<T>) => void,
  ) {
    this.answer = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    const owner = { waitedTooLong: () => this.giveUpWaiting('overloaded'), ended: (end: RunEnd<T>) => this.ended(end) };
    this.run = new WatchedRun(context, owner, false);
  }

  /** Starts the call and its deadline. */
  begin(call: ModelCall<T>): void {
    this.cancelDeadline = afterPendingReads(this.context.clock, this.deadlineMs, () => {
      this.giveUpWaiting('deadline');
      this.fallBack('deadline');
    });
    this.run.begin(call);
  }

  /** Answers the caller if the run has not started; a run that has started is waited for. */
  giveUpWaiting(reason: GuardFallback): void {
    if (!this.run.isWaiting) return;
    this.run.abortIfWaiting(new SmartSupportError('overloaded', `The call was given up before its start: ${reason}`));
    this.fallBack(reason);
  }

  /** Abandons the run; a caller not yet answered gets `closed`. */
  close(error: SmartSupportError): void {
    this.run.abandon(error);
    this.settle(() => this.reject(error));
  }

  private ended(end: RunEnd<T>): void {
    if (end.answered) this.settle(() => this.resolve(end));
    else if (isCallerError(end.error)) this.settle(() => this.reject(end.error));
    else this.fallBack(isOverload(end.error) ? 'overloaded' : 'failed', { error: end.error });
  }

  private fallBack(reason: GuardFallback, why: { readonly error?: unknown } = {}): void {
    this.settle(() => this.resolve({ answered: false, reason, ...why }));
  }

  /** Whichever comes first is the answer: a promise drops all that come later. */
  private settle(answer: () => void): void {
    this.cancelDeadline();
    answer();
    if (this.run.isOver) this.done(this);
  }
}
