import {
  PAGE_SIZE,
  SmartSupportError,
  type BrokerOptions,
  type Clock,
  type IncidentMember,
  type Incidents,
  type IncidentQuery,
  type Ticket,
} from '@smart-support/contracts';
import type { IncidentChange } from '@smart-support/storm';
import { incidentNumber, memberCursor, memberPlace } from '../rules/incident-cursors';
import { IncidentRecord } from './incident-record';
import type { StoredTicket } from './stored-ticket';
import type { TicketTable } from './ticket-table';

/** Tickets of a dropped incident that are forgotten at a time. */
const FORGOTTEN_AT_A_TIME = 1000;

/** The record of every known incident, and which ticket belongs to which. What becomes of the tickets is not its concern. */
export class IncidentTable {
  /** In the order of their beginning. */
  private readonly records = new Map<string, IncidentRecord>();
  /** Suspected, open and quiet ones. */
  private readonly living = new Set<IncidentRecord>();
  /** In the order of their end. */
  private readonly closed = new Set<IncidentRecord>();
  /** By ticket, the open, quiet or resolved incident that it belongs to. */
  private readonly holders = new Map<string, IncidentRecord>();
  /** Dropped incidents whose tickets are still among those of {@link holders}. */
  private readonly dropped = new Map<IncidentRecord, Iterator<string>>();
  private begun = 0;

  constructor(
    private readonly tickets: TicketTable,
    private readonly clock: Clock,
    private readonly bounds: Pick<BrokerOptions, 'retentionMs' | 'ticketsKept'>,
  ) {}

  /** A record, if it is known. */
  find(incidentId: string): IncidentRecord | undefined {
    this.dropClosed();
    this.forgetTickets();
    return this.records.get(incidentId);
  }

  /** A record that must be known. @throws SmartSupportError `not_found` */
  get(incidentId: string): IncidentRecord {
    const record = this.find(incidentId);
    if (!record) throw new SmartSupportError('not_found', `There is no incident "${incidentId}"`);
    return record;
  }

  /** The open, quiet or resolved incident that a ticket belongs to. */
  holderOf(ticketId: string): IncidentRecord | undefined {
    const holder = this.holders.get(ticketId);
    // The tickets of a large incident that was rejected or dropped leave it one after the other.
    return holder && holder.status !== 'rejected' && this.records.get(holder.id) === holder ? holder : undefined;
  }

  /** Whether a ticket is suppressed only because the members of its incident, which has ended, are not settled yet. */
  isUnsettled({ record: { ticket }, isInHandoff }: StoredTicket): boolean {
    if (ticket.status !== 'suppressed' || ticket.master_incident_id === null || isInHandoff) return false;
    const incident = this.records.get(ticket.master_incident_id);
    return incident !== undefined && this.closed.has(incident) && incident.isUnsettled;
  }

  /** Incidents that may still grow. */
  get alive(): Iterable<IncidentRecord> {
    return this.living;
  }

  /** One page, the latest first. @throws SmartSupportError `invalid_input` for a cursor that no page gave */
  list({ status, cursor }: IncidentQuery = {}): Awaited<ReturnType<Incidents['list']>> {
    this.dropClosed();
    const before = cursor === undefined ? Infinity : incidentNumber(cursor);
    const page: IncidentRecord[] = [];
    for (const record of [...this.records.values()].reverse()) {
      if (record.number >= before || (status && record.status !== status)) continue;
      if (page.length === PAGE_SIZE)
        return { incidents: page.map(described), next_cursor: String(page.at(-1)?.number) };
      page.push(record);
    }
    return { incidents: page.map(described), next_cursor: null };
  }

  /** One page, in order of arrival. @throws SmartSupportError `not_found`, `invalid_input` for a cursor that no page gave */
  members(incidentId: string, cursor?: string): Awaited<ReturnType<Incidents['members']>> {
    const place = cursor === undefined ? null : memberPlace(cursor);
    return pageOf(this.get(incidentId).membersAfter(place, PAGE_SIZE + 1));
  }

