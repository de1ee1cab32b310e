import { type IncidentStatus, SmartSupportError, type StormRules } from '@smart-support/contracts';
import type { ArrivedEntry, StormEntry } from '../log/storm-entry';
import type { IncidentChange } from '../outcome';
import { Arrival } from './arrival';
import { KnownArrivals } from './known-arrivals';
import { embeddingGroupOf } from './ticket-vectors';
import type { Incident, Member } from '../incident/incident';
import { changeOf, newStatusOf } from '../incident/incident-change';
import { SimilarityIndex } from './similarity-index';
import {
  type EncodedArrival,
  type StormSnapshot,
  decodeIncident,
  decodeMember,
  encodeIncident,
  encodeMember,
} from '../snapshot/storm-snapshot';
import { CommonMattersIndex } from './common-matters-index';

/** State after the entries so far: known arrivals, incidents and the rules in force. Keeps its parts consistent; `transitions/` decides what entries mean. */
export class StormState {
  /** Time of the latest entry, in milliseconds since 1970. */
  nowMs = 0;
  /** Tickets since the log began. */
  arrivedSoFar = 0;
  readonly arrivals = new KnownArrivals();
  /** The arrivals that may count towards an incident. */
  similarityIndex: SimilarityIndex;
  /** Unlinked tickets, and since when, in the order of the log. */
  readonly unlinked = new Map<string, number>();
  readonly incidents = new Map<string, Incident>();
  /** Dropped suspected incidents, and since when, in that order. */
  readonly dropped = new Map<string, number>();
  reference: CommonMattersIndex | null = null;
  /** Arrivals so far by embedding group. */
  private readonly inGroup = new Map<string | null, number>();

  constructor(public rules: StormRules) {
    this.similarityIndex = new SimilarityIndex(rules);
  }

  /** See `StormDetector.snapshot`. */
  snapshot(): StormSnapshot {
    const arrivals = [...this.arrivals].map((arrival): EncodedArrival => {
      const { entryId, keptOut, incident, ticketId } = arrival;
      const known = [entryId, arrival.isCountable ? 1 : 0, keptOut] as const;
      const member = incident?.members.get(ticketId);
      return incident && member ? [...known, encodeMember(incident, member)] : known;
    });
    return {
      now_ms: this.nowMs,
      arrived: this.arrivedSoFar,
      rules: this.rules,
      arrivals,
      incidents: [...this.incidents.values()].map(encodeIncident),
      unlinked: [...this.unlinked],
      reference: this.reference?.encoded ?? null,
      dropped: [...this.dropped],
    };
  }

  /**
   * See `StormDetector.restore`.
   * @throws SmartSupportError `corrupt` if an entry is missing; `invalid_input` for a snapshot with invalid vectors
   */
  static restore(snapshot: StormSnapshot, log: Iterable<StormEntry>): StormState {
    const { now_ms, arrived, rules, arrivals, incidents, unlinked, reference, dropped } = snapshot;
    const state = new StormState(rules);
    state.nowMs = now_ms;
    state.arrivedSoFar = arrived - arrivals.length;
    const known = new Map(arrivals.map((arrival) => [arrival[0], arrival]));
    for (const encoded of incidents) state.incidents.set(encoded.id, decodeIncident(encoded));
    for (const entry of log) {
      const [, isCountable, keptOut = null, encoded] = known.get(entry.id) ?? [];
      if (isCountable === undefined || entry.kind !== 'arrived') continue;
      const arrival = state.appendArrival(entry);
      arrival.keptOut = keptOut;
      if (isCountable === 1) state.makeCountable(arrival);
      const incident = encoded && state.incidents.get(encoded[0]);
      if (incident) state.addMember(incident, decodeMember(encoded, arrival));
    }
    if (state.arrivals.size < arrivals.length) {
      throw new SmartSupportError('corrupt', 'The storm log lacks entries that its snapshot refers to');
    }
    for (const [ticketId, sinceMs] of unlinked) state.unlinked.set(ticketId, sinceMs);
    for (const [id, sinceMs] of dropped) state.dropped.set(id, sinceMs);
    state.reference = reference && new CommonMattersIndex(reference);
    return state;
  }

  /** Adds an arrival. */
  appendArrival(entry: ArrivedEntry): Arrival {
    const arrival = new Arrival(entry, (this.arrivedSoFar += 1));
    const group = embeddingGroupOf(arrival);
    arrival.groupNumber = (this.inGroup.get(group) ?? 0) + 1;
    this.inGroup.set(group, arrival.groupNumber);
    this.arrivals.append(arrival);
    return arrival;
  }

