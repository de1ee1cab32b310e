import {
  SmartSupportError,
  type IncidentStatus,
  type StormRules,
  type StormVerdict,
  incidentMayBecome,
} from '@smart-support/contracts';
import type { ArrivedEntry, OpenedByHandEntry, StormEntry, SuspectedEntry, UsualMatters } from './log/storm-entry';
import type { IncidentChange, Outcome } from './outcome';
import { CONTINUED_MS, LATE_MS } from './rules';
import { Arrival, type UnplacedArrival, entryOf } from './state/arrival';
import { Incident, type Member, type Nearness } from './state/incident';
import { changeOf, newStatusOf } from './state/incident-change';
import { type LookAlike, LookAlikes } from './state/look-alikes';
import { meanOf } from './state/mean-likeness';
import { founderOf, newcomerTo, saidByHalf } from './state/membership';
import { type Traffic, isMoreThanUsual } from './state/more-than-usual';
import { mayHaveOneCause, reportsFailure } from './state/one-cause';
import { type EncodedArrival, type StormSnapshot, decodeIncident, encodeIncident } from './state/storm-snapshot';
import { UsualReference } from './state/usual-matters';
import { densestSpan } from './window/densest-span';

/** An incident and how near a ticket is to it. */
interface Found extends Nearness {
  readonly incident: Incident;
}

const ALONE: StormVerdict = { routing: 'routed', incident: null, nearest: null, grave: null, kept_out: null };

/** From this mean probability on nearly all members of a suspected incident report that something does not work. */
const FAILURE_BURST = 0.5;

/** Suspicions that are gone are remembered for a day, and not more than so many. */
const GONE_MS = 86_400_000;
const MOST_GONE = 1_000;

const NOTHING: Outcome = { changes: [], refused: null };

/**
 * Tells storms from single tickets: a pure function of the storm log. Whoever applies the same entries in the same order comes to the same
 * verdicts and the same incidents, on any machine. Keeps no clock of its own; time passes with the entries.
 */
export class StormDetector {
  private nowMs = 0;
  private arrivedSoFar = 0;
  /** In the order of the log. */
  private readonly arrivals = new Map<string, Arrival>();
  /** Those that may still count towards an incident. */
  private lookAlikes: LookAlikes;
  private readonly countable = new Set<Arrival>();
  /** Tickets that stay alone, and since when; in the order of the log. */
  private readonly unlinked = new Map<string, number>();
  private readonly known = new Map<string, Incident>();
  /** Suspected incidents that turned out to be none, and since when; in that order. */
  private readonly gone = new Map<string, number>();
  private reference: UsualReference | null = null;

  constructor(private rules: StormRules) {
    this.lookAlikes = new LookAlikes(rules);
  }

  /** The incidents that the log speaks of; closed ones only as long as they matter for newcomers. */
  get incidents(): ReadonlyMap<string, Incident> {
    return this.known;
  }

  /** Whether time passing may change something though no ticket arrives: whoever keeps the log writes ticks as long as it is so. */
  get isWaiting(): boolean {
    return [...this.known.values()].some(({ status }) => status === 'open' || status === 'suspected');
  }

  /** When the latest entry was written, in milliseconds since 1970; 0 before the first. */
  get lastEntryMs(): number {
    return this.nowMs;
  }

  /** The rules that hold now: the latest of the log; before those, what the detector was made with. */
  get rulesInForce(): StormRules {
    return this.rules;
  }

  /** What arrives all the time, as the log named it last; `null` if it never did. */
  get usualMatters(): UsualMatters | null {
    return this.reference?.encoded ?? null;
  }

  /** Whether an incident was suspected and turned out to be none, within the last day. */
  isGone(incidentId: string): boolean {
    return this.gone.has(incidentId);
  }

  /**
   * Ids of suspected incidents of as many requesters as open one by the rules in force.
   * @param which - `failures`: only those of which nearly all members report that something does not work
   */
  largeSuspicions(which: 'all' | 'failures'): string[] {
    return [...this.known.values()].flatMap((incident) => {
      const isLarge = incident.status === 'suspected' && incident.requesterCount > this.rules.ticketThreshold;
      return isLarge && (which === 'all' || incident.failure >= FAILURE_BURST) ? [incident.id] : [];
    });
  }

