import type { FinishedTicket, LocalBroker, SharedBroker } from '@smart-support/contracts';
import { isSmartSupportError } from '@smart-support/contracts';

/** Tickets asked for at a time. */
const BATCH = 50;

/** Moves tickets that were finished in this process to the shared broker, each exactly once. */
export class HandOver {
  private readonly moving = new Map<string, Promise<void>>();
  /** Tickets that the shared broker will not have: they stay here, and are told once. */
  private readonly refused = new Set<string>();

  constructor(
    private readonly local: LocalBroker,
    private readonly shared: SharedBroker,
    private readonly observer: {
      readonly onError: (error: unknown) => void;
      readonly onMoved: (ticketId: string) => void;
    },
  ) {}

  /**
   * Moves everything that is finished now. Returns whether nothing finished is left.
   * Errors are told, never thrown: what could not be moved is tried again the next time.
   */
  async moveAll(): Promise<boolean> {
    for (;;) {
      const batch = this.local
        .finished(BATCH + this.refused.size)
        .filter(({ record }) => !this.refused.has(record.ticket.id));
      if (batch.length === 0) return true;
      const moves = await Promise.allSettled(batch.map((finished) => this.start(finished)));
      if (moves.some(({ status }) => status === 'rejected')) return false;
    }
  }

  /**
   * Moves one ticket, if it is here and finished; waits if that is under way.
   * @throws SmartSupportError as the shared broker does when it is away
   */
  async move(ticketId: string): Promise<void> {
    const underWay = this.moving.get(ticketId);
    if (underWay) return underWay;
    const finished = this.local.finishedById(ticketId);
    if (finished && !this.refused.has(ticketId)) await this.start(finished);
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

  /** While a ticket was on its way, the shared broker may have gone away and the ticket been completed here. */
  private async catchUp({ record }: FinishedTicket): Promise<void> {
    const { id, status } = record.ticket;
    const now = this.local.finishedById(id)?.record;
    if (now === undefined || now === record || now.ticket.status !== 'completed' || status === 'completed') return;
    await this.shared.tickets.complete(id, now.explanation.corrections ?? {});
  }

  private async adopt(finished: FinishedTicket): Promise<void> {
    const { id } = finished.record.ticket;
    try {
      await this.shared.adopt(finished);
      await this.catchUp(finished);
      this.local.forget(id);
      this.observer.onMoved(id);
    } catch (error) {
      if (isSmartSupportError(error, 'damaged') || isSmartSupportError(error, 'invalid_input')) {
        this.refused.add(id);
        this.observer.onError(error);
        return;
      }
      throw error;
    }
  }
}
