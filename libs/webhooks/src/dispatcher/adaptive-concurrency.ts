/** After so many failed tries in a row the receiver counts as down. */
const FAILURES_IN_A_ROW = 8;

/** Most tries at once while the receiver counts as down. */
const LIMIT_WHILE_FAILING = 2;

/** Limits how many events are sent at once: the full concurrency while the receiver answers, less while every try fails. */
export class AdaptiveConcurrency {
  private failuresInARow = 0;

  /** @param concurrency - most tries at once */
  constructor(private readonly concurrency: number) {}

  /** Whether the receiver counts as down: few tries, and the end of one starts no other. */
  get isReduced(): boolean {
    return this.failuresInARow >= FAILURES_IN_A_ROW;
  }

  /** Most tries at once now. */
  get limit(): number {
    return this.isReduced ? Math.min(LIMIT_WHILE_FAILING, this.concurrency) : this.concurrency;
  }

  /** Counts a failed try. */
  recordFailure(): void {
    this.failuresInARow++;
  }

  /** The receiver accepted an event, or answered 410. */
  recordAnswer(): void {
    this.failuresInARow = 0;
  }
}
