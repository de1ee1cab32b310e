import type { TimerClock } from '@smart-support/contracts';

/** How often the event loop is looked at, in milliseconds. Shorter than any time limit of a command, so that its timer comes first after a stall. */
const LOOK_MS = 100;

/** From this many milliseconds on a timer is late because the process was at work or frozen, not because of the scheduling of the machine. */
const LATE_MS = 250;

/**
 * Notices stalls of this process's own event loop. Answers that arrive during a stall are read after the timers that limit their time, so a
 * time-out right after a stall says nothing about who did not answer.
 */
export class LoopLateness {
  private lateAt = -Infinity;
  private cancel: () => void = () => undefined;

  constructor(private readonly clock: Pick<TimerClock, 'monotonic' | 'after'>) {
    this.look();
  }

  /** Whether a stall ended within the last so many milliseconds. */
  wasLateWithin(milliseconds: number): boolean {
    return this.clock.monotonic() - this.lateAt <= milliseconds;
  }

  /** Ends the looking. */
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
