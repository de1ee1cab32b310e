import type { FinishedTicket } from '@smart-support/contracts';
import type { Assignments } from './assignments';
import { urgentEventId } from '../rules/urgent-event';
import type { MemoryDeadLetters } from './dead-letters';
import type { MemoryOutbox } from './outbox';
import type { IncidentTable } from './incident-table';
import type { IncidentTickets } from './incident-tickets';
import type { StoredTicket } from './stored-ticket';
import type { MemoryStorms } from './storms';
import type { TicketTable } from './ticket-table';

/** Lets finished tickets leave for another broker. */
export class HandoffSource {
  constructor(
    private readonly book: TicketTable,
    private readonly assignments: Assignments,
    private readonly deadLetters: MemoryDeadLetters,
    private readonly outbox: MemoryOutbox,
    private readonly incidents: Pick<IncidentTable, 'isUnsettled'>,
    private readonly incidentTickets: IncidentTickets,
    private readonly storms: Pick<MemoryStorms, 'entryFor' | 'departed'>,
  ) {}

  /** Ids of all tickets but the completed. One on its way to another broker is among them while it is not forgotten here. */
  unsavedIds(): string[] {
    return [...this.book].filter(({ record }) => record.ticket.status !== 'completed').map(({ id }) => id);
  }

  /** Up to `limit` tickets that no worker of this process has to touch again, with the death of those that died. */
  finished(limit: number): FinishedTicket[] {
    const found: FinishedTicket[] = [];
    for (const stored of this.book) {
      if (found.length >= limit) break;
      if (this.isFinished(stored)) found.push(this.describe(stored));
    }
    return found;
  }

  /** One of them; `undefined` if it is not known or not finished. */
  finishedById(ticketId: string): FinishedTicket | undefined {
    const stored = this.book.find(ticketId);
    return stored && this.isFinished(stored) ? this.describe(stored) : undefined;
  }

  /** Keeps a finished ticket as it stands until it is taken back or forgotten. */
  begin(ticketId: string): void {
    const stored = this.book.find(ticketId);
    // Sent off a second time, it has missed what it missed since the first.
    if (stored && this.isFinished(stored) && !stored.isInHandoff) this.assignments.suspend(stored);
  }

  /** Goes on with a ticket that was sent off. */
  abort(ticketId: string): void {
    const stored = this.book.find(ticketId);
    if (!stored?.isInHandoff) return;
    this.assignments.resume(stored);
    this.incidentTickets.catchUp(stored);
  }

  /**
   * Forgets a finished ticket with its slot, its place in line, its idempotency key and its undelivered alert. Others are left alone: one that
   * is unknown, or that was put back in its lane since it was found to be finished, still needs this process.
   *
   * The slot is free afterwards and yet nobody in line gets it, because its agent goes on with the ticket elsewhere. So
   * the rule that nobody waits for whom a capable agent has a free slot rests here, until the next call that hands out
   * slots: an agent is put, another ticket is completed, or one is taken back that missed such a call. A broker that
   * gives its tickets away should be given no new ones.
   */
  complete(ticketId: string): void {
    const stored = this.book.find(ticketId);
    if (!stored || !this.isFinished(stored)) return;
    // Whoever has it in flight at this moment sends it under the same id as the other broker will.
    this.outbox.acknowledge(urgentEventId(ticketId));
    this.storms.departed(ticketId);
    switch (stored.record.ticket.status) {
      case 'dead':
        this.deadLetters.forget(stored);
        return;
      case 'completed':
        this.book.forgetFinished(stored);
        return;
      default:
        this.assignments.withdraw(stored);
        this.book.forget(stored);
    }
  }

  private describe(stored: StoredTicket): FinishedTicket {
    const death = this.deadLetters.letterOf(stored);
    const event = this.outbox.find(urgentEventId(stored.id));
    // A suppressed one is judged there anew.
    const { idempotencyKey, duplicateKey } = stored.names;
    const storm_entry = stored.record.ticket.status === 'suppressed' ? undefined : this.storms.entryFor(stored.id);
    return {
      record: stored.record,
      ...(death ? { death } : {}),
      ...(idempotencyKey === null ? {} : { idempotency_key: idempotencyKey }),
      ...(duplicateKey === null ? {} : { duplicate_key: duplicateKey }),
      ...(event ? { event } : {}),
      ...(stored.alerted ? { alerted: true } : {}),
      ...(storm_entry === undefined ? {} : { storm_entry }),
      ...(stored.isAlwaysRouted ? { always_routed: true } : {}),
      ...(stored.releasedFrom ? { released: stored.releasedFrom.id } : {}),
    };
  }

  /** Neither queued nor in work, nor suppressed by an incident whose end this process has still to carry out for it. */
  private isFinished(stored: StoredTicket): boolean {
    const { status } = stored.record.ticket;
    return status !== 'queued' && status !== 'processing' && !this.incidents.isUnsettled(stored);
  }
}
