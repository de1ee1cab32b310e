import type { TimerClock } from '@smart-support/contracts';
import type { RedisLink } from './redis-link';

/**
 * Sleeps on the wake list, which is separate from the queue: an entry that a dying process removes is only a signal, never a ticket.
 * All waiting callers of one process share one blocking command.
 */
export class WorkSignal {
  private asleep: Promise<void> | undefined;
  private readonly sleepers = new Set<() => void>();

  constructor(
    private readonly link: RedisLink,
    private readonly wakeList: string,
    private readonly clock: TimerClock,
  ) {}

  /** Resolves at the next signal, at the latest after `timeoutMs` milliseconds or when the broker closes; never rejects. */
  wait(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wakeUp = (): void => {
        cancelTimer();
        this.sleepers.delete(wakeUp);
        resolve();
      };
      const cancelTimer = this.clock.after(timeoutMs, wakeUp);
      this.sleepers.add(wakeUp);
      this.listen(timeoutMs, wakeUp);
    });
  }

  /** Wakes all waiting callers, because no more signals come. */
  end(): void {
    for (const wakeUp of this.sleepers) wakeUp();
  }

  private listen(timeoutMs: number, wakeUp: () => void): void {
    this.asleep ??= this.link.sleepOn(this.wakeList, timeoutMs).finally(() => {
      this.asleep = undefined;
    });
    // No signals come while the store is away. A waiting caller finds that out by its next command.
    this.asleep.then(wakeUp, () => undefined);
  }
}
