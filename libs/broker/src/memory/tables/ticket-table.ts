import {
  SmartSupportError,
  TICKET_STATUSES,
  ticketMayBecome,
  type BrokerObserver,
  type Ticket,
  type TicketExplanation,
  type TicketRecord,
  type TicketStatus,
} from '@smart-support/contracts';
import type { ByteBudget } from './byte-budget';
import type { IdempotencyKeys } from './idempotency-keys';
import { LinkedList } from './linked-list';
import type { StoredTicket } from './stored-ticket';
import { TicketIndex } from './ticket-index';

/** Number and bytes of the unfinished tickets of one trust domain. */
export interface DomainUse {
  readonly tickets: number;
  /** As they came, without later additions. */
  readonly bytes: number;
}

/** All known tickets by id. Every change of a status happens here. */
export class TicketTable {
  /** The same tickets for lists. */
  readonly index = new TicketIndex();
  private readonly tickets = new Map<string, StoredTicket>();
  private readonly counts = new Map<TicketStatus, number>(TICKET_STATUSES.map((status) => [status, 0]));
  /** By trust domain. */
  private readonly ofDomain = new Map<string, DomainUse>();
  /** Oldest first. */
  private readonly finished = new LinkedList<StoredTicket>();
  private finishedBytes = 0;

  /**
   * @param ticketsKept - finished tickets to keep; beyond it the oldest are dropped
   * @param budget - finished tickets are also dropped where their bytes are needed
   */
  constructor(
    private readonly keys: IdempotencyKeys,
    private readonly duplicates: IdempotencyKeys,
    private readonly ticketsKept: number,
    private readonly observer: BrokerObserver,
    private readonly budget: ByteBudget,
  ) {}

  /** A ticket, if it is known. */
  find(ticketId: string): StoredTicket | undefined {
    return this.tickets.get(ticketId);
  }

  /** A ticket that must be known. @throws SmartSupportError `not_found` */
  get(ticketId: string): StoredTicket {
    const stored = this.tickets.get(ticketId);
    if (!stored) throw new SmartSupportError('not_found', `There is no ticket "${ticketId}"`);
    return stored;
  }

  /** Every ticket, in order of arrival. */
  [Symbol.iterator](): Iterator<StoredTicket> {
    return this.tickets.values();
  }

  /** How many tickets have a status. */
  count(status: TicketStatus): number {
    return this.counts.get(status) ?? 0;
  }

  /** Number of tickets that are neither completed nor dead. */
  get unfinished(): number {
    return this.tickets.size - this.count('completed') - this.count('dead');
  }

  /** What the unfinished tickets of a trust domain take. */
  unfinishedOf(domain: string): DomainUse {
    return this.ofDomain.get(domain) ?? { tickets: 0, bytes: 0 };
  }

  /** Inserts a new ticket; `undefined` if there is no space for its bytes, even without the finished tickets. */
  insert(stored: StoredTicket): StoredTicket | undefined {
    const { record, names } = stored;
    if (!this.makeSpaceFor(stored.bytes)) return undefined;
    this.budget.reserve(stored.bytes);
    this.tickets.set(stored.id, stored);
    if (names.idempotencyKey !== null) this.keys.remember(names.idempotencyKey, stored.id);
    if (names.duplicateKey !== null) this.duplicates.remember(names.duplicateKey, stored.id);
    this.addToCount(stored, 1);
    this.index.insert(stored);
    this.observer.status?.(record.ticket);
    return stored;
  }

  /**
   * Replaces a ticket with itself in another status, as the life table allows.
   * @throws SmartSupportError `internal` for a transition that the table does not allow: a bug of the caller
   */
  changeStatus(
    stored: StoredTicket,
    ticket: Ticket,
    explanation: TicketExplanation = stored.record.explanation,
  ): TicketRecord {
    const from = stored.record.ticket.status;
    const to = ticket.status;
    if (!ticketMayBecome(from, to)) {
      throw new SmartSupportError('internal', `Ticket "${stored.id}" is ${from} and cannot become ${to}`);
    }
    this.addToCount(stored, -1);
    stored.record = { ...stored.record, ticket, explanation };
    this.addToCount(stored, 1);
    this.index.update(stored);
    this.observer.status?.(ticket);
    return stored.record;
  }

  /** Replaces the record of a ticket, in the same status. */
  replace(stored: StoredTicket, record: TicketRecord): void {
    stored.record = record;
    this.index.update(stored);
  }

  /** Changes other fields of a ticket than its status. */
  amend(stored: StoredTicket, changes: Partial<Omit<Ticket, 'id' | 'status'>>): void {
    this.replace(stored, { ...stored.record, ticket: { ...stored.record.ticket, ...changes } });
  }

  /**
   * Keeps a completed ticket for reading; beyond the bound the oldest are forgotten, but none in handoff: a repeat of it would count as a new
   * ticket.
   */
  keepFinished(stored: StoredTicket): void {
    this.finished.append(stored);
    this.finishedBytes += stored.bytes;
    for (const oldest of this.finished) {
      if (this.finished.size <= this.ticketsKept) return;
      if (!oldest.isInHandoff) this.forgetFinished(oldest);
    }
  }

  /** Takes a completed ticket out of those that are kept for reading: it is opened again. */
  takeFromFinished(stored: StoredTicket): void {
    this.finished.remove(stored);
    this.finishedBytes -= stored.bytes;
  }

  /** Reserves additional bytes for a ticket, or frees them if negative. */
  reserveBytes(stored: StoredTicket, bytes: number): void {
    stored.bytes += bytes;
    if (stored.list === this.finished) this.finishedBytes += bytes;
    this.budget.reserve(bytes);
  }

  /** Drops a finished ticket. */
  forgetFinished(stored: StoredTicket): void {
    this.takeFromFinished(stored);
    this.forget(stored);
  }

  /** Drops a ticket that is in no list, with its keys. */
  forget(stored: StoredTicket): void {
    this.tickets.delete(stored.id);
    this.index.remove(stored);
    this.budget.free(stored.bytes);
    this.addToCount(stored, -1);
    const { idempotencyKey, duplicateKey } = stored.names;
    if (idempotencyKey !== null) this.keys.forgetTicket(idempotencyKey, stored.id);
    if (duplicateKey !== null) this.duplicates.forgetTicket(duplicateKey, stored.id);
  }

  /** Drops as many finished tickets as so many bytes need. Returns whether they fit now. */
  private makeSpaceFor(bytes: number): boolean {
    if (!this.budget.fits(bytes - this.finishedBytes)) return false;
    for (const oldest of this.finished) {
      if (this.budget.fits(bytes)) return true;
      if (!oldest.isInHandoff) this.forgetFinished(oldest);
    }
    return this.budget.fits(bytes);
  }

  private addToCount({ record: { ticket, source }, ownBytes }: StoredTicket, difference: number): void {
    const { status } = ticket;
    this.counts.set(status, this.count(status) + difference);
    if (!source || status === 'completed' || status === 'dead') return;
    const before = this.unfinishedOf(source.domain);
    const tickets = before.tickets + difference;
    if (tickets > 0) this.ofDomain.set(source.domain, { tickets, bytes: before.bytes + difference * ownBytes });
    else this.ofDomain.delete(source.domain);
  }
}
