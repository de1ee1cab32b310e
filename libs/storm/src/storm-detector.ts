import { INCIDENT_LIFE, type IncidentStatus } from '@smart-support/contracts';
import type { ArrivedEntry, OpenedByHandEntry, StormEntry, SuspectedEntry } from './log/storm-entry';
import type { IncidentChange, Outcome, Verdict } from './outcome';
import { CONTINUED_MS, LATE_MS, type StormRules } from './rules';
import { type Arrival, arrivalOf } from './state/arrival';
import { Incident, type Member, type Nearness } from './state/incident';
import { type LookAlike, LookAlikes } from './state/look-alikes';
import { meanOf } from './state/mean-likeness';
import {
  type StormSnapshot,
  decodeArrival,
  decodeIncident,
  encodeArrival,
  encodeIncident,
} from './state/storm-snapshot';
import { densestSpan } from './window/densest-span';

/** An incident and how near a ticket is to it. */
interface Found extends Nearness {
  readonly incident: Incident;
}

const ALONE: Verdict = { routing: 'routed', incident: null, nearest: null, grave: null };

const NOTHING: Outcome = { verdict: null, changes: [], refused: null };

/**
 * Tells storms from single tickets: a pure function of the storm log. Whoever applies the same entries in the same order comes to the same
 * verdicts and the same incidents, on any machine. Keeps no clock of its own; time passes with the entries.
 */
export class StormDetector {
  private nowMs = 0;
  private arrivedSoFar = 0;
  /** In the order of the log. */
  private readonly arrivals = new Map<string, Arrival>();
  private readonly verdicts = new Map<string, Verdict>();
  /** Those that may still count towards an incident. */
  private lookAlikes: LookAlikes;
  private readonly countable = new Set<Arrival>();
  /** Tickets that stay alone, and since when; in the order of the log. */
  private readonly unlinked = new Map<string, number>();
  private readonly known = new Map<string, Incident>();

  constructor(private rules: StormRules) {
    this.lookAlikes = new LookAlikes(rules);
  }

  /** The incidents that the log speaks of; closed ones only as long as they matter for newcomers. */
  get incidents(): ReadonlyMap<string, Incident> {
    return this.known;
  }

  /** Takes in the next entry of the log, and never throws for one of the kinds of {@link StormEntry}. */
  apply(entry: StormEntry): Outcome {
    this.nowMs = Math.max(this.nowMs, entry.at_ms);
    const passed = this.passTime();
    const { changes, ...outcome } = this.dispatch(entry);
    return { ...outcome, changes: [...passed, ...changes] };
  }

  /** All that is known, to go on from elsewhere. */
  snapshot(): StormSnapshot {
    const arrivals = [...this.arrivals.values()].map((arrival) =>
      encodeArrival(arrival, {
        verdict: this.verdicts.get(arrival.ticketId) ?? ALONE,
        is_countable: this.countable.has(arrival),
      }),
    );
    return {
      now_ms: this.nowMs,
      arrived: this.arrivedSoFar,
      rules: this.rules,
      arrivals,
      incidents: [...this.known.values()].map(encodeIncident),
      unlinked: [...this.unlinked],
    };
  }

  /**
   * A detector that goes on from a snapshot as the one that wrote it.
   * @throws SmartSupportError `invalid_input` for a snapshot with vectors that are none
   */
  static restore({ now_ms, arrived, rules, arrivals, incidents, unlinked }: StormSnapshot): StormDetector {
    const detector = new StormDetector(rules);
    detector.nowMs = now_ms;
    detector.arrivedSoFar = arrived;
    for (const encoded of arrivals) {
      const arrival = decodeArrival(encoded);
      detector.arrivals.set(arrival.ticketId, arrival);
      detector.verdicts.set(arrival.ticketId, encoded.verdict);
      if (encoded.is_countable) detector.count(arrival);
    }
    for (const encoded of incidents) detector.known.set(encoded.id, decodeIncident(encoded));
    for (const [ticketId, sinceMs] of unlinked) detector.unlinked.set(ticketId, sinceMs);
    return detector;
  }

  private dispatch(entry: StormEntry): Outcome {
    switch (entry.kind) {
      case 'arrived':
        return this.arrived(entry);
      case 'tick':
        return NOTHING;
      case 'rules':
        return this.follow(entry.rules);
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
    }
  }

  private arrived(entry: ArrivedEntry): Outcome {
    const before = this.verdicts.get(entry.ticket_id);
    if (before) return { ...NOTHING, verdict: before };
    const arrival = arrivalOf(entry, (this.arrivedSoFar += 1));
    this.arrivals.set(arrival.ticketId, arrival);
    const near = [...this.known.values()].map((incident): Found => {
      return { incident, ...incident.nearness(arrival, this.rules) };
    });
    const changes = this.place(entry, arrival, near);
    const verdict = this.verdictOn(entry, near);
    this.verdicts.set(entry.ticket_id, verdict);
    return { verdict, changes, refused: null };
  }