  /** Whether an incident has a ticket, be it only suspected or ended by now; or one that was rejected would have it. */
  isSpokenFor(ticketId: string): boolean {
    return this.isMember(ticketId) || this.isOfRejected(ticketId);
  }

  /** Whether an incident has a ticket, be it only suspected or ended by now. */
  isMember(ticketId: string): boolean {
    for (const { members } of this.known.values()) if (members.has(ticketId)) return true;
    return false;
  }

  /** The suspected incident that has a ticket; `null` if none has. */
  suspicionOf(ticketId: string): string | null {
    for (const { id, status, members } of this.known.values()) if (status === 'suspected' && members.has(ticketId)) return id;
    return null;
  }

  /** An open incident with all that it has, as if it had just opened; `undefined` for any other. */
  describe(incidentId: string): IncidentChange | undefined {
    const incident = this.known.get(incidentId);
    return incident?.status === 'open' ? newStatusOf(incident, [...incident.members.keys()]) : undefined;
  }

  /** Whether a ticket was a member of an incident that was rejected, or would be one of it. */
  isOfRejected(ticketId: string): boolean {
    if (this.holderOf(ticketId)?.status === 'rejected') return true;
    const arrival = this.arrivals.get(ticketId);
    if (!arrival) return false;
    const rejected = [...this.known.values()].filter(({ status }) => status === 'rejected');
    return rejected.some((incident) => incident.nearness(arrival, this.rules).belongs);
  }

  /** The entry of a ticket, for another log; `undefined` if it is not known (any more). */
  entryOf(ticketId: string): UnplacedArrival | undefined {
    const arrival = this.arrivals.get(ticketId);
    return arrival && entryOf(arrival);
  }

  /**
   * What holds now of a ticket: whether it belongs to an incident, and is routed. Of one that the log never had, or not any more,
   * only what its incident remembers.
   */
  verdictOf(ticketId: string): StormVerdict {
    const arrival = this.arrivals.get(ticketId);
    const holder = this.holderOf(ticketId);
    const member = holder?.members.get(ticketId);
    if (!holder || !member) {
      return { ...ALONE, nearest: arrival ? this.nearestTo(arrival) : null, kept_out: arrival?.keptOut ?? null };
    }
    const { id, epoch, status } = holder;
    const { similarity, isSuppressed, grave } = member;
    const nearest = { id, similarity };
    // It has turned out to be one of its own.
    if (status === 'rejected') return { ...ALONE, nearest };
    const routing = isSuppressed ? 'suppressed' : 'routed';
    return { routing, incident: { id, epoch, similarity }, nearest, grave, kept_out: null };
  }

  /** Takes in the next entry of the log, and never throws for one of the kinds of {@link StormEntry}. Kinds of a later version are passed over. */
  apply(entry: StormEntry): Outcome {
    this.nowMs = Math.max(this.nowMs, entry.at_ms);
    const passed = this.passTime();
    const { changes, ...outcome } = this.dispatch(entry);
    return { ...outcome, changes: [...passed, ...changes] };
  }

  /** All that is known, but for the vectors of arrivals: with the entries of the log that it names, {@link restore} goes on from it. */
  snapshot(): StormSnapshot {
    const arrivals = [...this.arrivals.values()].map(
      (arrival): EncodedArrival => [arrival.entryId, this.countable.has(arrival) ? 1 : 0, arrival.keptOut],
    );
    return {
      now_ms: this.nowMs,
      arrived: this.arrivedSoFar,
      rules: this.rules,
      arrivals,
      incidents: [...this.known.values()].map(encodeIncident),
      unlinked: [...this.unlinked],
      reference: this.usualMatters,
      gone: [...this.gone],
    };
  }

