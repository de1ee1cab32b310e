import { isDeepStrictEqual } from 'node:util';
import {
  OPERATOR_ACTIONS,
  SmartSupportError,
  type BrokerOptions,
  type Claim,
  type Clock,
  type Incident,
  type IncidentStatus,
  type ResolvedIncident,
  type StormArrival,
  type StormVerdict,
  type OperatorDecision,
  operatorMay,
} from '@smart-support/contracts';
import {
  type ArrivedEntry,
  type IncidentChange,
  type Outcome,
  StormDetector,
  type StormEntry,
  BurstDetector,
  type UnplacedEntry,
  type SeedReference,
  entryToJson,
  verdictWithDoubts,
  withDoubts,
} from '@smart-support/storm';
import { arrivedEntry } from '../rules/arrived-entry';
import { onlyMember } from '../rules/only-member';
import { selfConfirming, suspectedEntry } from '../rules/suspicions';
import { DECISION_KINDS, TICK_MS } from '../rules/log-entries';
import type { IncidentTable } from './incident-table';
import type { IncidentEvents } from './incident-events';
import type { IncidentRecord } from './incident-record';
import type { IncidentTickets } from './incident-tickets';
import type { Leases } from './leases';
import { LogPlaces } from './log-places';
import type { MemberSettlement } from './member-settlement';
import type { TicketTable } from './ticket-table';

/** Writes what happens into the log of storms, and does what follows from it. */
export class MemoryStorms {
  private readonly detector: StormDetector;
  private readonly places: LogPlaces;
  private readonly watch: BurstDetector;
  /** Tickets that nobody has looked at yet as part of a suspicious burst: no ticket waits for that. */
  private readonly unwatched: ArrivedEntry[] = [];

  constructor(
    private readonly options: Pick<BrokerOptions, 'storm' | 'bursts'>,
    usual: SeedReference,
    private readonly book: TicketTable,
    private readonly leases: Leases,
    private readonly incidents: IncidentTable,
    private readonly incidentTickets: IncidentTickets,
    private readonly settlement: MemberSettlement,
    private readonly news: IncidentEvents,
    private readonly clock: Clock,
  ) {
    const { storm, bursts } = options;
    const { falseAlarmsPerMonth } = bursts;
    this.detector = new StormDetector(storm);
    this.watch = new BurstDetector(
      storm.windowMs,
      { falseAlarmsPerMonth, ticketThreshold: storm.ticketThreshold },
      usual,
    );
    this.places = new LogPlaces(clock);
  }

  /**
   * Takes note of a ticket, once in its life, and says what is decided about it now.
   * @throws SmartSupportError `lease_lost`, `invalid_input` for vectors that are none
   */
  judge(claim: Claim, arrival: StormArrival): StormVerdict {
    const stored = this.leases.mustHold(claim);
    const { releasedFrom: nearest } = stored;
    if (nearest)
      return { routing: 'routed', incident: null, nearest, routed_signal: null, kept_out: 'doubtful_member' };
    const entry = arrivedEntry(stored.record.ticket, arrival);
    stored.isAlwaysRouted = arrival.isAlwaysRouted;
    // One that was decided about so late that the log has forgotten it is logged again.
    if (!this.detector.isKnown(stored.id)) this.write({ ...entry, ...this.membershipOf(stored.id) });
    const verdict = verdictWithDoubts(this.detector, stored.id);
    const holder = this.incidents.holderOf(stored.id);
    // Of an incident whose record is dropped nobody could say what to do with it: a person has to look at the ticket.
    if (!verdict.incident || verdict.incident.id === holder?.id) {
      if (verdict.incident?.doubts) holder?.addDoubts(stored.id, verdict.incident.doubts);
      return verdict;
    }
    return { ...verdict, routing: 'routed', incident: null, routed_signal: null };
  }

  /** Lets incidents notice that nothing happens, looks for suspicious bursts, and tells of incidents that have grown. */
  passTime(): void {
    this.lookForBursts();
    if (this.detector.isWaiting && this.clock.now() - this.detector.lastEntryMs >= TICK_MS) {
      this.write({ kind: 'tick' });
    }
    this.news.emitGrown();
  }

