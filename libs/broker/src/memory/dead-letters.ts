import {
  PAGE_SIZE,
  SmartSupportError,
  type BrokerObserver,
  type DeadLetter,
  type DeadLetters,
  type TicketRecord,
} from '@smart-support/contracts';
import { deathNumber } from '../rules/death-number';
import { textBytes } from './byte-budget';
import type { Lanes } from './lanes';
import { LinkedList } from './linked-list';
import type { Death, StoredTicket } from './stored-ticket';
import type { TicketTable } from './ticket-table';
import type { Timestamps } from './timestamps';

/** Tickets that failed too often, oldest first; beyond the bound the oldest are lost. */
export class MemoryDeadLetters {
  private readonly dead = new LinkedList<StoredTicket>();
  private deaths = 0;

  constructor(
    private readonly book: TicketTable,
    private readonly lanes: Lanes,
    private readonly timestamps: Timestamps,
    private readonly deadLettersMax: number,
    private readonly observer: BrokerObserver,
  ) {}

  /** Buries a ticket that nobody holds any more. */
  add(stored: StoredTicket, error: DeadLetter['error']): void {
    this.book.changeStatus(stored, { ...stored.record.ticket, status: 'dead' });
    this.deaths += 1;
    stored.death = { number: this.deaths, error, diedAt: this.timestamps.now() };
    this.book.resize(stored, textBytes(error.message));
    this.dead.append(stored);
    for (const oldest of this.dead) {
      if (this.dead.size <= this.deadLettersMax) return;
      // It would be taken for a new ticket if it came again.
      if (oldest.isInHandoff) continue;
      this.forget(oldest);
      this.observer.deadLetterLost?.(oldest.id);
    }
  }

  /**
   * One page, from the one after the cursor on.
   * @throws SmartSupportError `invalid_input` for a cursor that no page gave
   */
  list(cursor?: string): Awaited<ReturnType<DeadLetters['list']>> {
    const after = cursor === undefined ? 0 : deathNumber(cursor);
    const page: DeadLetter[] = [];
    let last = after;
    for (const stored of this.dead) {
      if (!stored.death || stored.death.number <= after) continue;
      if (page.length === PAGE_SIZE) return { dead_letters: page, next_cursor: String(last) };
      page.push(letter(stored, stored.death));
      last = stored.death.number;
    }
    return { dead_letters: page, next_cursor: null };
  }

  /** How a ticket died, if it did. */
  letterOf(stored: StoredTicket): DeadLetter | undefined {
    return stored.death ? letter(stored, stored.death) : undefined;
  }

  /**
   * Puts a ticket at the end of its lane with fresh counts, also where the queue is full: it was inside before.
   * @throws SmartSupportError `not_found`, `unavailable` while it is on its way to another broker
   */
  retry(ticketId: string): TicketRecord {
    const stored = this.mustBeDead(ticketId);
    stored.mustBeHere();
    this.dead.remove(stored);
    this.book.resize(stored, -textBytes(stored.death?.error.message));
    stored.death = null;
    stored.stalls = 0;
    const record = this.book.changeStatus(stored, { ...stored.record.ticket, status: 'queued', attempts: 0 });
    this.lanes.of(stored).appendAgain(stored);
    return record;
  }

  /** Forgets a dead ticket. @throws SmartSupportError `not_found`, `unavailable` while it is on its way to another broker */
  remove(ticketId: string): void {
    const stored = this.mustBeDead(ticketId);
    stored.mustBeHere();
    this.forget(stored);
  }

  /** Drops a dead ticket, also one on its way: another broker has it. */
  forget(stored: StoredTicket): void {
    this.dead.remove(stored);
    this.book.forget(stored);
  }

  private mustBeDead(ticketId: string): StoredTicket {
    const stored = this.book.find(ticketId);
    if (stored?.death) return stored;
    throw new SmartSupportError('not_found', `There is no dead letter "${ticketId}"`);
  }
}

function letter({ id, record, stalls }: StoredTicket, { error, diedAt }: Death): DeadLetter {
  return { ticket_id: id, error, attempts: record.ticket.attempts, stalls, died_at: diedAt };
}