  /** Applies other rules, and builds the index again. */
  adoptRules(rules: StormRules): void {
    this.rules = rules;
    this.similarityIndex = new SimilarityIndex(rules);
    for (const arrival of this.arrivals) if (arrival.isCountable) this.similarityIndex.add(arrival);
  }

  /** Forgets the oldest arrival, also as a member of its incident: the record has all members. */
  forgetOldest(): void {
    const { oldest } = this.arrivals;
    if (!oldest) return;
    this.makeUncountable(oldest.ticketId);
    oldest.incident?.members.delete(oldest.ticketId);
    this.arrivals.removeOldest();
  }

  /** Adds a member to an open incident; it counts towards no other. */
  join(incident: Incident, member: Member): void {
    this.makeUncountable(member.ticketId);
    incident.lastMemberMs = Math.max(incident.lastMemberMs, this.nowMs);
    this.addMember(incident, member);
  }

  /** Adds a known ticket to the members of an incident; other tickets stand in its record only. */
  addMember(incident: Incident, member: Member): void {
    const arrival = this.arrivals.get(member.ticketId);
    if (!arrival) return;
    arrival.incident = incident;
    incident.members.set(member.ticketId, member);
  }

  /** Binds the members of a suspected incident, so that they count towards no other. */
  bindMembers(incident: Incident): void {
    const members = [...incident.members.values()];
    incident.members.clear();
    for (const member of members) {
      if (this.incidentOf(member.ticketId)) continue;
      this.makeUncountable(member.ticketId);
      this.addMember(incident, member);
    }
  }

  /** Removes a ticket from its incident, if it has one. */
  removeFromIncident(ticketId: string): void {
    const arrival = this.arrivals.get(ticketId);
    arrival?.incident?.leave(ticketId);
    if (arrival) arrival.incident = null;
  }

  /** Forgets an ended incident: it does not affect newcomers any more. */
  forgetIncident(incident: Incident): void {
    this.incidents.delete(incident.id);
    for (const ticketId of incident.members.keys()) {
      const arrival = this.arrivals.get(ticketId);
      if (arrival?.incident === incident) arrival.incident = null;
    }
  }

  /** Removes tickets that become members of another incident from suspected ones. */
  removeFromSuspected(ticketIds: readonly string[]): IncidentChange[] {
    const changes: IncidentChange[] = [];
    for (const incident of this.incidents.values()) {
      const left = incident.status === 'suspected' ? ticketIds.filter((id) => incident.members.has(id)) : [];
      if (left.length > 0) changes.push(this.removeMembers(incident, left));
    }
    return changes;
  }

  /** Removes members from an incident. A suspected one is dropped if the larger part leaves: the rest was suspected because of these. */
  removeMembers(incident: Incident, ticketIds: readonly string[]): IncidentChange {
    for (const id of ticketIds) {
      if (this.incidentOf(id) === incident) this.removeFromIncident(id);
      else incident.leave(id);
    }
    const isDropped = incident.status === 'suspected' && incident.members.size < Math.max(1, ticketIds.length);
    return isDropped ? this.dropSuspected(incident, ticketIds) : changeOf(incident, [], ticketIds);
  }

  /** Drops a suspected incident: it is none, or part of another. */
  dropSuspected(incident: Incident, left: readonly string[] = []): IncidentChange {
    this.incidents.delete(incident.id);
    this.dropped.set(incident.id, this.nowMs);
    return { ...newStatusOf(incident), status: 'gone', epoch: incident.epoch + 1, left };
  }

  /** How many incidents have a status. */
  countOf(status: IncidentStatus): number {
    let count = 0;
    for (const incident of this.incidents.values()) if (incident.status === status) count += 1;
    return count;
  }

  /** The incident of which a ticket is a member; suspected ones do not count. */
  incidentOf(ticketId: string): Incident | undefined {
    return this.arrivals.get(ticketId)?.incident ?? undefined;
  }

  /** Lets a ticket count towards incidents. */
  makeCountable(arrival: Arrival): void {
    arrival.isCountable = true;
    this.similarityIndex.add(arrival);
  }

  /** Lets a ticket count towards no incident. */
  makeUncountable(ticketId: string): void {
    const arrival = this.arrivals.get(ticketId);
    if (!arrival?.isCountable) return;
    arrival.isCountable = false;
    this.similarityIndex.delete(arrival);
  }
}
