import {
  PAGE_SIZE,
  SmartSupportError,
  type BrokerObserver,
  type DeadLetter,
  type DeadLetters,
  type TicketRecord,
} from '@smart-support/contracts';
import { deathNumber } from '../rules/dead-letters';
import { textBytes } from './tables/byte-budget';
import type { Lanes } from './tables/lanes';
import { LinkedList } from './tables/linked-list';
import type { Death, StoredTicket } from './tables/stored-ticket';
import type { TicketTable } from './tables/ticket-table';
import type { Timestamps } from './tables/timestamps';

/** Tickets that failed too often, in memory. Beyond `deadLettersMax` the oldest are lost. */
export class MemoryDeadLetters implements DeadLetters {
  /** Oldest first. */
  private readonly dead = new LinkedList<StoredTicket>();
  private deaths = 0;

  constructor(
    private readonly tickets: TicketTable,
    private readonly lanes: Lanes,
    private readonly timestamps: Timestamps,
    private readonly deadLettersMax: number,
    private readonly observer: BrokerObserver,
  ) {}

  /** See {@link DeadLetters}. @throws SmartSupportError `invalid_input` for a cursor that no page gave */
  async list(cursor?: string): ReturnType<DeadLetters['list']> {
    const after = cursor === undefined ? 0 : deathNumber(cursor);
    const page: DeadLetter[] = [];
    let last = after;
    for (const stored of this.dead) {
      if (!stored.death || stored.death.number <= after) continue;
      if (page.length === PAGE_SIZE) return { dead_letters: page, next_cursor: String(last) };
      page.push(toDeadLetter(stored, stored.death));
      last = stored.death.number;
    }
    return { dead_letters: page, next_cursor: null };
  }

  /**
   * Also where the queue is full: the ticket was accepted before.
   * @throws SmartSupportError `not_found`, `unavailable` during a handoff
   */
  async retry(ticketId: string): Promise<TicketRecord> {
    const stored = this.getDead(ticketId);
    this.dead.remove(stored);
    this.tickets.reserveBytes(stored, -textBytes(stored.death?.error.message));
    stored.death = null;
    stored.stalls = 0;
    const record = this.tickets.changeStatus(stored, { ...stored.record.ticket, status: 'queued', attempts: 0 });
    this.lanes.laneOf(stored).appendRequeued(stored);
    return record;
  }

  /** @throws SmartSupportError `not_found`, `unavailable` during a handoff */
  async remove(ticketId: string): Promise<void> {
    this.forgetDeadLetter(this.getDead(ticketId));
  }

  /** Moves a ticket without a lease to the dead letters. */
  addDeadLetter(stored: StoredTicket, error: DeadLetter['error']): void {
    this.tickets.changeStatus(stored, { ...stored.record.ticket, status: 'dead' });
    this.deaths += 1;
    stored.death = { number: this.deaths, error, diedAt: this.timestamps.now() };
    this.tickets.reserveBytes(stored, textBytes(error.message));
    this.dead.append(stored);
    for (const oldest of this.dead) {
      if (this.dead.size <= this.deadLettersMax) return;
      // A repeat of one in handoff would count as a new ticket.
      if (oldest.isInHandoff) continue;
      this.forgetDeadLetter(oldest);
      this.observer.deadLetterLost?.(oldest.id);
    }
  }

  /** The dead letter of a ticket, if it died. */
  letterOf(stored: StoredTicket): DeadLetter | undefined {
    return stored.death ? toDeadLetter(stored, stored.death) : undefined;
  }

  /** Drops a dead ticket, in handoff or not. */
  forgetDeadLetter(stored: StoredTicket): void {
    this.dead.remove(stored);
    this.tickets.forget(stored);
  }

  private getDead(ticketId: string): StoredTicket {
    const stored = this.tickets.find(ticketId);
    if (!stored?.death) throw new SmartSupportError('not_found', `There is no dead letter "${ticketId}"`);
    stored.refuseInHandoff();
    return stored;
  }
}

function toDeadLetter({ id, record, stalls }: StoredTicket, { error, diedAt }: Death): DeadLetter {
  return { ticket_id: id, error, attempts: record.ticket.attempts, stalls, died_at: diedAt };
}
