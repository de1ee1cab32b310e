import {
  type FinishedTicket,
  type LocalBroker,
  type SharedBroker,
  isSmartSupportError,
  isStoreAwayOrClosed,
} from '@smart-support/contracts';

/** Tickets asked for at a time. */
const BATCH = 50;

/** Who wants to know how the handing over goes. */
export interface HandoffObserver {
  /** Something other than the shared broker's absence stood in the way of a ticket; told once for each. */
  readonly onError: (error: unknown) => void;
  /** The shared broker has a ticket now, and this process no longer. */
  readonly onMoved: (ticketId: string) => void;
}

/** Moves tickets that were finished in this process to the shared broker, each exactly once. */
export class Handoff {
  private readonly moving = new Map<string, Promise<void>>();
  /** Tickets that the shared broker will not have: they stay here. */
  private readonly refused = new Set<string>();
  /** Tickets that the shared broker may have by now: nobody knows how asking it went. They stay sent off. */
  private readonly unsure = new Set<string>();
  private readonly told = new Set<string>();

  constructor(
    private readonly local: LocalBroker,
    private readonly shared: SharedBroker,
    private readonly observer: HandoffObserver,
  ) {}

  /**
   * Moves everything that is finished now. Returns whether nothing finished is left that the shared broker would have.
   * Errors are told, never thrown: what could not be moved is tried again the next time.
   */
  async moveAll(): Promise<boolean> {
    const left = new Set<string>();
    for (;;) {
      const batch = this.local
        .finished(BATCH + this.refused.size + left.size)
        .filter(({ record: { ticket } }) => !this.refused.has(ticket.id) && !left.has(ticket.id));
      if (batch.length === 0) return left.size === 0;
      const moves = await Promise.allSettled(batch.map((finished) => this.start(finished)));
      for (const [index, move] of moves.entries()) {
        if (move.status === 'fulfilled') continue;
        if (isStoreAwayOrClosed(move.reason)) return false;
        // One ticket must not stop all others.
        left.add(batch[index]?.record.ticket.id ?? '');
      }
    }
  }

  /**
   * Moves one ticket, if it is here and finished; waits if that is under way.
   * @throws SmartSupportError as the shared broker does
   */
  async move(ticketId: string): Promise<void> {
    const inProgress = this.moving.get(ticketId);
    if (inProgress) return inProgress;
    const finished = this.local.finishedById(ticketId);
    if (finished && !this.refused.has(ticketId)) await this.start(finished);
  }

  /** Ends when a ticket that is on its way now has arrived, or has not; `undefined` if it is not on its way. */
  underWay(ticketId: string): Promise<void> | undefined {
    return this.moving.get(ticketId)?.catch(() => undefined);
  }

  /** Whether nobody can tell if the shared broker has a ticket of this process already. */
  mayHaveArrived(ticketId: string): boolean {
    return this.unsure.has(ticketId);
  }

  private start(finished: FinishedTicket): Promise<void> {
    const { id } = finished.record.ticket;
    let move = this.moving.get(id);
    if (!move) {
      move = this.adopt(finished).finally(() => this.moving.delete(id));
      this.moving.set(id, move);
    }
    return move;
  }

  /** Nobody changes the ticket in between, nor afterwards while the shared broker may have it: it would be in two hands. */
  private async adopt(finished: FinishedTicket): Promise<void> {
    const { id } = finished.record.ticket;
    this.local.beginHandoff(id);
    try {
      await this.shared.adopt(finished);
    } catch (error) {
      const isRefused = isSmartSupportError(error, 'invalid_input');
      if (isRefused) this.unsure.delete(id);
      else if (!isSurelyNotWritten(error)) this.unsure.add(id);
      // Of one that was asked for before, that earlier try may have arrived.
      if (!this.unsure.has(id)) this.local.abortHandoff(id);
      if (isStoreAwayOrClosed(error)) throw error;
      this.report(id, error);
      // What is corrupt may be mended by hand: it is tried again.
      if (!isRefused) throw error;
      this.refused.add(id);
      return;
    }
    this.unsure.delete(id);
    this.local.completeHandoff(id);
    this.observer.onMoved(id);
  }

  private report(ticketId: string, error: unknown): void {
    if (this.told.has(ticketId)) return;
    this.told.add(ticketId);
    this.observer.onError(error);
  }
}

/** Whether a call of the shared broker changed nothing there. Whatever is not known to be harmless may have been written. */
function isSurelyNotWritten(error: unknown): boolean {
  return isSmartSupportError(error, 'unavailable') || isSmartSupportError(error, 'corrupt');
}