  /**
   * An operator sees a storm.
   * @throws SmartSupportError `not_found` for a ticket that is not known, `transition_not_allowed` if one belongs to another incident
   * or was taken out of one, `invalid_input` without any ticket, `unavailable` if one is on its way to another broker
   */
  open(title: string, ticketIds: readonly string[]): Incident {
    if (ticketIds.length === 0) throw new SmartSupportError('invalid_input', 'An incident needs a ticket at least');
    for (const ticketId of ticketIds) this.mustBeFree(ticketId);
    const place = this.places.next();
    const incident_id = `incident-${place.id}`;
    const entry = { kind: 'opened_by_hand', incident_id, title, ticket_ids: ticketIds } as const;
    this.mustBeDone(incident_id, this.apply({ ...entry, ...place }));
    return this.incidents.get(incident_id).describe();
  }

  /**
   * An operator decides about an incident.
   * @param completeDoubtful - whether the doubtful members of one that is resolved are completed with the others
   * @throws SmartSupportError `not_found`, `transition_not_allowed`
   */
  decide(incidentId: string, action: OperatorDecision, completeDoubtful = false): Incident {
    if (this.detector.isGone(incidentId)) throw notAllowed(incidentId, 'is gone');
    const record = this.incidents.get(incidentId);
    if (!operatorMay(action, record.status)) {
      throw notAllowed(incidentId, `is ${record.status} and cannot become ${OPERATOR_ACTIONS[action].to}`);
    }
    const entry = { kind: DECISION_KINDS[action], incident_id: incidentId };
    this.mustBeDone(incidentId, this.write(entry, completeDoubtful));
    return record.describe();
  }

  /** An operator resolves an incident. @throws SmartSupportError `not_found`, `transition_not_allowed` */
  resolve(incidentId: string, completeDoubtful: boolean): ResolvedIncident {
    const record = this.incidents.find(incidentId);
    const incident = this.decide(incidentId, 'resolve', completeDoubtful);
    const first = record?.doubtfulAfter(null).members ?? [];
    return { ...incident, doubtful_members: { ...incident.doubtful_members, first } };
  }

  /**
   * An operator takes a ticket out of an incident.
   * @throws SmartSupportError `not_found`, `transition_not_allowed`, `unavailable` while the ticket is on its way to another broker
   */
  unlink(incidentId: string, ticketId: string): void {
    const record = this.incidents.get(incidentId);
    if (!record.has(ticketId)) {
      throw new SmartSupportError('not_found', `Ticket "${ticketId}" does not belong to incident "${incidentId}"`);
    }
    if (!operatorMay('unlink', record.status)) throw notAllowed(incidentId, `is ${record.status}`);
    if (record.size === 1 && record.status !== 'suspected') throw onlyMember(incidentId, ticketId);
    const stored = this.book.find(ticketId);
    stored?.mustBeHere();
    const outcome = this.write({ kind: 'unlinked', incident_id: incidentId, ticket_id: ticketId });
    this.mustBeDone(incidentId, outcome);
    if (stored) stored.unlinkedFrom = incidentId;
  }

  /** What the log has of a ticket, for the log of another broker; `undefined` where it does not count there. */
  entryFor(ticketId: string): string | undefined {
    const entry = this.detector.entryOf(ticketId);
    const holder = this.incidents.holderOf(ticketId);
    if (this.book.find(ticketId)?.releasedFrom) return undefined;
    if (!entry || holder?.status === 'resolved' || this.detector.isOfRejected(ticketId)) return undefined;
    return entryToJson({ ...entry, elsewhere: { told: holder !== undefined } });
  }

  /** A ticket is another broker's now. An incident of which nothing is left here ends without a word: it goes on there. */
  departed(ticketId: string): void {
    const { releasedFrom } = this.book.find(ticketId) ?? {};
    const former = releasedFrom ? this.incidents.find(releasedFrom.id) : undefined;
    // A released member may be another incident's by now.
    for (const record of new Set([this.incidents.holderOf(ticketId), former])) {
      if (!record) continue;
      record.departed += 1;
      if (record.departed < record.size) continue;
      this.incidents.drop(record);
      this.write({ kind: 'resolved', incident_id: record.id });
    }
  }

