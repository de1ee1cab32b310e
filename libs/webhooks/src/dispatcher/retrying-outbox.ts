import {
  isSmartSupportError,
  isStoreAway,
  type Outbox,
  type OutboxEntry,
  type TimerClock,
} from '@smart-support/contracts';

/**
 * An outbox that may be away for a while, as a dispatcher uses it: nothing here ever rejects. What is known of an event (delivered,
 * to be tried later) is repeated until the outbox has taken it, because otherwise the receiver would get the event again.
 */
export class RetryingOutbox {
  private readonly pauses = new Set<() => void>();
  private isPatient = true;
  /** The kind of error that was told last; nothing since the outbox has answered. */
  private toldOf: string | undefined;

  /** @param pauseMs - between two tries of one write, in milliseconds */
  constructor(
    private readonly outbox: Outbox,
    private readonly clock: TimerClock,
    private readonly pauseMs: number,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Due entries; none if the outbox fails. */
  async claim(limit: number, leaseMs: number): Promise<readonly OutboxEntry[]> {
    try {
      const entries = await this.outbox.claim(limit, leaseMs);
      this.toldOf = undefined;
      return entries;
    } catch (error) {
      this.tell(error);
      return [];
    }
  }

  /** Forgets an entry. */
  settle(id: string): Promise<void> {
    return this.insist(() => this.outbox.acknowledge(id));
  }

  /** Makes the entry due when `delayMs` have passed since now, however long it takes to tell the outbox. */
  putOff(id: string, attempts: number, delayMs: number): Promise<void> {
    const due = this.clock.monotonic() + delayMs;
    return this.insist(() => this.outbox.retryLater(id, attempts, Math.max(0, due - this.clock.monotonic())));
  }

  /** Whatever is to be repeated is tried once more, now, and then left: its entry is due again when the lease is over. */
  hurry(): void {
    this.isPatient = false;
    for (const end of this.pauses) end();
  }

  /** Takes its time again. */
  beginAnew(): void {
    this.isPatient = true;
  }

  private async insist(write: () => Promise<void>): Promise<void> {
    while (!(await this.succeeds(write))) await this.pause();
  }

  /** Whether there is nothing left to do: it worked, or it makes no sense to go on. */
  private async succeeds(write: () => Promise<void>): Promise<boolean> {
    const wasPatient = this.isPatient;
    try {
      await write();
      this.toldOf = undefined;
      return true;
    } catch (error) {
      this.tell(error);
      return !wasPatient || !isStoreAway(error);
    }
  }

  private pause(): Promise<void> {
    if (!this.isPatient) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        takeBack();
        this.pauses.delete(end);
        resolve();
      };
      const takeBack = this.clock.after(this.pauseMs, end);
      this.pauses.add(end);
    });
  }

  private tell(error: unknown): void {
    const kind = isSmartSupportError(error) ? error.code : String(error);
    if (kind === this.toldOf) return;
    this.toldOf = kind;
    this.onError(error);
  }
}
