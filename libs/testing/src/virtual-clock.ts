import type { Clock } from '@smart-support/contracts';

/** A clock that stands still until it is moved. */
export class VirtualClock implements Clock {
  private elapsed = 0;

  /** @param start - what `now` says at first, in milliseconds since 1970 */
  constructor(private readonly start = Date.UTC(2030, 0, 1)) {}

  /** Milliseconds since 1970. */
  now(): number {
    return this.start + this.elapsed;
  }

  /** Milliseconds since the clock was made. */
  monotonic(): number {
    return this.elapsed;
  }

  /** Moves the clock forwards. @throws RangeError for a step back */
  advance(ms: number): void {
    if (!(ms >= 0)) throw new RangeError(`A clock cannot go ${ms} ms forwards`);
    this.elapsed += ms;
  }
}
