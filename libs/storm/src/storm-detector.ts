import type { StormRules, StormVerdict } from '@smart-support/contracts';
import type { ArrivedEntry, StormEntry, CommonMatters } from './log/storm-entry';
import { type IncidentChange, NOTHING, type Outcome } from './outcome';
import { type Arrival, type UnplacedArrival, entryOf } from './state/arrival';
import { MOSTLY_FAILURES, MOST_OPEN } from './rules';
import { become, openByHand, suspect, unlink } from './state/decisions';
import type { Incident } from './state/incident';
import { newStatusOf } from './state/incident-change';
import { routedSignalOf } from './state/membership';
import { type SimilarIncident, compareWithIncidents } from './state/similar-incidents';
import { place } from './state/opening';
import { passTime } from './state/passing-time';
import type { StormSnapshot } from './state/storm-snapshot';
import { StormState } from './state/storm-state';
import { CommonMattersIndex } from './state/common-matters-index';

const ALONE: StormVerdict = { routing: 'routed', incident: null, nearest: null, routed_signal: null, kept_out: null };

/**
 * Tells storms from single tickets: a pure function of the storm log. Whoever applies the same entries in the same order comes to the same
 * verdicts and the same incidents, on any machine. Keeps no clock of its own; time passes with the entries.
 */
export class StormDetector {
  private state: StormState;

  /** @param rules - that hold until the log has others */
  constructor(rules: StormRules) {
    this.state = new StormState(rules);
  }

  /** The incidents that the log speaks of; closed ones only as long as they matter for newcomers. */
  get incidents(): ReadonlyMap<string, Incident> {
    return this.state.known;
  }

  /** Whether time passing may change something though no ticket arrives: whoever keeps the log writes ticks as long as it is so. */
  get isWaiting(): boolean {
    return [...this.state.known.values()].some(({ status }) => status === 'open' || status === 'suspected');
  }

  /** When the latest entry was written, in milliseconds since 1970; 0 before the first. */
  get lastEntryMs(): number {
    return this.state.nowMs;
  }

  /** The rules that hold now: the latest of the log; before those, what the detector was made with. */
  get rulesInForce(): StormRules {
    return this.state.rules;
  }

  /** What arrives all the time, as the log named it last; `null` if it never did. */
  get commonMatters(): CommonMatters | null {
    return this.state.reference?.encoded ?? null;
  }

  /** Whether an incident was suspected and turned out to be none, within the last day. */
  isGone(incidentId: string): boolean {
    return this.state.gone.has(incidentId);
  }

  /**
   * Ids of suspected incidents in which as many requesters wrote within one window as open one by the rules in force, only vouched ones counted; none where
   * too many are open, and none that is held. A suspicion that gathers a few tickets an hour grows, but is no burst.
   * @param which - `failures`: only those whose members report, by the mean of their probabilities, that something does not work
   */
  largeSuspicions(which: 'all' | 'failures'): string[] {
    if (this.state.countOf('open') >= MOST_OPEN) return [];
    const { ticketThreshold, windowMs } = this.state.rules;
    return [...this.state.known.values()].flatMap((incident) => {
      const isFree = incident.status === 'suspected' && incident.held === null;
      const isAsked = isFree && (which === 'all' || incident.failure >= MOSTLY_FAILURES);
      return isAsked && incident.vouchedWithin(windowMs) > ticketThreshold ? [incident.id] : [];
    });
  }

  /** Whether an incident has a ticket, be it only suspected or ended by now; or one that was rejected would have it. */
  isSpokenFor(ticketId: string): boolean {
    return this.isMember(ticketId) || this.isOfRejected(ticketId);
  }

  /** Whether an incident has a ticket that is still known, be it only suspected or ended by now. */
  isMember(ticketId: string): boolean {
    return this.state.holderOf(ticketId) !== undefined || this.suspicionOf(ticketId) !== null;
  }

  /** Whether the entry of a ticket is still known. If not, its verdict says nothing of the incident that it may belong to. */
  isKnown(ticketId: string): boolean {
    return this.state.arrivals.has(ticketId);
  }

  /** The suspected incident that has a ticket; `null` if none has. */
  suspicionOf(ticketId: string): string | null {
    for (const { id, status, members } of this.state.known.values())
      if (status === 'suspected' && members.has(ticketId)) return id;
    return null;
  }

  /** An open incident with the members that are still known, as if it had just opened; `undefined` for any other. */
  describe(incidentId: string): IncidentChange | undefined {
    const incident = this.state.known.get(incidentId);
    return incident?.status === 'open' ? newStatusOf(incident, [...incident.members.keys()]) : undefined;
  }

