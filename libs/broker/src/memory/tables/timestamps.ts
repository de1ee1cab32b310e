import type { Clock } from '@smart-support/contracts';
import type { StormEntry } from '@smart-support/storm';

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

/** Gives entries of the storm log their ids and times. */
export class LogPlaces {
  private ms = 0;
  private inThisMs = 0;

  constructor(private readonly clock: Clock) {}

  /** The next place. Its time never goes back, even if the clock does. */
  next(): Pick<StormEntry, 'id' | 'at_ms'> {
    const now = this.clock.now();
    this.inThisMs = now > this.ms ? 0 : this.inThisMs + 1;
    this.ms = Math.max(this.ms, now);
    return { id: `${this.ms}-${this.inThisMs}`, at_ms: this.ms };
  }
}
