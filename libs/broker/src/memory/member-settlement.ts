import { setImmediate } from 'node:timers';
import type { IncidentTable } from './incident-table';
import type { IncidentRecord } from './incident-record';
import type { IncidentTickets } from './incident-tickets';

/** Members that are settled before an operator is answered. Those of a larger incident are settled after that. */
const BEFORE_ANSWER = 1000;

/** Members that are settled in one turn of the event loop: nothing else is done meanwhile. */
const PER_TURN = 200;

/**
 * Does with all members of an incident what its new status asks for: those of a confirmed one are taken in, those of a resolved one completed or released,
 * those of a rejected one queued again. The latest arrivals go first, because each that is queued again goes to the very front.
 */
export class MemberSettlement {
  /** Incidents of which members are left, the one that has waited longest first. */
  private readonly unsettled = new Set<IncidentRecord>();
  private isPlanned = false;
  private isClosed = false;

  constructor(
    private readonly incidents: IncidentTable,
    private readonly incidentTickets: IncidentTickets,
  ) {}

  /** Settles up to 1,000 members of an incident that has a new status, and the others in later turns of the event loop. */
  begin(record: IncidentRecord): void {
    record.unsettle();
    this.unsettled.add(record);
    this.settle(record, BEFORE_ANSWER);
    this.plan();
  }

  /** Settles nothing more. */
  close(): void {
    this.isClosed = true;
  }

  private plan(): void {
    if (this.isPlanned || this.isClosed || this.unsettled.size === 0) return;
    this.isPlanned = true;
    setImmediate(() => this.goOn());
  }

  private goOn(): void {
    this.isPlanned = false;
    if (this.isClosed) return;
    const [record] = this.unsettled;
    if (record) this.settle(record, PER_TURN);
    this.plan();
  }

  /** An incident that has yet another status by now is settled by that. */
  private settle(record: IncidentRecord, most: number): void {
    const ticketIds = record.takeUnsettled(most);
    if (!record.isUnsettled) this.unsettled.delete(record);
    if (record.status === 'resolved') this.incidentTickets.complete(record, ticketIds);
    else if (record.status !== 'rejected') this.incidentTickets.takeIn(record, ticketIds);
    else {
      for (const ticketId of ticketIds) this.incidents.letGo(record, ticketId);
      this.incidentTickets.letGo(ticketIds);
    }
  }
}
