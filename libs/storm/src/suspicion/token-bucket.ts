/** Lets through so many at once and so many a second after that. */
export class TokenBucket {
  private tokens: number;
  private filledMs = -Infinity;

  constructor(private readonly limits: { readonly atOnce: number; readonly perSecond: number }) {
    this.tokens = limits.atOnce;
  }

  /** Whether one more may pass at a moment, in milliseconds of a clock; nothing is won by one that goes back. */
  take(nowMs: number): boolean {
    const seconds = Math.max(0, nowMs - this.filledMs) / 1_000;
    this.tokens = Math.min(this.limits.atOnce, this.tokens + seconds * this.limits.perSecond);
    this.filledMs = nowMs;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}
