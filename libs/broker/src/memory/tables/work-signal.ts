import type { TimerClock } from '@smart-support/contracts';

/**
 * Ends waits for work in the next turn of the event loop, and only as many as there are tickets to claim then: a caller that accepts a
 * ticket and claims it by its id at once, as the synchronous mode does, has it by then.
 */
export class WorkSignal {
  /** In the order of the waits. */
  private readonly waiting = new Set<() => void>();
  /** Tickets that came since a wait was last ended. */
  private pending = 0;
  private cancelWaking: (() => void) | undefined;

  /** @param ready - how many tickets can be claimed now */
  constructor(
    private readonly clock: TimerClock,
    private readonly ready: () => number,
  ) {}

  /** Resolves when there may be a ticket to claim, at the latest after `timeoutMs`. */
  wait(timeoutMs: number): Promise<void> {
    if (this.ready() > 0) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        cancelTimeout();
        this.waiting.delete(wake);
        resolve();
      };
      const cancelTimeout = this.clock.after(timeoutMs, wake);
      this.waiting.add(wake);
    });
  }

  /** Signals that one more ticket can be claimed. */
  notify(): void {
    if (this.waiting.size === 0) return;
    this.pending += 1;
    this.cancelWaking ??= this.clock.after(0, () => {
      this.cancelWaking = undefined;
      this.wake(Math.min(this.pending, this.ready()));
    });
  }

  /** Ends all waits. */
  close(): void {
    this.cancelWaking?.();
    this.wake(this.waiting.size);
  }

  private wake(count: number): void {
    this.pending = 0;
    for (const wake of [...this.waiting].slice(0, count)) wake();
  }
}
