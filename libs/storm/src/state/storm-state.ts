import { type IncidentStatus, SmartSupportError, type StormRules } from '@smart-support/contracts';
import type { ArrivedEntry, StormEntry } from '../log/storm-entry';
import type { IncidentChange } from '../outcome';
import { wholeRules } from '../rules';
import { Arrival } from './arrival';
import { KnownArrivals } from './known-arrivals';
import { embeddingGroupOf } from './ticket-vectors';
import type { Incident, Member } from './incident';
import { changeOf, newStatusOf } from './incident-change';
import { SimilarityIndex } from './similarity-index';
import {
  type EncodedArrival,
  type StormSnapshot,
  decodeIncident,
  decodeMember,
  encodeIncident,
  encodeMember,
} from './storm-snapshot';
import { CommonMattersIndex } from './common-matters-index';

/** What the log came to so far: tickets that are still known, incidents, and the rules in force. Keeps its parts consistent; what an entry means is decided elsewhere. */
export class StormState {
  /** By the log's clock, in milliseconds since 1970. */
  nowMs = 0;
  /** Tickets since the log began. */
  arrivedSoFar = 0;
  readonly arrivals = new KnownArrivals();
  /** Those that may still count towards an incident. */
  similarityIndex: SimilarityIndex;
  /** Tickets that stay alone, and since when; in the order of the log. */
  readonly unlinked = new Map<string, number>();
  readonly known = new Map<string, Incident>();
  /** Suspected incidents that turned out to be none, and since when; in that order. */
  readonly gone = new Map<string, number>();
  reference: CommonMattersIndex | null = null;
  /** Tickets so far of each group whose embeddings can be compared. */
  private readonly inGroup = new Map<string | null, number>();

  constructor(public rules: StormRules) {
    this.similarityIndex = new SimilarityIndex(rules);
  }

  /** All that is known, but for the vectors of arrivals: with the entries of the log that it names, {@link restore} goes on from it. */
  snapshot(): StormSnapshot {
    const arrivals = [...this.arrivals].map((arrival): EncodedArrival => {
      const { entryId, keptOut, holder, ticketId } = arrival;
      const known = [entryId, arrival.isCountable ? 1 : 0, keptOut] as const;
      const member = holder?.members.get(ticketId);
      return holder && member ? [...known, encodeMember(holder, member)] : known;
    });
    return {
      now_ms: this.nowMs,
      arrived: this.arrivedSoFar,
      rules: this.rules,
      arrivals,
      incidents: [...this.known.values()].map(encodeIncident),
      unlinked: [...this.unlinked],
      reference: this.reference?.encoded ?? null,
      gone: [...this.gone],
    };
  }

  /**
   * A state that goes on from a snapshot as the one that wrote it.
   * @param log - entries from before the snapshot, in their order: at least those that it names
   * @throws SmartSupportError `corrupt` if one of these is missing; `invalid_input` for a snapshot with vectors that are none
   */
  static restore(snapshot: StormSnapshot, log: Iterable<StormEntry>): StormState {
    const { now_ms, arrived, rules, arrivals, incidents, unlinked, reference, gone } = snapshot;
    const state = new StormState(wholeRules(rules));
    state.nowMs = now_ms;
    state.arrivedSoFar = arrived - arrivals.length;
    const known = new Map(arrivals.map((arrival) => [arrival[0], arrival]));
    for (const encoded of incidents) state.known.set(encoded.id, decodeIncident(encoded));
    for (const entry of log) {
      const [, isCountable, keptOut = null, encoded] = known.get(entry.id) ?? [];
      if (isCountable === undefined || entry.kind !== 'arrived') continue;
      const arrival = state.takeIn(entry);
      arrival.keptOut = keptOut;
      if (isCountable === 1) state.count(arrival);
      const holder = encoded && state.known.get(encoded[0]);
      if (holder) state.hold(holder, decodeMember(encoded, arrival));
    }
    if (state.arrivals.size < arrivals.length) {
      throw new SmartSupportError('corrupt', 'The log of storms lacks entries that its snapshot relies on');
    }
    for (const [ticketId, sinceMs] of unlinked) state.unlinked.set(ticketId, sinceMs);
    for (const [id, sinceMs] of gone) state.gone.set(id, sinceMs);
    state.reference = reference && new CommonMattersIndex(reference);
    return state;
  }

