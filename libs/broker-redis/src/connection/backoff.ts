import type { Clock } from '@smart-support/contracts';

/** Bounds of a {@link Backoff}. */
export interface BackoffBounds {
  /** Pause after the first failure, in milliseconds; each further one doubles it. */
  readonly firstMs: number;
  /** Longest pause, in milliseconds. After twice as long without a failure, the next failure counts as the first again. */
  readonly mostMs: number;
}

/** Pauses between attempts, each twice as long as the one before, up to a bound. */
export class Backoff {
  private pauseMs = 0;
  private dueAt = -Infinity;

  constructor(
    private readonly clock: Pick<Clock, 'monotonic'>,
    private readonly bounds: BackoffBounds,
  ) {}

  /** Whether the pause is over. */
  get isDue(): boolean {
    return this.clock.monotonic() >= this.dueAt;
  }

  /** Begins the next pause after a failed attempt. @returns its length in milliseconds */
  failed(): number {
    const { firstMs, mostMs } = this.bounds;
    const now = this.clock.monotonic();
    this.pauseMs = now > this.dueAt + 2 * mostMs ? firstMs : Math.min(mostMs, 2 * this.pauseMs);
    this.dueAt = now + this.pauseMs;
    return this.pauseMs;
  }

  /** Ends the pause, because the cause of the failure may have changed. The next pause is longer all the same. */
  cutShort(): void {
    this.dueAt = Math.min(this.dueAt, this.clock.monotonic());
  }
}
