import type { TimerClock } from '@smart-support/contracts';

/**
 * Wakes workers that wait for something to do.
 *
 * They are woken in the next turn of the event loop, and only if there is still something to take: whoever offers a
 * ticket and asks for it by its id at once, as the synchronous mode does, has it by then.
 */
export class WorkSignal {
  /** First come, first woken. */
  private readonly waiting = new Set<() => void>();
  /** Tickets that came since somebody was last woken. */
  private pending = 0;
  private cancelWaking: (() => void) | undefined;

  /** @param ready - how many tickets could be taken now */
  constructor(
    private readonly clock: TimerClock,
    private readonly ready: () => number,
  ) {}

  /** Resolves when there may be something to take, at the latest after `timeoutMs`. */
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

  /** Says that one more ticket can be taken. */
  notify(): void {
    if (this.waiting.size === 0) return;
    this.pending += 1;
    this.cancelWaking ??= this.clock.after(0, () => {
      this.cancelWaking = undefined;
      this.wake(Math.min(this.pending, this.ready()));
    });
  }

  /** Sends everybody home. */
  close(): void {
    this.cancelWaking?.();
    this.wake(this.waiting.size);
  }

  private wake(count: number): void {
    this.pending = 0;
    for (const wake of [...this.waiting].slice(0, count)) wake();
  }
}
