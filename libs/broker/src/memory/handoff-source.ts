import type { FinishedTicket } from '@smart-support/contracts';
import { entryToJson } from '@smart-support/storm';
import { urgentEventId } from '../rules/decisions';
import type { MemoryDeadLetters } from './dead-letters';
import type { Assignments } from './operations/assignments';
import type { IncidentTickets } from './operations/incident-tickets';
import type { StormLog } from './operations/storm-log';
import type { MemoryOutbox } from './outbox';
import type { IncidentTable } from './tables/incident-table';
import type { StoredTicket } from './tables/stored-ticket';
import type { TicketTable } from './tables/ticket-table';

/** Hands finished tickets over to another broker. */
export class HandoffSource {
  constructor(
    private readonly tickets: TicketTable,
    private readonly assignments: Assignments,
    private readonly deadLetters: MemoryDeadLetters,
    private readonly outbox: MemoryOutbox,
    private readonly incidents: IncidentTable,
    private readonly incidentTickets: IncidentTickets,
    private readonly log: StormLog,
  ) {}

  /** Ids of all tickets but the completed, those in handoff included. */
  unsavedIds(): string[] {
    return [...this.tickets].filter(({ record }) => record.ticket.status !== 'completed').map(({ id }) => id);
  }

  /** Up to `limit` tickets that need nothing more from this process, each with its dead letter, if any. */
  finished(limit: number): FinishedTicket[] {
    const found: FinishedTicket[] = [];
    for (const stored of this.tickets) {
      if (found.length >= limit) break;
      if (this.isFinished(stored)) found.push(this.describe(stored));
    }
    return found;
  }

  /** One of them; `undefined` if it is not known or not finished. */
  finishedById(ticketId: string): FinishedTicket | undefined {
    const stored = this.tickets.find(ticketId);
    return stored && this.isFinished(stored) ? this.describe(stored) : undefined;
  }

  /** Keeps a finished ticket unchanged until its handoff is aborted or completed. */
  begin(ticketId: string): void {
    const stored = this.tickets.find(ticketId);
    // A handoff that begins a second time still owes the ticket what it missed since the first.
    if (stored && this.isFinished(stored) && !stored.isInHandoff) this.assignments.suspend(stored);
  }

  /** Continues with a ticket in handoff. */
  abort(ticketId: string): void {
    const stored = this.tickets.find(ticketId);
    if (!stored?.isInHandoff) return;
    this.assignments.resume(stored);
    this.incidentTickets.applyMissedChanges(stored);
  }

  /**
   * Forgets a finished ticket with its slot, its place in line, its idempotency key and its undelivered alert. A ticket that is unknown, or
   * that was queued again since it was finished, is left alone.
   *
   * The slot is free here, but its agent still works on the ticket at the other broker. So no waiting ticket gets the slot until the next call
   * that fills free slots: an agent is put, another ticket is completed, or the handoff of one that missed such a call is aborted. A broker that hands its
   * tickets over should be given no new ones.
   */
  complete(ticketId: string): void {
    const stored = this.tickets.find(ticketId);
    if (!stored || !this.isFinished(stored)) return;
    // The other broker sends the alert under the same id, so a delivery in flight here does no harm.
    this.outbox.removeEvent(urgentEventId(ticketId));
    this.leaveIncidents(stored);
    switch (stored.record.ticket.status) {
      case 'dead':
        this.deadLetters.forgetDeadLetter(stored);
        return;
      case 'completed':
        this.tickets.forgetFinished(stored);
        return;
      default:
        this.assignments.withdraw(stored);
        this.tickets.forget(stored);
    }
  }

  private describe(stored: StoredTicket): FinishedTicket {
    const death = this.deadLetters.letterOf(stored);
    const event = this.outbox.findEvent(urgentEventId(stored.id));
    const { idempotencyKey, duplicateKey } = stored.names;
    const storm_entry = this.stormEntry(stored);
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

  /** The ticket's entry for the storm log of the other broker; `undefined` where it does not count there. */
  private stormEntry({ id, record, releasedFrom }: StoredTicket): string | undefined {
    // The other broker judges a suppressed ticket itself.
    if (record.ticket.status === 'suppressed' || releasedFrom) return undefined;
    const { detector } = this.log;
    const entry = detector.entryOf(id);
    const incident = this.incidents.incidentOf(id);
    if (!entry || incident?.status === 'resolved' || detector.isOfRejected(id)) return undefined;
    return entryToJson({ ...entry, elsewhere: { notified: incident !== undefined } });
  }

  /** An incident of which no member is left here ends without an event: it continues at the other broker. */
  private leaveIncidents({ id, releasedFrom }: StoredTicket): void {
    const former = releasedFrom ? this.incidents.find(releasedFrom.id) : undefined;
    // A released member may belong to another incident by now.
    for (const record of new Set([this.incidents.incidentOf(id), former])) {
      if (!record) continue;
      record.handedOver += 1;
      if (record.handedOver < record.size) continue;
      this.incidents.drop(record);
      this.log.appendEntry({ kind: 'resolved', incident_id: record.id });
    }
  }

  /** Neither queued nor in work, nor suppressed by an ended incident that still has to release or complete it. */
  private isFinished(stored: StoredTicket): boolean {
    const { status } = stored.record.ticket;
    return status !== 'queued' && status !== 'processing' && !this.incidents.isUnsettled(stored);
  }
}
