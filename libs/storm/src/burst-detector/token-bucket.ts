/** A token bucket: bounds the rate of an action, and how often it happens at once. */
export class TokenBucket {
  private tokens: number;
  private filledMs = -Infinity;

  constructor(private readonly limits: { readonly atOnce: number; readonly perSecond: number }) {
    this.tokens = limits.atOnce;
  }

  /** Takes a token if there is one. @param nowMs - of any clock; one that goes back adds nothing */
  takeToken(nowMs: number): boolean {
    const seconds = Math.max(0, nowMs - this.filledMs) / 1_000;
    this.tokens = Math.min(this.limits.atOnce, this.tokens + seconds * this.limits.perSecond);
    this.filledMs = nowMs;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}
