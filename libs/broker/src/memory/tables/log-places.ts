import type { Clock } from '@smart-support/contracts';
import type { StormEntry } from '@smart-support/storm';

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
