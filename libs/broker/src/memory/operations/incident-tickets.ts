import type { Ticket } from '@smart-support/contracts';
import type { IncidentRecord } from '../tables/incident-record';
import type { IncidentTable } from '../tables/incident-table';
import type { Lanes } from '../tables/lanes';
import type { StoredTicket } from '../tables/stored-ticket';
import type { TicketTable } from '../tables/ticket-table';
import type { Timestamps } from '../tables/timestamps';
import type { Assignments } from './assignments';

/** The fields of a ticket that follow from its incident. */
type IncidentFields = Pick<Ticket, 'is_duplicate' | 'master_incident_id'>;

const NO_INCIDENT: IncidentFields = { is_duplicate: false, master_incident_id: null };

/** Changes tickets as their incidents demand: suppresses, releases or completes them. */
export class IncidentTickets {
  constructor(
    private readonly tickets: TicketTable,
    private readonly incidents: IncidentTable,
    private readonly lanes: Lanes,
    private readonly assignments: Assignments,
    private readonly timestamps: Timestamps,
  ) {}

  /** What the fields of a ticket have to be. */
  fieldsOf(ticketId: string): IncidentFields {
    const incident = this.incidents.incidentOf(ticketId);
    if (!incident) return NO_INCIDENT;
    return { is_duplicate: incident.representativeId !== ticketId, master_incident_id: incident.id };
  }

  /** Updates the fields of a ticket. Its commit sets those of an undecided one; the end of its handoff those of one in handoff. */
  updateFields(stored: StoredTicket): void {
    const { status, is_duplicate, master_incident_id } = stored.record.ticket;
    const fields = this.fieldsOf(stored.id);
    const isUndecided = fields.master_incident_id !== null && (status === 'queued' || status === 'processing');
    if (isUndecided || stored.isInHandoff) return;
    if (fields.is_duplicate === is_duplicate && fields.master_incident_id === master_incident_id) return;
    this.tickets.amend(stored, fields);
  }

  /** Updates new members, and suppresses those that wait for an agent, unless a severe signal routes them. */
  suppressMembers(record: IncidentRecord, ticketIds: readonly string[]): void {
    for (const stored of this.known(ticketIds)) {
      this.updateFields(stored);
      const { ticket } = stored.record;
      const isMember = this.incidents.incidentOf(stored.id) === record;
      const isRouted = stored.isAlwaysRouted || record.hasRoutedSignal(stored.id);
      if (ticket.status !== 'waiting' || !isMember || isRouted || stored.isInHandoff) continue;
      this.assignments.withdraw(stored);
      this.tickets.changeStatus(stored, { ...ticket, status: 'suppressed' });
    }
  }

  /** Releases tickets without an incident: suppressed ones go to the front of their lanes, in order of arrival and with fresh counts. */
  releaseTickets(ticketIds: readonly string[]): void {
    const suppressed: { readonly stored: StoredTicket; readonly receivedMs: number }[] = [];
    for (const stored of this.known(ticketIds)) {
      if (this.incidents.incidentOf(stored.id) || stored.isInHandoff) continue;
      if (stored.record.ticket.status !== 'suppressed') this.updateFields(stored);
      else suppressed.push({ stored, receivedMs: stored.receivedMs });
    }
    suppressed.sort((a, b) => a.receivedMs - b.receivedMs);
    // Each goes to the front, so the last goes first.
    for (const { stored } of suppressed.toReversed()) {
      stored.stalls = 0;
      this.tickets.changeStatus(stored, { ...stored.record.ticket, ...NO_INCIDENT, status: 'queued', attempts: 0 });
      this.lanes.laneOf(stored).prependRequeued(stored);
    }
  }

  /** Completes the suppressed members of a resolved incident, and releases the doubtful ones that are not to be completed with them. */
  completeMembers(record: IncidentRecord, ticketIds: readonly string[]): void {
    const released: string[] = [];
    for (const stored of this.known(ticketIds)) {
      const isSuppressed = stored.record.ticket.status === 'suppressed';
      const isMember = isSuppressed && !stored.isInHandoff && this.incidents.incidentOf(stored.id) === record;
      if (isMember && record.releasesMember(stored.id)) {
        this.detachDoubtful(record, stored);
        released.push(stored.id);
      } else if (isMember) this.completeSuppressed(stored);
    }
    this.releaseTickets(released);
  }

  /** Takes a doubtful member out of a resolved incident: from now on it is judged as no part of a storm. */
  detachDoubtful(record: IncidentRecord, stored: StoredTicket): void {
    stored.releasedFrom = { id: record.id, similarity: record.similarityOf(stored.id) };
    this.incidents.detach(record, stored.id);
  }

  /** Makes the changes that an aborted handoff has delayed. */
  applyMissedChanges(stored: StoredTicket): void {
    const incident = this.incidents.incidentOf(stored.id);
    if (!incident) this.releaseTickets([stored.id]);
    else if (incident.status === 'resolved' && stored.record.ticket.status === 'suppressed')
      this.completeMembers(incident, [stored.id]);
    else this.suppressMembers(incident, [stored.id]);
  }

  /** Completes a suppressed ticket whose incident has ended. */
  completeSuppressed(stored: StoredTicket): void {
    this.tickets.changeStatus(stored, {
      ...stored.record.ticket,
      status: 'completed',
      resolution: 'incident',
      completed_at: this.timestamps.now(),
    });
    this.tickets.keepFinished(stored);
  }

  private known(ticketIds: readonly string[]): StoredTicket[] {
    return ticketIds.flatMap((ticketId) => this.tickets.find(ticketId) ?? []);
  }
}
