import type { TimerClock } from '@smart-support/contracts';

interface Timer {
  readonly due: number;
  readonly callback: () => void;
}

/** A clock that moves only when a test advances it, and makes the callbacks that become due. */
export class VirtualClock implements TimerClock {
  private elapsed = 0;
  private readonly timers = new Set<Timer>();

  /** @param start - what `now` returns at first, in milliseconds since 1970 */
  constructor(private readonly start = Date.UTC(2030, 0, 1)) {}

  /** Milliseconds since 1970. */
  now(): number {
    return this.start + this.elapsed;
  }

  /** Milliseconds since the clock was made. */
  monotonic(): number {
    return this.elapsed;
  }

  /** Calls back once the clock has moved so far. */
  after(milliseconds: number, callback: () => void): () => void {
    const timer = { due: this.elapsed + Math.max(0, milliseconds), callback };
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  }

  /** Number of pending callbacks. */
  get waiting(): number {
    return this.timers.size;
  }

  /** Moves the clock forwards; callbacks that become due are made in their order, each at its own time. @throws RangeError for a step back */
  advance(ms: number): void {
    const end = this.endOf(ms);
    for (let next = this.nextUntil(end); next; next = this.nextUntil(end)) this.fire(next);
    this.elapsed = end;
  }

  /** Like {@link VirtualClock.advance}, but lets promises settle before the clock moves, after each callback, and at the end. */
  async run(ms: number): Promise<void> {
    const end = this.endOf(ms);
    await settled();
    for (let next = this.nextUntil(end); next; next = this.nextUntil(end)) {
      this.fire(next);
      await settled();
    }
    this.elapsed = end;
    await settled();
  }

  private endOf(ms: number): number {
    if (!(ms >= 0)) throw new RangeError(`A clock cannot advance by ${ms} ms`);
    return this.elapsed + ms;
  }

  private nextUntil(end: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.timers) if (timer.due <= end && (!next || timer.due < next.due)) next = timer;
    return next;
  }

  private fire(timer: Timer): void {
    this.timers.delete(timer);
    this.elapsed = Math.max(this.elapsed, timer.due);
    timer.callback();
  }
}

/** Resolves after all promises that can settle now. */
const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