  /** Finds out where a newcomer belongs. */
  private place(entry: ArrivedEntry, arrival: Arrival, near: readonly Found[]): IncidentChange[] {
    // An operator has decided about it before its entry was written.
    if (this.unlinked.has(arrival.ticketId) || this.holderOf(arrival.ticketId)) return [];
    const open = nearest(near, 'open');
    if (open) {
      this.join(open.incident, memberOf(arrival, open.similarity, entry.grave === null));
      open.incident.isDegraded ||= open.isDegraded;
      return [changeOf(open.incident, [arrival.ticketId])];
    }
    const rejected = nearest(near, 'rejected');
    if (rejected) {
      rejected.incident.lastLookAlikeMs = this.nowMs;
      return [];
    }
    const alike = this.lookAlikes.of(arrival);
    const span = densestSpan([...alike.map((one) => one.arrival), arrival], arrival.receivedMs, this.rules.windowMs);
    if (span.requesters > this.rules.ticketThreshold) {
      const together = new Set(span.reports);
      return this.open(
        entry,
        arrival,
        alike.filter((one) => together.has(one.arrival)),
        near,
      );
    }
    this.count(arrival);
    const suspected = nearest(near, 'suspected');
    if (!suspected) return [];
    suspected.incident.join(memberOf(arrival, suspected.similarity, false), this.nowMs);
    return [changeOf(suspected.incident, [arrival.ticketId])];
  }

  /** A burst: opens an incident around it, or goes on with the one that was quiet. */
  private open(
    entry: ArrivedEntry,
    arrival: Arrival,
    others: readonly LookAlike[],
    near: readonly Found[],
  ): IncidentChange[] {
    const changes = this.takeFromSuspected(others.map((one) => one.arrival.ticketId));
    const quiet = nearest(near, 'quiet');
    const continues = quiet && this.nowMs - quiet.incident.lastMemberMs <= CONTINUED_MS;
    const founders = [...others.map((one) => one.arrival), arrival];
    const incident = continues ? quiet.incident : this.newIncident(entry.id, arrival, founders, near);
    if (continues) incident.become('open', this.nowMs);
    for (const one of others) this.join(incident, memberOf(one.arrival, one.similarity, false));
    this.join(incident, memberOf(arrival, continues ? quiet.similarity : 1, entry.grave === null));
    incident.isDegraded ||= others.some((one) => one.isDegraded);
    if (!continues) incident.chooseRepresentative();
    return [
      ...changes,
      changeOf(
        incident,
        founders.map(({ ticketId }) => ticketId),
      ),
    ];
  }

  private newIncident(
    entryId: string,
    founding: Arrival,
    founders: readonly Arrival[],
    near: readonly Found[],
  ): Incident {
    const towards = [meanOf([founding]), meanOf(founders)];
    const previous = nearest(near, 'resolved') ?? nearest(near, 'quiet');
    const attraction = { towards, similarity: null };
    const incident = new Incident(
      `incident-${entryId}`,
      'open',
      null,
      attraction,
      this.nowMs,
      previous?.incident.id ?? null,
    );
    incident.openedMs = this.nowMs;
    this.known.set(incident.id, incident);
    return incident;
  }

  private verdictOn({ ticket_id, grave }: ArrivedEntry, near: readonly Found[]): Verdict {
    for (const incident of this.known.values()) {
      const member = incident.status === 'suspected' ? undefined : incident.members.get(ticket_id);
      if (!member) continue;
      const { id, epoch } = incident;
      const { similarity, isSuppressed } = member;
      return {
        routing: isSuppressed ? 'suppressed' : 'routed',
        incident: { id, epoch, similarity },
        nearest: { id, similarity },
        grave,
      };
    }
    const best = near.reduce<Found | undefined>((a, b) => (a && a.similarity >= b.similarity ? a : b), undefined);
    return {
      routing: 'routed',
      incident: null,
      nearest: best ? { id: best.incident.id, similarity: best.similarity } : null,
      grave: null,
    };
  }

  private follow(rules: StormRules): Outcome {
    this.rules = rules;
    this.lookAlikes = new LookAlikes(rules);
    for (const arrival of this.countable) this.lookAlikes.add(arrival);
    return NOTHING;
  }

  private openByHand({ incident_id, title, ticket_ids }: OpenedByHandEntry): Outcome {
    return this.gather(incident_id, 'open', title, ticket_ids, null);
  }

  private suspect({ incident_id, ticket_ids, similarity }: SuspectedEntry): Outcome {
    return this.gather(incident_id, 'suspected', null, ticket_ids, similarity);
  }

