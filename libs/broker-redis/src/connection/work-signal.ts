import type { TimerClock } from '@smart-support/contracts';
import type { RedisLink } from './redis-link';

/**
 * Sleeps on the wake list, a list apart from the queue: what is popped from it by a process that dies is only a call, never a ticket.
 * All who wait in one process share one blocking command.
 */
export class WorkSignal {
  private asleep: Promise<void> | undefined;
  private readonly sleepers = new Set<() => void>();

  constructor(
    private readonly link: RedisLink,
    private readonly wakeList: string,
    private readonly clock: TimerClock,
  ) {}

  /** Resolves at the next call, at the latest after `timeoutMs` or at the end of the broker; never rejects. */
  wait(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wakeUp = (): void => {
        takeBack();
        this.sleepers.delete(wakeUp);
        resolve();
      };
      const takeBack = this.clock.after(timeoutMs, wakeUp);
      this.sleepers.add(wakeUp);
      this.listen(timeoutMs, wakeUp);
    });
  }

  /** Wakes everybody: nobody calls any more. */
  end(): void {
    for (const wakeUp of this.sleepers) wakeUp();
  }

  private listen(timeoutMs: number, wakeUp: () => void): void {
    this.asleep ??= this.link.sleepOn(this.wakeList, timeoutMs).finally(() => {
      this.asleep = undefined;
    });
    // While the store is away nobody calls: whoever waits finds that out by its next command, not sooner.
    this.asleep.then(wakeUp, () => undefined);
  }
}
