/** So many tries in a row must fail before the receiver is taken for dead. */
const FAILURES_IN_A_ROW = 8;

/** Most tries at once while it is. */
const HANDS_WHILE_FAILING = 2;

/** How many events may be on their way at once: all hands while the receiver lives, few while every try fails. */
export class Pace {
  private failuresInARow = 0;

  /** @param concurrency - most tries at once */
  constructor(private readonly concurrency: number) {}

  /** Whether the receiver seems dead: few tries, and none sooner because another has ended. */
  get isSlow(): boolean {
    return this.failuresInARow >= FAILURES_IN_A_ROW;
  }

  /** Most tries at once now. */
  get hands(): number {
    return this.isSlow ? Math.min(HANDS_WHILE_FAILING, this.concurrency) : this.concurrency;
  }

  /** A try failed. */
  failed(): void {
    this.failuresInARow++;
  }

  /** The receiver has taken an event, or has said that it wants none. */
  answered(): void {
    this.failuresInARow = 0;
  }
}