  /**
   * A detector that goes on from a snapshot as the one that wrote it.
   * @param log - entries from before the snapshot, in their order: at least those that it names
   * @throws SmartSupportError `damaged` if one of these is missing; `invalid_input` for a snapshot with vectors that are none
   */
  static restore(snapshot: StormSnapshot, log: Iterable<StormEntry>): StormDetector {
    const { now_ms, arrived, rules, arrivals, incidents, unlinked, reference, gone } = snapshot;
    const detector = new StormDetector(rules);
    detector.nowMs = now_ms;
    detector.arrivedSoFar = arrived - arrivals.length;
    const known = new Map(arrivals.map((arrival) => [arrival[0], arrival]));
    for (const entry of log) {
      const [, isCountable, keptOut = null] = known.get(entry.id) ?? [];
      if (isCountable === undefined || entry.kind !== 'arrived') continue;
      const arrival = new Arrival(entry, (detector.arrivedSoFar += 1));
      arrival.keptOut = keptOut;
      detector.arrivals.set(arrival.ticketId, arrival);
      if (isCountable === 1) detector.count(arrival);
    }
    if (detector.arrivals.size < arrivals.length) {
      throw new SmartSupportError('damaged', 'The log of storms lacks entries that its snapshot relies on');
    }
    for (const encoded of incidents) detector.known.set(encoded.id, decodeIncident(encoded));
    for (const [ticketId, sinceMs] of unlinked) detector.unlinked.set(ticketId, sinceMs);
    for (const [id, sinceMs] of gone) detector.gone.set(id, sinceMs);
    detector.reference = reference && new UsualReference(reference);
    return detector;
  }

  private dispatch(entry: StormEntry): Outcome {
    switch (entry.kind) {
      case 'arrived':
        return this.arrived(entry);
      case 'tick':
        return NOTHING;
      case 'rules':
        return this.adoptRules(entry.rules);
      case 'reference':
        this.reference = new UsualReference(entry.reference);
        return NOTHING;
      case 'opened_by_hand':
        return this.openByHand(entry);
      case 'suspected':
        return this.suspect(entry);
      case 'confirmed':
        return this.become(entry.incident_id, 'open');
      case 'rejected':
        return this.become(entry.incident_id, 'rejected');
      case 'resolved':
        return this.become(entry.incident_id, 'resolved');
      case 'unlinked':
        return this.unlink(entry.incident_id, entry.ticket_id);
      default:
        return NOTHING;
    }
  }

  private arrived(entry: ArrivedEntry): Outcome {
    if (this.arrivals.has(entry.ticket_id)) return NOTHING;
    const arrival = new Arrival(entry, (this.arrivedSoFar += 1));
    this.arrivals.set(arrival.ticketId, arrival);
    return { ...NOTHING, changes: this.place(arrival, this.near(arrival)) };
  }

  private near(arrival: Arrival): Found[] {
    return [...this.known.values()].map((incident) => ({ incident, ...incident.nearness(arrival, this.rules) }));
  }

  private nearestTo(arrival: Arrival): StormVerdict['nearest'] {
    let best: Found | undefined;
    for (const found of this.near(arrival)) {
      // One around tickets that the log does not hold is like nothing.
      const hasDirection = found.incident.attraction.towards.length > 0;
      if (hasDirection && (!best || found.similarity > best.similarity)) best = found;
    }
    return best ? { id: best.incident.id, similarity: best.similarity } : null;
  }

  /** Finds out where a newcomer belongs. */
  private place(arrival: Arrival, near: readonly Found[]): IncidentChange[] {
    // An operator has decided about it before its entry was written.
    if (this.unlinked.has(arrival.ticketId) || this.holderOf(arrival.ticketId)) return [];
    const open = nearest(near, 'open');
    if (open) {
      this.join(open.incident, newcomerTo(open.incident, arrival, open.similarity));
      open.incident.isDegraded ||= open.isDegraded;
      return [changeOf(open.incident, [arrival.ticketId])];
    }
    const rejected = nearest(near, 'rejected');
    if (rejected) {
      rejected.incident.lastLookAlikeMs = this.nowMs;
      return [];
    }
    const founders = this.foundersWith(arrival);
    if (founders) return this.open(arrival, founders, near);
    this.count(arrival);
    const suspected = nearest(near, 'suspected');
    if (!suspected) return [];
    suspected.incident.join(founderOf(arrival, suspected.similarity, suspected.incident), this.nowMs);
    return [changeOf(suspected.incident, [arrival.ticketId])];
  }

