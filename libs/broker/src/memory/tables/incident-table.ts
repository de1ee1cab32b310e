import { type BrokerOptions, type Clock, SmartSupportError, type Ticket } from '@smart-support/contracts';
import type { IncidentChange } from '@smart-support/storm';
import { IncidentRecord } from './incident-record';
import { LinkedList } from './linked-list';
import type { StoredTicket } from './stored-ticket';
import type { TicketTable } from './ticket-table';

/** Members of dropped incidents that one call detaches. */
const DETACHED_AT_ONCE = 1000;

/** The record of every known incident, and which ticket belongs to which. Changes no ticket. */
export class IncidentTable {
  /** In order of creation. */
  private readonly records = new Map<string, IncidentRecord>();
  /** Suspected, open and quiet ones. */
  private readonly living = new Set<IncidentRecord>();
  /** Resolved and rejected ones, in the order in which they ended. */
  private readonly closed = new LinkedList<IncidentRecord>();
  /** By ticket, the open, quiet or resolved incident that it belongs to. */
  private readonly byTicket = new Map<string, IncidentRecord>();
  /** Dropped incidents with members that are still in {@link byTicket}. */
  private readonly dropped = new Map<IncidentRecord, Iterator<string>>();
  private created = 0;

  constructor(
    private readonly tickets: TicketTable,
    private readonly clock: Clock,
    private readonly bounds: Pick<BrokerOptions, 'retentionMs' | 'ticketsKept'>,
  ) {}

  /** A record, if it is known. */
  find(incidentId: string): IncidentRecord | undefined {
    this.dropClosed();
    this.detachDropped();
    return this.records.get(incidentId);
  }

  /** A record that must be known. @throws SmartSupportError `not_found` */
  get(incidentId: string): IncidentRecord {
    const record = this.find(incidentId);
    if (!record) throw new SmartSupportError('not_found', `There is no incident "${incidentId}"`);
    return record;
  }

  /** The open, quiet or resolved incident that a ticket belongs to. */
  incidentOf(ticketId: string): IncidentRecord | undefined {
    const record = this.byTicket.get(ticketId);
    // Members of a large incident that was rejected or dropped are detached one after the other.
    return record && record.status !== 'rejected' && this.records.get(record.id) === record ? record : undefined;
  }

  /** Whether a ticket is suppressed only because its incident has ended but its members are not settled yet. */
  isUnsettled({ record: { ticket }, isInHandoff }: StoredTicket): boolean {
    if (ticket.status !== 'suppressed' || ticket.master_incident_id === null || isInHandoff) return false;
    const incident = this.records.get(ticket.master_incident_id);
    return incident?.list === this.closed && incident.isUnsettled;
  }

  /** Incidents that may still grow. */
  get alive(): Iterable<IncidentRecord> {
    return this.living;
  }

  /** All incidents, the latest first. */
  latestFirst(): IncidentRecord[] {
    this.dropClosed();
    return [...this.records.values()].reverse();
  }

  /** Records a change. Returns the incident's record, unless it is gone. Tickets that are not known here become no members. */
  applyChange(change: IncidentChange): IncidentRecord | undefined {
    const { status } = change;
    const known = this.find(change.incident_id);
    if (status === 'gone') {
      if (known) this.drop(known);
      return undefined;
    }
    // The record was dropped before the incident ended.
    if (!known && (status === 'resolved' || status === 'rejected')) return undefined;
    const formerStatus = known?.status;
    const record = known ?? new IncidentRecord((this.created += 1), { ...change, status });
    this.records.set(record.id, record);
    record.update({ ...change, status });
    for (const joined of change.joined) {
      const ticket = this.ticket(joined.ticket_id);
      if (ticket) record.addMember(joined, ticket);
    }
    for (const ticketId of change.left) {
      record.removeMember(ticketId);
      this.detach(record, ticketId);
    }
    record.ensureRepresentative();
    if (!known) this.setTitle(record);
    this.trackEnd(record);
    if (status === 'open') {
      // A suspected incident had no tickets attached.
      const attached =
        formerStatus === 'suspected' ? record.memberIds : change.joined.map(({ ticket_id }) => ticket_id);
      for (const ticketId of attached) this.attach(record, ticketId);
    }
    return record;
  }

  /** Counts a decided ticket in its incidents. */
  noteDecision(ticket: Ticket): void {
    for (const record of this.living) record.noteDecision(ticket);
    this.byTicket.get(ticket.id)?.noteDecision(ticket);
  }

  /** Ends that a ticket belongs to this incident, if it does; the record keeps the member. */
  detach(record: IncidentRecord, ticketId: string): void {
    if (this.byTicket.get(ticketId) === record) this.byTicket.delete(ticketId);
  }

  /** Drops a record and detaches its tickets. */
  drop(record: IncidentRecord): void {
    this.records.delete(record.id);
    if (record.list === this.closed) this.closed.remove(record);
    this.living.delete(record);
    this.dropped.set(record, record.memberIds);
    this.detachDropped();
  }

  private ticket(ticketId: string): Ticket | undefined {
    return this.tickets.find(ticketId)?.record.ticket;
  }

  private setTitle(record: IncidentRecord): void {
    const known = [record.representativeId, ...record.memberIds].map((ticketId) => this.ticket(ticketId));
    const first = known.find((ticket) => ticket !== undefined);
    if (first) record.setTitleFrom(first);
  }

  /** A ticket belongs to one incident at a time. */
  private attach(record: IncidentRecord, ticketId: string): void {
    const present = this.byTicket.get(ticketId);
    if (record.hasMember(ticketId) && !(present && this.living.has(present))) this.byTicket.set(ticketId, record);
  }

  private trackEnd(record: IncidentRecord): void {
    const hasEnded = record.status === 'resolved' || record.status === 'rejected';
    if (!hasEnded) this.living.add(record);
    else if (this.living.delete(record)) this.closed.append(record);
  }

  private dropClosed(): void {
    for (const oldest of this.closed) {
      // Its suppressed tickets still need it.
      if (oldest.isUnsettled) continue;
      const isOld = this.clock.now() - (oldest.closedMs ?? 0) >= this.bounds.retentionMs;
      if (!isOld && this.closed.size <= this.bounds.ticketsKept) return;
      this.drop(oldest);
    }
  }

  /** Detaches the tickets of dropped incidents, some at a time: the process does nothing else meanwhile. */
  private detachDropped(): void {
    const [first] = this.dropped;
    if (!first) return;
    const [record, ids] = first;
    for (let count = 0; count < DETACHED_AT_ONCE; count += 1) {
      const { value, done } = ids.next();
      if (!done) this.detach(record, value);
      else return void this.dropped.delete(record);
    }
  }
}
