import {
  type FinishedTicket,
  type LocalBroker,
  type SharedBroker,
  isSmartSupportError,
  isStoreAwayOrClosed,
} from '@smart-support/contracts';

/** Tickets handed over at once. */
const BATCH = 50;

/** Notified of handoffs. */
export interface HandoffObserver {
  /** An error other than that the shared broker is away; reported once for each ticket. */
  readonly onError: (error: unknown) => void;
  /** A ticket was handed over. */
  readonly onMoved: (ticketId: string) => void;
}

/** Hands finished tickets of this process over to the shared broker, each exactly once. */
export class Handoff {
  private readonly moving = new Map<string, Promise<void>>();
  /** Tickets that the shared broker refuses for good: they stay here. */
  private readonly refused = new Set<string>();
  /** Tickets whose adoption has an unknown outcome. They stay in handoff. */
  private readonly outcomeUnknown = new Set<string>();
  private readonly reported = new Set<string>();

  constructor(
    private readonly local: LocalBroker,
    private readonly shared: SharedBroker,
    private readonly observer: HandoffObserver,
  ) {}

  /**
   * Hands over all finished tickets. Returns whether none is left that the shared broker does not refuse.
   * Errors are reported, never thrown: the next call tries again.
   */
  async moveAll(): Promise<boolean> {
    const left = new Set<string>();
    for (;;) {
      const batch = this.local
        .finished(BATCH + this.refused.size + left.size)
        .filter(({ record: { ticket } }) => !this.refused.has(ticket.id) && !left.has(ticket.id));
      if (batch.length === 0) return left.size === 0;
      const moves = await Promise.allSettled(batch.map((finished) => this.startMove(finished)));
      for (const [index, move] of moves.entries()) {
        if (move.status === 'fulfilled') continue;
        if (isStoreAwayOrClosed(move.reason)) return false;
        // One ticket must not stop all others.
        left.add(batch[index]?.record.ticket.id ?? '');
      }
    }
  }

  /**
   * Hands over one ticket, if it is here and finished; waits if that is in progress.
   * @throws SmartSupportError as the shared broker does
   */
  async move(ticketId: string): Promise<void> {
    const move = this.moving.get(ticketId);
    if (move) return move;
    const finished = this.local.finishedById(ticketId);
    if (finished && !this.refused.has(ticketId)) await this.startMove(finished);
  }

  /** Resolves when a handoff in progress has ended, however; `undefined` without one. */
  inProgress(ticketId: string): Promise<void> | undefined {
    return this.moving.get(ticketId)?.catch(() => undefined);
  }

  /** Whether the shared broker may have a ticket of this process already. */
  mayHaveArrived(ticketId: string): boolean {
    return this.outcomeUnknown.has(ticketId);
  }

  private startMove(finished: FinishedTicket): Promise<void> {
    const { id } = finished.record.ticket;
    let move = this.moving.get(id);
    if (!move) {
      move = this.adopt(finished).finally(() => this.moving.delete(id));
      this.moving.set(id, move);
    }
    return move;
  }

  /** The ticket does not change in between, nor afterwards while the shared broker may have it. */
  private async adopt(finished: FinishedTicket): Promise<void> {
    const { id } = finished.record.ticket;
    this.local.beginHandoff(id);
    try {
      await this.shared.adopt(finished);
    } catch (error) {
      const isRefused = isSmartSupportError(error, 'invalid_input');
      if (isRefused) this.outcomeUnknown.delete(id);
      else if (!isNotWritten(error)) this.outcomeUnknown.add(id);
      // An earlier try with an unknown outcome may have arrived.
      if (!this.outcomeUnknown.has(id)) this.local.abortHandoff(id);
      if (isStoreAwayOrClosed(error)) throw error;
      this.report(id, error);
      // Corrupt data may be repaired: the next call tries again.
      if (!isRefused) throw error;
      this.refused.add(id);
      return;
    }
    this.outcomeUnknown.delete(id);
    this.local.completeHandoff(id);
    this.observer.onMoved(id);
  }

  private report(ticketId: string, error: unknown): void {
    if (this.reported.has(ticketId)) return;
    this.reported.add(ticketId);
    this.observer.onError(error);
  }
}

/** Whether a call of the shared broker changed nothing there. After any other error the ticket may have been written. */
function isNotWritten(error: unknown): boolean {
  return isSmartSupportError(error, 'unavailable') || isSmartSupportError(error, 'corrupt');
}