  /** Tickets with which a newcomer opens an incident; `null` if it does not, and then it is noted why, should many be similar to it. */
  private foundersWith(arrival: Arrival): LookAlike[] | null {
    const { ticketThreshold, windowMs } = this.rules;
    const spanOf = (similar: readonly LookAlike[]) =>
      densestSpan([...similar.map((one) => one.arrival), arrival], arrival.receivedMs, windowMs);
    const alike = this.lookAlikes.of(arrival);
    const similar = alike.filter((one) => mayHaveOneCause(one.arrival, arrival));
    const { requesters, reports } = spanOf(similar);
    if (requesters <= ticketThreshold) {
      const others = similar.length < alike.length && spanOf(alike).requesters > ticketThreshold;
      arrival.keptOut = others ? 'own_request' : null;
      return null;
    }
    const together = new Set(reports);
    const founders = similar.filter((one) => together.has(one.arrival));
    const people = onePerRequester(similar, arrival);
    const inSpan = people.filter((one) => together.has(one));
    if (isMoreThanUsual(arrival, people, inSpan, this.trafficAt(arrival))) return founders;
    arrival.keptOut = 'as_usual';
    return null;
  }

  private trafficAt(arrival: Arrival): Traffic {
    const { windowMs, ticketThreshold, similarity } = this.rules;
    const [oldest = arrival] = this.arrivals.values();
    const reference = {
      tickets: this.reference?.encoded.tickets ?? 0,
      similar: this.reference?.countOf(arrival, similarity) ?? 0,
    };
    return {
      known: arrival.number - oldest.number + 1,
      oldest: oldest.number,
      spanMs: windowMs + LATE_MS,
      ticketThreshold,
      reference,
    };
  }

  /** A burst: opens an incident around it, or goes on with the one that was quiet. */
  private open(arrival: Arrival, others: readonly LookAlike[], near: readonly Found[]): IncidentChange[] {
    const changes = this.takeFromSuspected(others.map((one) => one.arrival.ticketId));
    const quiet = nearest(near, 'quiet');
    const continues = quiet && this.nowMs - quiet.incident.lastMemberMs <= CONTINUED_MS;
    const founders = [...others.map((one) => one.arrival), arrival];
    const incident = continues ? quiet.incident : this.newIncident(arrival, founders, near);
    if (continues) incident.become('open', this.nowMs);
    for (const one of others) this.join(incident, founderOf(one.arrival, one.similarity, incident));
    this.join(incident, newcomerTo(incident, arrival, continues ? quiet.similarity : 1));
    incident.isDegraded ||= others.some((one) => one.isDegraded);
    if (!continues) incident.chooseRepresentative();
    return [
      ...changes,
      newStatusOf(
        incident,
        founders.map(({ ticketId }) => ticketId),
      ),
    ];
  }

  private newIncident(founding: Arrival, founders: readonly Arrival[], near: readonly Found[]): Incident {
    const towards = [meanOf([founding]), meanOf(founders)];
    const previous = nearest(near, 'resolved') ?? nearest(near, 'quiet');
    const isFailure = founders.some(reportsFailure);
    const attraction = { towards, similarity: null, identifiers: isFailure ? null : founding.identifiers };
    const incident = new Incident(
      `incident-${founding.entryId}`,
      'open',
      null,
      attraction,
      this.nowMs,
      previous?.incident.id ?? null,
      saidByHalf(founders.filter((founder) => founder !== founding)),
      founders.some(({ elsewhere }) => elsewhere?.told),
    );
    incident.openedMs = this.nowMs;
    this.known.set(incident.id, incident);
    return incident;
  }

  private adoptRules(rules: StormRules): Outcome {
    this.rules = rules;
    this.lookAlikes = new LookAlikes(rules);
    for (const arrival of this.countable) this.lookAlikes.add(arrival);
    return NOTHING;
  }

  private openByHand({ incident_id, title, ticket_ids }: OpenedByHandEntry): Outcome {
    return this.gather(incident_id, 'open', title, ticket_ids, null);
  }

  private suspect({ incident_id, ticket_ids, similarity }: SuspectedEntry): Outcome {
    const known = this.known.get(incident_id);
    if (known?.status === 'suspected') return this.extend(known, ticket_ids);
    return this.gather(incident_id, 'suspected', null, ticket_ids, similarity);
  }

