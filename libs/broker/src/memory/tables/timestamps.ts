import type { Clock } from '@smart-support/contracts';

/** The clock's time as ISO 8601. Calls in the same millisecond share one string. */
export class Timestamps {
  private ms = Number.NaN;
  private text = '';

  constructor(private readonly clock: Clock) {}

  /** The present time. */
  now(): string {
    const ms = this.clock.now();
    if (ms !== this.ms) {
      this.text = new Date(ms).toISOString();
      this.ms = ms;
    }
    return this.text;
  }
}