  /** One page of the doubtful ones, in order of arrival. @throws SmartSupportError `not_found`, `invalid_input` for a cursor that no page gave */
  doubtfulMembers(incidentId: string, cursor?: string): Awaited<ReturnType<Incidents['doubtfulMembers']>> {
    const place = cursor === undefined ? null : memberPlace(cursor);
    return this.get(incidentId).doubtfulAfter(place);
  }

  /** Writes down what became of an incident. Returns its record, unless it is gone. Tickets that are not known here become no members. */
  apply(change: IncidentChange): IncidentRecord | undefined {
    const { status } = change;
    const known = this.find(change.incident_id);
    if (status === 'gone') {
      if (known) this.drop(known);
      return undefined;
    }
    // Of one that is forgotten already nobody wants to know its end.
    if (!known && (status === 'resolved' || status === 'rejected')) return undefined;
    const formerStatus = known?.status;
    const record = known ?? new IncidentRecord((this.begun += 1), { ...change, status });
    this.records.set(record.id, record);
    record.become({ ...change, status });
    for (const joined of change.joined) {
      const ticket = this.ticket(joined.ticket_id);
      if (ticket) record.join(joined, ticket);
    }
    for (const ticketId of change.left) {
      record.leave(ticketId);
      this.letGo(record, ticketId);
    }
    record.ensureRepresentative();
    if (!known) this.name(record);
    this.file(record);
    if (status === 'open') {
      // What was suspected only held nobody.
      const held = formerStatus === 'suspected' ? record.memberIds : change.joined.map(({ ticket_id }) => ticket_id);
      for (const ticketId of held) this.hold(record, ticketId);
    }
    return record;
  }

  /** A ticket was understood: its incidents count it from now on. */
  note(ticket: Ticket): void {
    for (const record of this.living) record.note(ticket);
    this.holders.get(ticket.id)?.note(ticket);
  }

  private ticket(ticketId: string): Ticket | undefined {
    return this.tickets.find(ticketId)?.record.ticket;
  }

  private name(record: IncidentRecord): void {
    const known = [record.representativeId, ...record.memberIds].map((ticketId) => this.ticket(ticketId));
    const speaker = known.find((ticket) => ticket !== undefined);
    if (speaker) record.nameAfter(speaker);
  }

  /** A ticket belongs to one incident. */
  private hold(record: IncidentRecord, ticketId: string): void {
    const holder = this.holders.get(ticketId);
    if (record.has(ticketId) && !(holder && this.living.has(holder))) this.holders.set(ticketId, record);
  }

  /** A ticket belongs to this incident no more, as far as it did; the record keeps the member. */
  letGo(record: IncidentRecord, ticketId: string): void {
    if (this.holders.get(ticketId) === record) this.holders.delete(ticketId);
  }

  private file(record: IncidentRecord): void {
    const isClosed = record.status === 'resolved' || record.status === 'rejected';
    (isClosed ? this.closed : this.living).add(record);
    (isClosed ? this.living : this.closed).delete(record);
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

  /** Forgets a record, and which tickets it holds. */
  drop(record: IncidentRecord): void {
    this.records.delete(record.id);
    this.closed.delete(record);
    this.living.delete(record);
    this.dropped.set(record, record.memberIds);
    this.forgetTickets();
  }

  /** Forgets which tickets the dropped incidents hold, some at a time: nothing else is done meanwhile. */
  private forgetTickets(): void {
    const [first] = this.dropped;
    if (!first) return;
    const [record, ids] = first;
    for (let count = 0; count < FORGOTTEN_AT_A_TIME; count += 1) {
      const { value, done } = ids.next();
      if (!done) this.letGo(record, value);
      else return void this.dropped.delete(record);
    }
  }
}

/** A page of members that were found, one more than it holds if there are more. */
function pageOf(found: readonly IncidentMember[]) {
  const members = found.slice(0, PAGE_SIZE);
  const last = members.at(-1);
  return { members, next_cursor: last && found.length > PAGE_SIZE ? memberCursor(last) : null };
}

function described(record: IncidentRecord): ReturnType<IncidentRecord['describe']> {
  return record.describe();
}