  /**
   * An incident around tickets that somebody named. Those that another one holds stay there, those once unlinked stay alone; those of one that
   * has ended come from there.
   */
  private gather(
    id: string,
    status: 'open' | 'suspected',
    title: string | null,
    ticketIds: readonly string[],
    similarity: number | null,
  ): Outcome {
    // One that is gone does not come back through a process that has not noticed yet.
    if (this.known.has(id) || this.gone.has(id)) return { ...NOTHING, refused: 'not_allowed' };
    const free = [...new Set(ticketIds)].filter((ticketId) => {
      const holder = this.holderOf(ticketId);
      return !this.unlinked.has(ticketId) && holder?.status !== 'open' && holder?.status !== 'quiet';
    });
    for (const ticketId of free) this.holderOf(ticketId)?.leave(ticketId);
    if (free.length === 0) return { ...NOTHING, refused: 'not_allowed' };
    const changes = this.takeFromSuspected(free);
    const founders = free.flatMap((ticketId) => this.arrivals.get(ticketId) ?? []);
    const towards = founders.length === 0 ? [] : [meanOf(founders)];
    const attraction = { towards, similarity, identifiers: null };
    const incident = new Incident(id, status, title, attraction, this.nowMs, null, saidByHalf(founders));
    if (status === 'open') incident.openedMs = this.nowMs;
    this.known.set(id, incident);
    for (const ticketId of free) {
      const { receivedMs = this.nowMs, requester = null, failure = 0 } = this.arrivals.get(ticketId) ?? {};
      const member = {
        ticketId,
        similarity: 1,
        receivedMs,
        requester,
        failure,
        isSuppressed: false,
        grave: null,
        isDecided: false,
      };
      if (status === 'open') this.join(incident, member);
      else incident.join(member, this.nowMs);
    }
    incident.chooseRepresentative();
    return { ...NOTHING, changes: [...changes, newStatusOf(incident, free)] };
  }

  /** A suspected incident takes in tickets that came to light with a later one. */
  private extend(incident: Incident, ticketIds: readonly string[]): Outcome {
    const joining = ticketIds.flatMap((ticketId) => {
      const arrival = this.arrivals.get(ticketId);
      const isFree = !this.unlinked.has(ticketId) && !this.holderOf(ticketId) && !incident.members.has(ticketId);
      return arrival && isFree ? [arrival] : [];
    });
    if (joining.length === 0) return NOTHING;
    const ids = joining.map(({ ticketId }) => ticketId);
    const changes = this.takeFromSuspected(ids);
    for (const arrival of joining) {
      incident.join(founderOf(arrival, incident.nearness(arrival, this.rules).similarity, incident), this.nowMs);
    }
    return { ...NOTHING, changes: [...changes, changeOf(incident, ids)] };
  }

  private become(id: string, status: 'open' | 'rejected' | 'resolved'): Outcome {
    const incident = this.known.get(id);
    if (!incident) return { ...NOTHING, refused: this.gone.has(id) ? 'not_allowed' : 'unknown' };
    const isConfirmed = status === 'open';
    const may = isConfirmed ? incident.status === 'suspected' : incidentMayBecome(incident.status, status);
    if (!may) return { ...NOTHING, refused: 'not_allowed' };
    // Whether it was confirmed or found to be nothing: what it holds counts towards no other.
    for (const ticketId of incident.members.keys()) this.dontCount(ticketId);
    incident.become(status, this.nowMs);
    if (isConfirmed) incident.openedMs = this.nowMs;
    if (status === 'rejected') incident.lastLookAlikeMs = this.nowMs;
    return { ...NOTHING, changes: [newStatusOf(incident)] };
  }

  private unlink(id: string, ticketId: string): Outcome {
    const incident = this.known.get(id);
    if (!incident) return { ...NOTHING, refused: 'unknown' };
    if (!incident.members.has(ticketId)) return { ...NOTHING, refused: 'unknown' };
    if (incident.status !== 'open' && incident.status !== 'quiet' && incident.status !== 'suspected') {
      return { ...NOTHING, refused: 'not_allowed' };
    }
    // An incident without members would be about nothing; to end it is another decision.
    if (incident.members.size === 1 && incident.status !== 'suspected') return { ...NOTHING, refused: 'not_allowed' };
    this.dontCount(ticketId);
    this.unlinked.set(ticketId, this.nowMs);
    return { ...NOTHING, changes: [this.letGo(incident, [ticketId])] };
  }

