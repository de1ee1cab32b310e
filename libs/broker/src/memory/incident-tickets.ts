import type { Ticket } from '@smart-support/contracts';
import type { Assignments } from './assignments';
import type { IncidentTable } from './incident-table';
import type { IncidentRecord } from './incident-record';
import type { Lanes } from './lanes';
import type { StoredTicket } from './stored-ticket';
import type { TicketTable } from './ticket-table';
import type { Timestamps } from './timestamps';

/** What a ticket shows of its incident. */
type Mark = Pick<Ticket, 'is_duplicate' | 'master_incident_id'>;

const UNMARKED: Mark = { is_duplicate: false, master_incident_id: null };

/** What becomes of tickets because of their incidents: they are marked, taken out of line, queued again or completed. */
export class IncidentTickets {
  constructor(
    private readonly book: TicketTable,
    private readonly incidents: IncidentTable,
    private readonly lanes: Lanes,
    private readonly assignments: Assignments,
    private readonly timestamps: Timestamps,
  ) {}

  /** What a ticket has to show. */
  markOf(ticketId: string): Mark {
    const holder = this.incidents.holderOf(ticketId);
    if (!holder) return UNMARKED;
    return { is_duplicate: holder.representativeId !== ticketId, master_incident_id: holder.id };
  }

  /** Lets a ticket show what it has to. One that is still to be committed is marked by its commit, one on its way if it is taken back. */
  mark(stored: StoredTicket): void {
    const { status, is_duplicate, master_incident_id } = stored.record.ticket;
    const mark = this.markOf(stored.id);
    const isToCome = mark.master_incident_id !== null && (status === 'queued' || status === 'processing');
    if (isToCome || stored.isInHandoff) return;
    if (mark.is_duplicate === is_duplicate && mark.master_incident_id === master_incident_id) return;
    this.book.amend(stored, mark);
  }

  /** Marks new members, and takes those that wait for an agent out of their line, unless they say something severe. */
  takeIn(record: IncidentRecord, ticketIds: readonly string[]): void {
    for (const stored of this.known(ticketIds)) {
      this.mark(stored);
      const { ticket } = stored.record;
      const isHeld = this.incidents.holderOf(stored.id) === record;
      const stays = stored.isAlwaysRouted || record.hasRoutedSignal(stored.id);
      if (ticket.status !== 'waiting' || !isHeld || stays || stored.isInHandoff) continue;
      this.assignments.withdraw(stored);
      this.book.changeStatus(stored, { ...ticket, status: 'suppressed' });
    }
  }

  /** Lets tickets go that an incident holds no more: suppressed ones to the front of their lanes, in order of arrival and with fresh counts. */
  letGo(ticketIds: readonly string[]): void {
    const suppressed: { readonly stored: StoredTicket; readonly receivedMs: number }[] = [];
    for (const stored of this.known(ticketIds)) {
      if (this.incidents.holderOf(stored.id) || stored.isInHandoff) continue;
      if (stored.record.ticket.status !== 'suppressed') this.mark(stored);
      else suppressed.push({ stored, receivedMs: stored.receivedMs });
    }
    suppressed.sort((a, b) => a.receivedMs - b.receivedMs);
    // Each goes to the front: the last first.
    for (const { stored } of suppressed.toReversed()) {
      stored.stalls = 0;
      this.book.changeStatus(stored, { ...stored.record.ticket, ...UNMARKED, status: 'queued', attempts: 0 });
      this.lanes.of(stored).prepend(stored);
    }
  }

  /** The cause is mended: the suppressed ones of an incident are done, but for doubtful ones that are not to be completed with the others. */
  complete(record: IncidentRecord, ticketIds: readonly string[]): void {
    const released: string[] = [];
    for (const stored of this.known(ticketIds)) {
      const isSuppressed = stored.record.ticket.status === 'suppressed';
      const isOurs = isSuppressed && !stored.isInHandoff && this.incidents.holderOf(stored.id) === record;
      if (isOurs && record.releases(stored.id)) {
        this.release(record, stored);
        released.push(stored.id);
      } else if (isOurs) this.end(stored);
    }
    this.letGo(released);
  }

  /** A doubtful member of a resolved incident is no part of it any more, and of no storm: it is judged by itself from now on. */
  release(record: IncidentRecord, stored: StoredTicket): void {
    stored.releasedFrom = { id: record.id, similarity: record.similarityOf(stored.id) };
    this.incidents.letGo(record, stored.id);
  }

  /** Does what could not be done while a ticket was on its way to another broker. */
  catchUp(stored: StoredTicket): void {
    const holder = this.incidents.holderOf(stored.id);
    if (!holder) this.letGo([stored.id]);
    else if (holder.status === 'resolved' && stored.record.ticket.status === 'suppressed')
      this.complete(holder, [stored.id]);
    else this.takeIn(holder, [stored.id]);
  }

  /** Ends a suppressed ticket as its incident has ended. */
  end(stored: StoredTicket): void {
    this.book.changeStatus(stored, {
      ...stored.record.ticket,
      status: 'completed',
      resolution: 'incident',
      completed_at: this.timestamps.now(),
    });
    this.book.keepFinished(stored);
  }

  private known(ticketIds: readonly string[]): StoredTicket[] {
    return ticketIds.flatMap((ticketId) => this.book.find(ticketId) ?? []);
  }
}
