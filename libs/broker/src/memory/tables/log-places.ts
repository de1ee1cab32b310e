import type { Clock } from '@smart-support/contracts';
import type { StormEntry } from '@smart-support/storm';

/** Gives the entries of the log their places. Nobody reads the log a second time here, so none is kept. */
export class LogPlaces {
  private ms = 0;
  private inThisMs = 0;

  constructor(private readonly clock: Clock) {}

  /** The next place. Its time never goes back, though the machine's clock may. */
  next(): Pick<StormEntry, 'id' | 'at_ms'> {
    const now = this.clock.now();
    this.inThisMs = now > this.ms ? 0 : this.inThisMs + 1;
    this.ms = Math.max(this.ms, now);
    return { id: `${this.ms}-${this.inThisMs}`, at_ms: this.ms };
  }
}