  /** Whether a ticket was a member of an incident that was rejected, or would be one of it. */
  isOfRejected(ticketId: string): boolean {
    if (this.state.holderOf(ticketId)?.status === 'rejected') return true;
    const arrival = this.state.arrivals.get(ticketId);
    if (!arrival) return false;
    const rejected = [...this.state.known.values()].filter(({ status }) => status === 'rejected');
    return rejected.some((incident) => incident.similarityTo(arrival, this.state.rules).belongs);
  }

  /** The entry of a ticket, for another log; `undefined` if it is not known (any more). */
  entryOf(ticketId: string): UnplacedArrival | undefined {
    const arrival = this.state.arrivals.get(ticketId);
    return arrival && entryOf(arrival);
  }

  /** What holds now of a ticket: whether it belongs to an incident, and is routed. Nothing is known of one for which {@link isKnown} is false. */
  verdictOf(ticketId: string): StormVerdict {
    const arrival = this.state.arrivals.get(ticketId);
    const holder = this.state.holderOf(ticketId);
    const member = holder?.members.get(ticketId);
    if (!holder || !member) {
      return { ...ALONE, nearest: arrival ? this.nearestTo(arrival) : null, kept_out: arrival?.keptOut ?? null };
    }
    const { id, epoch, status } = holder;
    const { similarity, isSuppressed, routedSignal } = member;
    const nearest = { id, similarity };
    // It has turned out to be one of its own.
    if (status === 'rejected') return { ...ALONE, nearest };
    const routing = isSuppressed ? 'suppressed' : 'routed';
    return { routing, incident: { id, epoch, similarity }, nearest, routed_signal: routedSignal, kept_out: null };
  }

  /** Takes in the next entry of the log, and never throws for one of the kinds of {@link StormEntry}. Kinds of a later version are passed over. */
  apply(entry: StormEntry): Outcome {
    this.state.nowMs = Math.max(this.state.nowMs, entry.at_ms);
    const passed = passTime(this.state);
    const { changes, ...outcome } = this.dispatch(entry);
    return { ...outcome, changes: [...passed, ...changes] };
  }

  /** All that is known, but for the vectors of arrivals: with the entries of the log that it names, {@link restore} goes on from it. */
  snapshot(): StormSnapshot {
    return this.state.snapshot();
  }

  /**
   * A detector that goes on from a snapshot as the one that wrote it.
   * @param log - entries from before the snapshot, in their order: at least those that it names
   * @throws SmartSupportError `corrupt` if one of these is missing; `invalid_input` for a snapshot with vectors that are none
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
        return suspect(this.state, entry);
      case 'confirmed':
        return become(this.state, entry.incident_id, 'confirm');
      case 'rejected':
        return become(this.state, entry.incident_id, 'reject');
      case 'resolved':
        return become(this.state, entry.incident_id, 'resolve');
      case 'unlinked':
        return unlink(this.state, entry.incident_id, entry.ticket_id);
      default:
        return NOTHING;
    }
  }

  private arrived(entry: ArrivedEntry): Outcome {
    if (this.state.arrivals.has(entry.ticket_id)) return NOTHING;
    const arrival = this.state.takeIn(entry);
    this.recallMembership(arrival, entry.member_of);
    return { ...NOTHING, changes: place(this.state, arrival, compareWithIncidents(this.state, arrival, 'current')) };
  }

  /** A ticket that belongs to an incident by its record is no newcomer: it was named before its entry was written, or is logged again. */
  private recallMembership(arrival: Arrival, memberOf: ArrivedEntry['member_of']): void {
    const incident = memberOf && this.state.known.get(memberOf.incident_id);
    if (!incident || incident.status === 'suspected' || this.state.unlinked.has(arrival.ticketId)) return;
    // An operator who named tickets knew what is news in them.
    const mayEscape = incident.title === null || arrival.isAlwaysRouted;
    const { ticketId, receivedMs, requester, isVouched, failure } = arrival;
    const known = { ticketId, receivedMs, requester, isVouched, failure, similarity: memberOf.similarity };
    const routedSignal = mayEscape ? routedSignalOf(arrival, incident) : null;
    this.state.hold(incident, { ...known, isSuppressed: false, isDecided: false, routedSignal });
  }

  private nearestTo(arrival: Arrival): StormVerdict['nearest'] {
    let best: SimilarIncident | undefined;
    for (const found of compareWithIncidents(this.state, arrival, 'current')) {
      // One around tickets that the log does not hold is like nothing.
      const hasDirection = found.incident.attraction.towards.length > 0;
      if (hasDirection && (!best || found.similarity > best.similarity)) best = found;
    }
    return best ? { id: best.incident.id, similarity: best.similarity } : null;
  }
}
