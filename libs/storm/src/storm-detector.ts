import type { StormRules, StormVerdict } from '@smart-support/contracts';
import type { ArrivedEntry, StormEntry, CommonMatters } from './log/storm-entry';
import { type IncidentChange, NOTHING, type Outcome } from './outcome';
import { type Arrival, type UnplacedArrival, entryOf } from './state/arrival';
import { MOSTLY_FAILURES, MOST_OPEN } from './rules';
import { applyOperatorDecision, openByHand, suspectIncident, unlinkMember } from './transitions/apply-decision';
import type { Incident } from './incident/incident';
import { newStatusOf } from './incident/incident-change';
import { routedSignalOf } from './incident/membership';
import { type SimilarIncident, compareWithIncidents } from './incident/similar-incidents';
import { placeArrival } from './transitions/place-arrival';
import { passTime } from './transitions/pass-time';
import type { StormSnapshot } from './snapshot/storm-snapshot';
import { StormState } from './state/storm-state';
import { CommonMattersIndex } from './state/common-matters-index';

const ALONE: StormVerdict = { routing: 'routed', incident: null, nearest: null, routed_signal: null, kept_out: null };

/**
 * Finds storms among tickets: a pure function of the storm log. The same entries in the same order give the same verdicts and incidents on any machine. Has no
 * clock; time passes with the entries.
 */
export class StormDetector {
  private state: StormState;

  /** @param rules - in force until the log has others */
  constructor(rules: StormRules) {
    this.state = new StormState(rules);
  }

  /** The incidents of the log; ended ones only as long as they affect newcomers. */
  get incidents(): ReadonlyMap<string, Incident> {
    return this.state.incidents;
  }

  /** Whether the passing of time may change an incident without any arrival. As long as it does, ticks must be written to the log. */
  get isWaiting(): boolean {
    return [...this.state.incidents.values()].some(({ status }) => status === 'open' || status === 'suspected');
  }

  /** Time of the latest entry, in milliseconds since 1970; 0 before the first. */
  get lastEntryMs(): number {
    return this.state.nowMs;
  }

  /** The rules in force: the latest of the log, else those of the constructor. */
  get rulesInForce(): StormRules {
    return this.state.rules;
  }

  /** The latest common matters of the log; `null` for none. */
  get commonMatters(): CommonMatters | null {
    return this.state.reference?.encoded ?? null;
  }

  /** Whether an incident was suspected and dropped within the last day. */
  isDropped(incidentId: string): boolean {
    return this.state.dropped.has(incidentId);
  }

  /**
   * Ids of suspected incidents with more vouched requesters within one window than the threshold; without held ones, and none while too many are open. An
   * incident that gathers a few tickets an hour grows, but is no burst.
   * @param which - `failures`: only those whose members, by their mean probability, report that something does not work
   */
  largeSuspectedIncidents(which: 'all' | 'failures'): string[] {
    if (this.state.countOf('open') >= MOST_OPEN) return [];
    const { ticketThreshold, windowMs } = this.state.rules;
    return [...this.state.incidents.values()].flatMap((incident) => {
      const isFree = incident.status === 'suspected' && incident.held === null;
      const isWanted = isFree && (which === 'all' || incident.failure >= MOSTLY_FAILURES);
      return isWanted && incident.vouchedWithin(windowMs) > ticketThreshold ? [incident.id] : [];
    });
  }

  /** Whether a ticket is a member of an incident of any status, or similar enough to a rejected one. */
  isMemberOrOfRejected(ticketId: string): boolean {
    return this.isMember(ticketId) || this.isOfRejected(ticketId);
  }

  /** Whether a ticket that is still known is a member of an incident of any status. */
  isMember(ticketId: string): boolean {
    return this.state.incidentOf(ticketId) !== undefined || this.suspectedIncidentOf(ticketId) !== null;
  }

  /** Whether the entry of a ticket is still known. If not, its verdict does not cover the incident to which it may belong. */
  isKnown(ticketId: string): boolean {
    return this.state.arrivals.has(ticketId);
  }

  /** Id of the suspected incident of which a ticket is a member; `null` if there is none. */
  suspectedIncidentOf(ticketId: string): string | null {
    for (const { id, status, members } of this.state.incidents.values())
      if (status === 'suspected' && members.has(ticketId)) return id;
    return null;
  }

  /** An open incident with its known members, as if it had just opened; `undefined` for any other. */
  describe(incidentId: string): IncidentChange | undefined {
    const incident = this.state.incidents.get(incidentId);
    return incident?.status === 'open' ? newStatusOf(incident, [...incident.members.keys()]) : undefined;
  }

  /** Whether a ticket is a member of a rejected incident, or similar enough to one. */
  isOfRejected(ticketId: string): boolean {
    if (this.state.incidentOf(ticketId)?.status === 'rejected') return true;
    const arrival = this.state.arrivals.get(ticketId);
    if (!arrival) return false;
    const rejected = [...this.state.incidents.values()].filter(({ status }) => status === 'rejected');
    return rejected.some((incident) => incident.similarityTo(arrival, this.state.rules).belongs);
  }