  private membershipOf(ticketId: string): Pick<ArrivedEntry, 'member_of'> {
    const holder = this.incidents.holderOf(ticketId);
    return holder ? { member_of: { incident_id: holder.id, similarity: holder.similarityOf(ticketId) } } : {};
  }

  private lookForBursts(): void {
    for (const entry of this.unwatched.splice(0)) {
      const burst = this.watch.observe(entry, this.detector);
      if (burst) this.write(suspectedEntry(entry.id, burst));
    }
    const { mode } = this.options.bursts;
    for (const id of selfConfirming(mode, this.detector)) this.write({ kind: 'confirmed', incident_id: id });
    const reference = this.watch.usualMatters(this.clock.now(), this.options.storm.similarity);
    if (reference && !isDeepStrictEqual(reference, this.detector.commonMatters))
      this.write({ kind: 'reference', reference });
  }

  private mustBeFree(ticketId: string): void {
    const stored = this.book.get(ticketId);
    stored.mustBeHere();
    if (stored.unlinkedFrom !== null) throw notAllowed(stored.unlinkedFrom, `was once left by ticket "${ticketId}"`);
    const holder = this.incidents.holderOf(ticketId);
    if (holder?.status !== 'open' && holder?.status !== 'quiet') return;
    throw notAllowed(holder.id, `is ${holder.status} and holds ticket "${ticketId}"`);
  }

  private mustBeDone(incidentId: string, { refused }: Outcome): void {
    if (refused === 'unknown') throw new SmartSupportError('not_found', `There is no incident "${incidentId}"`);
    if (refused === 'not_allowed') throw notAllowed(incidentId, 'cannot be changed in this way');
  }

  private write(entry: UnplacedEntry, completeDoubtful = false): Outcome {
    return this.apply({ ...entry, ...this.places.next() }, completeDoubtful);
  }

  private apply(entry: StormEntry, completeDoubtful = false): Outcome {
    const outcome = this.detector.apply(entry);
    if (entry.kind === 'arrived' && this.options.bursts.mode !== 'off') this.unwatched.push(entry);
    const changes = outcome.changes.map((change) => withDoubts(change, this.detector));
    for (const change of changes) this.actOn(change, completeDoubtful);
    return outcome;
  }

  private actOn(change: IncidentChange, completeDoubtful: boolean): void {
    const known = this.incidents.find(change.incident_id);
    const [former, speaker] = [known?.status, known?.representativeId];
    const record = this.incidents.apply(change);
    if (!record) return;
    this.incidentTickets.letGo(change.left);
    const { status } = record;
    if (status === 'open') {
      const joined = change.joined.map(({ ticket_id }) => ticket_id);
      this.incidentTickets.takeIn(record, joined);
    }
    if (speaker !== record.representativeId) this.markSpeaker(record);
    if (status === 'resolved') record.resolveBy(completeDoubtful);
    // Members of what was merely suspected were left alone until now.
    if (status === 'resolved' || status === 'rejected' || (status === 'open' && former === 'suspected'))
      this.settlement.begin(record);
    this.tell(record, former);
  }

  /** Whoever speaks for all is no duplicate. */
  private markSpeaker({ representativeId }: IncidentRecord): void {
    const speaker = this.book.find(representativeId);
    if (speaker) this.incidentTickets.mark(speaker);
  }

  private tell(record: IncidentRecord, former: IncidentStatus | undefined): void {
    const isNew = former === undefined;
    if (record.status === 'suspected' && isNew) this.news.emit('incident.suspected', record);
    if (record.status === 'open' && (isNew || former === 'suspected')) this.news.emit('incident.opened', record);
    if (record.status === 'resolved') this.news.emit('incident.resolved', record);
  }
}

function notAllowed(incidentId: string, why: string): SmartSupportError {
  return new SmartSupportError('transition_not_allowed', `Incident "${incidentId}" ${why}`);
}