  /** What happens because nothing happened. */
  private passTime(): IncidentChange[] {
    for (const [ticketId, arrival] of this.arrivals) {
      if (this.nowMs - arrival.loggedMs <= this.rules.windowMs + LATE_MS) break;
      this.dontCount(ticketId);
      this.arrivals.delete(ticketId);
    }
    for (const [ticketId, sinceMs] of this.unlinked) {
      if (this.nowMs - sinceMs < CONTINUED_MS) break;
      this.unlinked.delete(ticketId);
    }
    for (const [id, sinceMs] of this.gone) {
      if (this.nowMs - sinceMs < GONE_MS && this.gone.size <= MOST_GONE) break;
      this.gone.delete(id);
    }
    const changes: IncidentChange[] = [];
    for (const incident of this.known.values()) {
      const { status, lastMemberMs, lastLookAlikeMs, closedMs } = incident;
      const isStill = this.nowMs - lastMemberMs >= this.rules.quietMs;
      if (status === 'open' && isStill) {
        incident.become('quiet', this.nowMs);
        changes.push(newStatusOf(incident));
      } else if (status === 'suspected' && isStill) {
        changes.push(this.drop(incident));
      } else if (status === 'rejected' && this.nowMs - (lastLookAlikeMs ?? 0) >= this.rules.quietMs) {
        this.known.delete(incident.id);
      } else if (status === 'resolved' && this.nowMs - (closedMs ?? 0) >= CONTINUED_MS) {
        this.known.delete(incident.id);
      }
    }
    return changes;
  }

  /** A member of an open incident counts towards no other. */
  private join(incident: Incident, member: Member): void {
    this.dontCount(member.ticketId);
    incident.join(member, this.nowMs);
  }

  private takeFromSuspected(ticketIds: readonly string[]): IncidentChange[] {
    const changes: IncidentChange[] = [];
    for (const incident of this.known.values()) {
      const left = incident.status === 'suspected' ? ticketIds.filter((id) => incident.members.has(id)) : [];
      if (left.length > 0) changes.push(this.letGo(incident, left));
    }
    return changes;
  }

  /** Members leave an incident. A suspected one goes with them if the larger part leaves: what is left was suspected because of the others. */
  private letGo(incident: Incident, ticketIds: readonly string[]): IncidentChange {
    for (const id of ticketIds) incident.leave(id);
    const goes = incident.status === 'suspected' && incident.members.size < Math.max(1, ticketIds.length);
    return goes ? this.drop(incident, ticketIds) : changeOf(incident, [], ticketIds);
  }

  /** A suspected incident turns out to be none, or part of another. */
  private drop(incident: Incident, left: readonly string[] = []): IncidentChange {
    this.known.delete(incident.id);
    this.gone.set(incident.id, this.nowMs);
    return { ...newStatusOf(incident), status: 'gone', epoch: incident.epoch + 1, left };
  }

  /** The incident that holds a ticket, a mere suspicion not counted. */
  private holderOf(ticketId: string): Incident | undefined {
    return [...this.known.values()].find(({ status, members }) => status !== 'suspected' && members.has(ticketId));
  }

  private count(arrival: Arrival): void {
    this.countable.add(arrival);
    this.lookAlikes.add(arrival);
  }

  private dontCount(ticketId: string): void {
    const arrival = this.arrivals.get(ticketId);
    if (!arrival || !this.countable.delete(arrival)) return;
    this.lookAlikes.delete(arrival);
  }
}

/** The other tickets, one of each requester, the newest. */
function onePerRequester(similar: readonly LookAlike[], newcomer: Arrival): Arrival[] {
  const seen = new Set(newcomer.requester === null ? [] : [newcomer.requester]);
  const found = similar.map((one) => one.arrival).toReversed();
  const people = found.filter(({ requester }) => requester === null || (!seen.has(requester) && seen.add(requester)));
  return people.reverse();
}

/** The incident of a status to which a ticket belongs; the most similar one, of several as similar the oldest. */
function nearest(near: readonly Found[], status: IncidentStatus): Found | undefined {
  let best: Found | undefined;
  for (const found of near) {
    if (found.incident.status !== status || !found.belongs) continue;
    if (!best || found.similarity > best.similarity) best = found;
  }
  return best;
}