  /**
   * Arrivals that are still known, in the order of the log; those applied during the iteration included.
   * @param number - of the arrival after which to begin, 0 for all; a number of this detector
   */
  *arrivalsAfter(number: number): Generator<{ readonly number: number; readonly entry: ArrivedEntry }> {
    for (const arrival of this.state.arrivals.after(number)) {
      const place = { id: arrival.entryId, at_ms: arrival.loggedMs };
      yield { number: arrival.number, entry: { ...entryOf(arrival), ...place } };
    }
  }

  /** The entry of a ticket, for another log; `undefined` if it is not known. */
  entryOf(ticketId: string): UnplacedArrival | undefined {
    const arrival = this.state.arrivals.get(ticketId);
    return arrival && entryOf(arrival);
  }

  /** The current verdict about a ticket. Not meaningful if {@link isKnown} is false for it. */
  verdictOf(ticketId: string): StormVerdict {
    const arrival = this.state.arrivals.get(ticketId);
    const incident = this.state.incidentOf(ticketId);
    const member = incident?.members.get(ticketId);
    if (!incident || !member) {
      return { ...ALONE, nearest: arrival ? this.nearestTo(arrival) : null, kept_out: arrival?.keptOut ?? null };
    }
    const { id, epoch, status } = incident;
    const { similarity, isSuppressed, routedSignal } = member;
    const nearest = { id, similarity };
    // It is a ticket of its own.
    if (status === 'rejected') return { ...ALONE, nearest };
    const routing = isSuppressed ? 'suppressed' : 'routed';
    return { routing, incident: { id, epoch, similarity }, nearest, routed_signal: routedSignal, kept_out: null };
  }

  /** Applies the next entry of the log. Never throws for an entry of a known kind, and ignores other kinds. */
  apply(entry: StormEntry): Outcome {
    this.state.nowMs = Math.max(this.state.nowMs, entry.at_ms);
    const passed = passTime(this.state);
    const { changes, ...outcome } = this.dispatch(entry);
    return { ...outcome, changes: [...passed, ...changes] };
  }

  /** The state without the vectors of arrivals: {@link restore} continues from it with the entries of the log that it names. */
  snapshot(): StormSnapshot {
    return this.state.snapshot();
  }

  /**
   * A detector that continues from a snapshot.
   * @param log - entries before the snapshot, in their order: at least those that it names
   * @throws SmartSupportError `corrupt` if one of these is missing; `invalid_input` for a snapshot with invalid vectors
   */
  static restore(snapshot: StormSnapshot, log: Iterable<StormEntry>): StormDetector {
    const detector = new StormDetector(snapshot.rules);
    detector.state = StormState.restore(snapshot, log);
    return detector;
  }

  private dispatch(entry: StormEntry): Outcome {
    switch (entry.kind) {
      case 'arrived':
        return this.arrived(entry);
      case 'tick':
        return NOTHING;
      case 'rules':
        this.state.adoptRules(entry.rules);
        return NOTHING;
      case 'reference':
        this.state.reference = new CommonMattersIndex(entry.reference);
        return NOTHING;
      case 'opened_by_hand':
        return openByHand(this.state, entry);
      case 'suspected':
        return suspectIncident(this.state, entry);
      case 'confirmed':
        return applyOperatorDecision(this.state, entry.incident_id, 'confirm');
      case 'rejected':
        return applyOperatorDecision(this.state, entry.incident_id, 'reject');
      case 'resolved':
        return applyOperatorDecision(this.state, entry.incident_id, 'resolve');
      case 'unlinked':
        return unlinkMember(this.state, entry.incident_id, entry.ticket_id);
      default:
        return NOTHING;
    }
  }

  private arrived(entry: ArrivedEntry): Outcome {
    if (this.state.arrivals.has(entry.ticket_id)) return NOTHING;
    const arrival = this.state.appendArrival(entry);
    this.recallMembership(arrival, entry.member_of);
    return {
      ...NOTHING,
      changes: placeArrival(this.state, arrival, compareWithIncidents(this.state, arrival, 'current')),
    };
  }

  /** A ticket that belongs to an incident by its record is no newcomer: an operator named it before its entry was written, or it is logged again. */
  private recallMembership(arrival: Arrival, memberOf: ArrivedEntry['member_of']): void {
    const incident = memberOf && this.state.incidents.get(memberOf.incident_id);
    if (!incident || incident.status === 'suspected' || this.state.unlinked.has(arrival.ticketId)) return;
    // Operators know what the tickets that they name say.
    const mayEscape = incident.title === null || arrival.isAlwaysRouted;
    const { ticketId, receivedMs, requester, isVouched, failure } = arrival;
    const known = { ticketId, receivedMs, requester, isVouched, failure, similarity: memberOf.similarity };
    const routedSignal = mayEscape ? routedSignalOf(arrival, incident) : null;
    this.state.addMember(incident, { ...known, isSuppressed: false, isDecided: false, routedSignal });
  }

  private nearestTo(arrival: Arrival): StormVerdict['nearest'] {
    let best: SimilarIncident | undefined;
    for (const found of compareWithIncidents(this.state, arrival, 'current')) {
      // An incident around tickets that the log does not have is similar to nothing.
      const hasDirection = found.incident.attraction.towards.length > 0;
      if (hasDirection && (!best || found.similarity > best.similarity)) best = found;
    }
    return best ? { id: best.incident.id, similarity: best.similarity } : null;
  }
}
