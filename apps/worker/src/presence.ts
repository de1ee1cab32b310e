import { type TimerClock, type WorkerStatus, type Workers, isStoreAwayOrClosed } from '@smart-support/contracts';
import type { Logger } from '@smart-support/telemetry';

/** How often a worker says that it lives, in milliseconds. */
const EVERY_MS = 2000;

/** How long one announcement lasts, in milliseconds: longer than several intervals, because some may get lost. */
const TTL_MS = 10_000;

/** What {@link Presence} works with. */
export interface PresenceOptions {
  readonly workers: Pick<Workers, 'announce' | 'leave'>;
  /** How the worker is doing now. */
  readonly status: () => WorkerStatus;
  readonly clock: TimerClock;
  readonly logger: Logger;
}

/** Keeps a worker on the list of the living. */
export class Presence {
  private left = false;
  private cancelTimer = (): void => undefined;
  private last = Promise.resolve();

  constructor(private readonly options: PresenceOptions) {}

  /** Says that the worker lives, now and from now on; calling it again says so at once. */
  announce(): void {
    this.cancelTimer();
    if (this.left) return;
    this.last = this.last.then(() => this.say());
    this.cancelTimer = this.options.clock.after(EVERY_MS, () => this.announce());
  }

  /** Removes the worker from the list for good. Errors are reported, never thrown: its last announcement expires by itself. */
  async leave(): Promise<void> {
    this.left = true;
    this.cancelTimer();
    // An announcement that is still under way would put it back.
    await this.last;
    const { workers, status } = this.options;
    await this.reportErrors(workers.leave(status().worker_id));
  }

  private async say(): Promise<void> {
    const { workers, status } = this.options;
    if (!this.left) await this.reportErrors(workers.announce(status(), TTL_MS));
  }

  private async reportErrors(call: Promise<void>): Promise<void> {
    try {
      await call;
    } catch (error) {
      // Each of the many calls that then fail is not worth a line: `StoreAvailabilityLog` logs it once.
      if (!isStoreAwayOrClosed(error))
        this.options.logger.error({ err: error }, 'the list of workers could not be written');
    }
  }
}