  /** An incident around tickets that somebody named. Those that belong to another one stay there, those once unlinked stay alone. */
  private gather(
    id: string,
    status: 'open' | 'suspected',
    title: string | null,
    ticketIds: readonly string[],
    similarity: number | null,
  ): Outcome {
    if (this.known.has(id)) return { ...NOTHING, refused: 'not_allowed' };
    const free = [...new Set(ticketIds)].filter((ticketId) => !this.unlinked.has(ticketId) && !this.holderOf(ticketId));
    if (free.length === 0) return { ...NOTHING, refused: 'not_allowed' };
    const changes = status === 'open' ? this.takeFromSuspected(free) : [];
    const founders = free.flatMap((ticketId) => this.arrivals.get(ticketId) ?? []);
    const towards = founders.length === 0 ? [] : [meanOf(founders)];
    const incident = new Incident(id, status, title, { towards, similarity }, this.nowMs, null);
    if (status === 'open') incident.openedMs = this.nowMs;
    this.known.set(id, incident);
    for (const ticketId of free) {
      const { receivedMs = this.nowMs, requester = null } = this.arrivals.get(ticketId) ?? {};
      const member = { ticketId, similarity: 1, receivedMs, requester, isSuppressed: false };
      if (status === 'open') this.join(incident, member);
      else incident.join(member, this.nowMs);
    }
    incident.chooseRepresentative();
    return { ...NOTHING, changes: [...changes, changeOf(incident, free)] };
  }

  private become(id: string, status: 'open' | 'rejected' | 'resolved'): Outcome {
    const incident = this.known.get(id);
    if (!incident) return { ...NOTHING, refused: 'unknown' };
    const isConfirmed = status === 'open';
    const may = isConfirmed ? incident.status === 'suspected' : mayBecome(incident.status, status);
    if (!may) return { ...NOTHING, refused: 'not_allowed' };
    // Whether it was confirmed or found to be nothing: what it holds counts towards no other.
    for (const ticketId of incident.members.keys()) this.dontCount(ticketId);
    incident.become(status, this.nowMs);
    if (isConfirmed) incident.openedMs = this.nowMs;
    if (status === 'rejected') incident.lastLookAlikeMs = this.nowMs;
    return { ...NOTHING, changes: [changeOf(incident)] };
  }

  private unlink(id: string, ticketId: string): Outcome {
    const incident = this.known.get(id);
    if (!incident) return { ...NOTHING, refused: 'unknown' };
    if (!incident.members.has(ticketId)) return { ...NOTHING, refused: 'unknown' };
    if (incident.status !== 'open' && incident.status !== 'quiet' && incident.status !== 'suspected') {
      return { ...NOTHING, refused: 'not_allowed' };
    }
    incident.leave(ticketId);
    this.dontCount(ticketId);
    this.unlinked.set(ticketId, this.nowMs);
    return { ...NOTHING, changes: [changeOf(incident, [], [ticketId])] };
  }

  /** What happens because nothing happened. */
  private passTime(): IncidentChange[] {
    for (const [ticketId, arrival] of this.arrivals) {
      if (this.nowMs - arrival.loggedMs <= this.rules.windowMs + LATE_MS) break;
      this.dontCount(ticketId);
      this.arrivals.delete(ticketId);
      this.verdicts.delete(ticketId);
    }
    for (const [ticketId, sinceMs] of this.unlinked) {
      if (this.nowMs - sinceMs < CONTINUED_MS) break;
      this.unlinked.delete(ticketId);
    }
    const changes: IncidentChange[] = [];
    for (const incident of this.known.values()) {
      const { status, lastMemberMs, lastLookAlikeMs, closedMs } = incident;
      const isStill = this.nowMs - lastMemberMs >= this.rules.quietMs;
      if (status === 'open' && isStill) {
        incident.become('quiet', this.nowMs);
        changes.push(changeOf(incident));
      } else if (status === 'suspected' && isStill) {
        this.known.delete(incident.id);
        changes.push({ ...changeOf(incident), status: 'gone', epoch: incident.epoch + 1 });
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
      if (left.length === 0) continue;
      for (const id of left) incident.leave(id);
      changes.push(changeOf(incident, [], left));
    }
    return changes;
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

/** The incident of a status to which a ticket belongs; the most similar one, of several as similar the oldest. */
function nearest(near: readonly Found[], status: IncidentStatus): Found | undefined {
  let best: Found | undefined;
  for (const found of near) {
    if (found.incident.status !== status || !found.belongs) continue;
    if (!best || found.similarity > best.similarity) best = found;
  }
  return best;
}

function memberOf({ ticketId, receivedMs, requester }: Arrival, similarity: number, isSuppressed: boolean): Member {
  return { ticketId, similarity, receivedMs, requester, isSuppressed };
}

function changeOf(
  { id, epoch, status }: Incident,
  joined: readonly string[] = [],
  left: readonly string[] = [],
): IncidentChange {
  return { incident_id: id, epoch, status, joined, left };
}

function mayBecome(from: IncidentStatus, to: IncidentStatus): boolean {
  return (INCIDENT_LIFE[from] as readonly string[]).includes(to);
}
