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

/** What the unfinished tickets of one trust domain take. */
export interface DomainUse {
  readonly tickets: number;
  /** As they came, without what was added to them here. */
  readonly bytes: number;
}

/** Every known ticket under its id, and the one place where a ticket changes its status. */
export class TicketTable {
  private readonly tickets = new Map<string, StoredTicket>();
  private readonly counts = new Map<TicketStatus, number>(TICKET_STATUSES.map((status) => [status, 0]));
  /** Unfinished tickets of each trust domain, and the bytes that they came with. */
  private readonly ofDomain = new Map<string, DomainUse>();
  /** Oldest first. */
  private readonly finished = new LinkedList<StoredTicket>();
  private finishedBytes = 0;

  /**
   * @param ticketsKept - finished tickets to keep; the oldest make room
   * @param budget - where finished tickets also make room by their bytes
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

  /** Tickets that still need something to happen: all but the completed and the dead. */
  get unfinished(): number {
    return this.tickets.size - this.count('completed') - this.count('dead');
  }

  /** What the unfinished tickets of a trust domain take. */
  unfinishedOf(domain: string): DomainUse {
    return this.ofDomain.get(domain) ?? { tickets: 0, bytes: 0 };
  }

  /** Enters a new ticket; `undefined` if its bytes have no room, even without the finished tickets. */
  add(stored: StoredTicket): StoredTicket | undefined {
    const { record, names } = stored;
    if (!this.makeRoomFor(stored.bytes)) return undefined;
    this.budget.take(stored.bytes);
    this.tickets.set(stored.id, stored);
    if (names.idempotencyKey !== null) this.keys.remember(names.idempotencyKey, stored.id);
    if (names.duplicateKey !== null) this.duplicates.remember(names.duplicateKey, stored.id);
    this.addToCount(stored, 1);
    this.observer.status?.(record.ticket);
    return stored;
  }

  /**
   * Replaces a ticket by itself in another status, as the life table allows.
   * @throws SmartSupportError `internal` for a change that the table does not know: a bug of the caller
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
    this.observer.status?.(ticket);
    return stored.record;
  }

  /** Replaces a ticket by itself in the same status, with something else changed. */
  amend(stored: StoredTicket, changes: Partial<Omit<Ticket, 'id' | 'status'>>): void {
    stored.record = { ...stored.record, ticket: { ...stored.record.ticket, ...changes } };
  }

  /**
   * Keeps a completed ticket for reading; the oldest beyond the bound are forgotten, but none on its way to another
   * broker: it would be taken for a new one if it came again.
   */
  keepFinished(stored: StoredTicket): void {
    this.finished.append(stored);
    this.finishedBytes += stored.bytes;
    for (const oldest of this.finished) {
      if (this.finished.size <= this.ticketsKept) return;
      if (!oldest.isInHandoff) this.forgetFinished(oldest);
    }
  }

  /** Counts bytes that a ticket takes beside its own, or (below zero) takes no more. */
  resize(stored: StoredTicket, bytes: number): void {
    stored.bytes += bytes;
    this.budget.take(bytes);
  }

  /** Drops a ticket that was kept for reading. */
  forgetFinished(stored: StoredTicket): void {
    this.finished.remove(stored);
    this.finishedBytes -= stored.bytes;
    this.forget(stored);
  }

  /** Drops a ticket that stands in no list any more, with its keys. */
  forget(stored: StoredTicket): void {
    this.tickets.delete(stored.id);
    this.budget.giveBack(stored.bytes);
    this.addToCount(stored, -1);
    const { idempotencyKey, duplicateKey } = stored.names;
    if (idempotencyKey !== null) this.keys.forgetTicket(idempotencyKey, stored.id);
    if (duplicateKey !== null) this.duplicates.forgetTicket(duplicateKey, stored.id);
  }

  /** Forgets the finished tickets that stand in the way of so many bytes, if that makes room for them. */
  private makeRoomFor(bytes: number): boolean {
    if (!this.budget.hasRoomFor(bytes - this.finishedBytes)) return false;
    for (const oldest of this.finished) {
      if (this.budget.hasRoomFor(bytes)) return true;
      if (!oldest.isInHandoff) this.forgetFinished(oldest);
    }
    return this.budget.hasRoomFor(bytes);
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
