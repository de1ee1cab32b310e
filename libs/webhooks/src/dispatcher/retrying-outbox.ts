import {
  isSmartSupportError,
  isStoreAway,
  type EventQueue,
  type OutboxEntry,
  type TimerClock,
} from '@smart-support/contracts';

/**
 * An outbox that may be unavailable for a while; no method rejects. The outcome of an event (delivered, to be retried) is written
 * again until the outbox has accepted it, because otherwise the receiver would get the event again.
 */
export class RetryingOutbox {
  private readonly pauses = new Set<() => void>();
  private isRetrying = true;
  /** The kind of error that was reported last; `undefined` once the outbox has answered. */
  private lastErrorKind: string | undefined;

  /** @param pauseMs - between two tries of one write, in milliseconds */
  constructor(
    private readonly outbox: EventQueue,
    private readonly clock: TimerClock,
    private readonly pauseMs: number,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Due entries; none if the outbox fails. */
  async claim(limit: number, leaseMs: number): Promise<readonly OutboxEntry[]> {
    try {
      const entries = await this.outbox.claim(limit, leaseMs);
      this.lastErrorKind = undefined;
      return entries;
    } catch (error) {
      this.reportError(error);
      return [];
    }
  }

  /** Removes an entry. */
  acknowledge(id: string): Promise<void> {
    return this.retryWhileUnavailable(() => this.outbox.acknowledge(id));
  }

  /** Makes the entry due when `delayMs` have passed since now, however long the write takes. */
  retryLater(id: string, attempts: number, delayMs: number): Promise<void> {
    const due = this.clock.monotonic() + delayMs;
    return this.retryWhileUnavailable(() =>
      this.outbox.retryLater(id, attempts, Math.max(0, due - this.clock.monotonic())),
    );
  }

  /** Writes pending outcomes once more, now, and then gives up: their entries are due again when the lease is over. */
  stopRetrying(): void {
    this.isRetrying = false;
    for (const end of this.pauses) end();
  }

  /** Retries failed writes again. */
  resumeRetrying(): void {
    this.isRetrying = true;
  }

  private async retryWhileUnavailable(write: () => Promise<void>): Promise<void> {
    while (!(await this.succeeds(write))) await this.pause();
  }

  /** Whether the write is over: it worked, or retrying is pointless. */
  private async succeeds(write: () => Promise<void>): Promise<boolean> {
    const wasRetrying = this.isRetrying;
    try {
      await write();
      this.lastErrorKind = undefined;
      return true;
    } catch (error) {
      this.reportError(error);
      return !wasRetrying || !isStoreAway(error);
    }
  }

  private pause(): Promise<void> {
    if (!this.isRetrying) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        cancel();
        this.pauses.delete(end);
        resolve();
      };
      const cancel = this.clock.after(this.pauseMs, end);
      this.pauses.add(end);
    });
  }

  private reportError(error: unknown): void {
    const kind = isSmartSupportError(error) ? error.code : String(error);
    if (kind === this.lastErrorKind) return;
    this.lastErrorKind = kind;
    this.onError(error);
  }
}
