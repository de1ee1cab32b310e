import { setImmediate } from 'node:timers';
import type { IncidentRecord } from '../tables/incident-record';
import type { IncidentTable } from '../tables/incident-table';
import type { IncidentTickets } from './incident-tickets';

/** Members that are settled before an operator gets the answer. The others follow after it. */
const BEFORE_ANSWER = 1000;

/** Members that are settled in one turn of the event loop. */
const PER_TURN = 200;

/**
 * Settles the members of an incident with a new status: suppresses those of a confirmed one, completes or releases those of a resolved one,
 * and releases those of a rejected one. The latest arrivals come first, because each released ticket goes to the very front of its lane.
 */
export class MemberSettlement {
  /** Incidents with unsettled members, the one that has waited longest first. */
  private readonly unsettled = new Set<IncidentRecord>();
  private isScheduled = false;
  private isClosed = false;

  constructor(
    private readonly incidents: IncidentTable,
    private readonly incidentTickets: IncidentTickets,
  ) {}

  /** Settles up to 1,000 members now, and the others in later turns of the event loop. */
  settleMembers(record: IncidentRecord): void {
    record.unsettle();
    this.unsettled.add(record);
    this.settleSome(record, BEFORE_ANSWER);
    this.schedule();
  }

  /** Settles nothing more. */
  close(): void {
    this.isClosed = true;
  }

  private schedule(): void {
    if (this.isScheduled || this.isClosed || this.unsettled.size === 0) return;
    this.isScheduled = true;
    setImmediate(() => this.settleNext());
  }

  private settleNext(): void {
    this.isScheduled = false;
    if (this.isClosed) return;
    const [record] = this.unsettled;
    if (record) this.settleSome(record, PER_TURN);
    this.schedule();
  }

  /** Settles by the present status, which may have changed again meanwhile. */
  private settleSome(record: IncidentRecord, most: number): void {
    const ticketIds = record.takeUnsettled(most);
    if (!record.isUnsettled) this.unsettled.delete(record);
    if (record.status === 'resolved') this.incidentTickets.completeMembers(record, ticketIds);
    else if (record.status !== 'rejected') this.incidentTickets.suppressMembers(record, ticketIds);
    else {
      for (const ticketId of ticketIds) this.incidents.detach(record, ticketId);
      this.incidentTickets.releaseTickets(ticketIds);
    }
  }
}