  /** A ticket is known from now on. */
  takeIn(entry: ArrivedEntry): Arrival {
    const arrival = new Arrival(entry, (this.arrivedSoFar += 1));
    const group = embeddingGroupOf(arrival);
    arrival.groupNumber = (this.inGroup.get(group) ?? 0) + 1;
    this.inGroup.set(group, arrival.groupNumber);
    this.arrivals.append(arrival);
    return arrival;
  }

  /** Compares by other rules from now on. */
  adoptRules(rules: StormRules): void {
    this.rules = rules;
    this.similarityIndex = new SimilarityIndex(rules);
    for (const arrival of this.arrivals) if (arrival.isCountable) this.similarityIndex.add(arrival);
  }

  /** Forgets the oldest ticket, also as a member of its incident: the record of that has all members. */
  forgetOldest(): void {
    const { oldest } = this.arrivals;
    if (!oldest) return;
    this.dontCount(oldest.ticketId);
    oldest.holder?.members.delete(oldest.ticketId);
    this.arrivals.removeOldest();
  }

  /** A member of an open incident counts towards no other. */
  join(incident: Incident, member: Member): void {
    this.dontCount(member.ticketId);
    incident.lastMemberMs = Math.max(incident.lastMemberMs, this.nowMs);
    this.hold(incident, member);
  }

  /** A known ticket is a member of an incident, which has it by its record already. Of others only the record knows. */
  hold(incident: Incident, member: Member): void {
    const arrival = this.arrivals.get(member.ticketId);
    if (!arrival) return;
    arrival.holder = incident;
    incident.members.set(member.ticketId, member);
  }

  /** The members of a suspected incident are held from now on, and count towards no other. */
  holdSuspected(incident: Incident): void {
    const members = [...incident.members.values()];
    incident.members.clear();
    for (const member of members) {
      if (this.holderOf(member.ticketId)) continue;
      this.dontCount(member.ticketId);
      this.hold(incident, member);
    }
  }

  /** A ticket leaves the incident that holds it, if any does. */
  release(ticketId: string): void {
    const arrival = this.arrivals.get(ticketId);
    arrival?.holder?.leave(ticketId);
    if (arrival) arrival.holder = null;
  }

  /** An incident that has ended does not matter for newcomers any more. */
  forgetIncident(incident: Incident): void {
    this.known.delete(incident.id);
    for (const ticketId of incident.members.keys()) {
      const arrival = this.arrivals.get(ticketId);
      if (arrival?.holder === incident) arrival.holder = null;
    }
  }

  /** Tickets that become members of another incident leave those that are only suspected. */
  takeFromSuspected(ticketIds: readonly string[]): IncidentChange[] {
    const changes: IncidentChange[] = [];
    for (const incident of this.known.values()) {
      const left = incident.status === 'suspected' ? ticketIds.filter((id) => incident.members.has(id)) : [];
      if (left.length > 0) changes.push(this.letGo(incident, left));
    }
    return changes;
  }

  /** Members leave an incident. A suspected one goes with them if the larger part leaves: what is left was suspected because of the others. */
  letGo(incident: Incident, ticketIds: readonly string[]): IncidentChange {
    for (const id of ticketIds) {
      if (this.holderOf(id) === incident) this.release(id);
      else incident.leave(id);
    }
    const goes = incident.status === 'suspected' && incident.members.size < Math.max(1, ticketIds.length);
    return goes ? this.drop(incident, ticketIds) : changeOf(incident, [], ticketIds);
  }

  /** A suspected incident turns out to be none, or part of another. */
  drop(incident: Incident, left: readonly string[] = []): IncidentChange {
    this.known.delete(incident.id);
    this.gone.set(incident.id, this.nowMs);
    return { ...newStatusOf(incident), status: 'gone', epoch: incident.epoch + 1, left };
  }

  /** How many incidents have a status. */
  countOf(status: IncidentStatus): number {
    let count = 0;
    for (const incident of this.known.values()) if (incident.status === status) count += 1;
    return count;
  }

  /** The incident that holds a ticket, a mere suspicion not counted. */
  holderOf(ticketId: string): Incident | undefined {
    return this.arrivals.get(ticketId)?.holder ?? undefined;
  }

  /** A ticket may count towards an incident from now on. */
  count(arrival: Arrival): void {
    arrival.isCountable = true;
    this.similarityIndex.add(arrival);
  }

  /** The opposite. */
  dontCount(ticketId: string): void {
    const arrival = this.arrivals.get(ticketId);
    if (!arrival?.isCountable) return;
    arrival.isCountable = false;
    this.similarityIndex.delete(arrival);
  }
}
