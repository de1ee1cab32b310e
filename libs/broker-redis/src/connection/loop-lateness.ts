import type { TimerClock } from '@smart-support/contracts';

/** Interval of the checks, in milliseconds. Shorter than any time limit of a command, so that its timer fires first after a stall. */
const LOOK_MS = 100;

/** Lateness from which a timer indicates a busy or frozen process and not the scheduling of the machine, in milliseconds. */
const LATE_MS = 250;

/**
 * Detects stalls of this process's event loop. Answers that arrive during a stall are read after the timers that limit their time, so a
 * timeout right after a stall does not show that the server failed to answer.
 */
export class LoopLateness {
  private lateAt = -Infinity;
  private cancel: () => void = () => undefined;

  constructor(private readonly clock: Pick<TimerClock, 'monotonic' | 'after'>) {
    this.look();
  }

  /** Whether a stall ended within the last `ms` milliseconds. */
  wasLateWithin(milliseconds: number): boolean {
    return this.clock.monotonic() - this.lateAt <= milliseconds;
  }

  /** Stops the checks. */
  close(): void {
    this.cancel();
  }

  private look(): void {
    const due = this.clock.monotonic() + LOOK_MS;
    this.cancel = this.clock.after(LOOK_MS, () => {
      const now = this.clock.monotonic();
      if (now - due >= LATE_MS) this.lateAt = now;
      this.look();
    });
  }
}
