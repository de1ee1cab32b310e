import type { Clock, IncidentStatus, StormRules } from '@smart-support/contracts';
import {
  type IncidentChange,
  type Outcome,
  StormDetector,
  type StormEntry,
  type UnplacedEntry,
  withDoubts,
} from '@smart-support/storm';
import type { IncidentRecord } from '../tables/incident-record';
import type { IncidentTable } from '../tables/incident-table';
import { LogPlaces } from '../tables/timestamps';
import type { TicketTable } from '../tables/ticket-table';
import type { IncidentEvents } from './incident-events';
import type { IncidentTickets } from './incident-tickets';
import type { MemberSettlement } from './member-settlement';

/** Applies entries of the storm log, and carries out the changes of incidents that follow from them. The entries are not kept: only the detector reads them. */
export class StormLog {
  readonly detector: StormDetector;
  private readonly places: LogPlaces;

  constructor(
    rules: StormRules,
    private readonly tickets: TicketTable,
    private readonly incidents: IncidentTable,
    private readonly incidentTickets: IncidentTickets,
    private readonly settlement: MemberSettlement,
    private readonly events: IncidentEvents,
    clock: Clock,
  ) {
    this.detector = new StormDetector(rules);
    this.places = new LogPlaces(clock);
  }

  /** Gives an entry the next place in the log. It is to be applied before the next one. */
  placeEntry<Entry extends UnplacedEntry>(entry: Entry): Entry & Pick<StormEntry, 'id' | 'at_ms'> {
    return { ...entry, ...this.places.next() };
  }

  /**
   * Applies an entry at its place.
   * @param completeDoubtful - of an entry that resolves an incident: whether doubtful members are completed with the others
   */
  applyEntry(entry: StormEntry, completeDoubtful = false): Outcome {
    const outcome = this.detector.apply(entry);
    const changes = outcome.changes.map((change) => withDoubts(change, this.detector));
    for (const change of changes) this.applyChange(change, completeDoubtful);
    return outcome;
  }

  /** Applies an entry at the next place. */
  appendEntry(entry: UnplacedEntry, completeDoubtful = false): Outcome {
    return this.applyEntry(this.placeEntry(entry), completeDoubtful);
  }

  private applyChange(change: IncidentChange, completeDoubtful: boolean): void {
    const known = this.incidents.find(change.incident_id);
    const [formerStatus, formerRepresentative] = [known?.status, known?.representativeId];
    const record = this.incidents.applyChange(change);
    if (!record) return;
    this.incidentTickets.releaseTickets(change.left);
    const { status, representativeId } = record;
    if (status === 'open') {
      const joined = change.joined.map(({ ticket_id }) => ticket_id);
      this.incidentTickets.suppressMembers(record, joined);
    }
    const representative = representativeId === formerRepresentative ? undefined : this.tickets.find(representativeId);
    if (representative) this.incidentTickets.updateFields(representative);
    if (status === 'resolved') record.recordResolution(completeDoubtful);
    // A suspected incident has changed none of its members so far.
    if (status === 'resolved' || status === 'rejected' || (status === 'open' && formerStatus === 'suspected'))
      this.settlement.settleMembers(record);
    this.emitEvents(record, formerStatus);
  }

  private emitEvents(record: IncidentRecord, former: IncidentStatus | undefined): void {
    const isNew = former === undefined;
    if (record.status === 'suspected' && isNew) this.events.emit('incident.suspected', record);
    if (record.status === 'open' && (isNew || former === 'suspected')) this.events.emit('incident.opened', record);
    if (record.status === 'resolved') this.events.emit('incident.resolved', record);
  }
}
