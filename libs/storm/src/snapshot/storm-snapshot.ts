import type { IncidentStatus, StormRules, StormVerdict } from '@smart-support/contracts';
import type { CommonMatters } from '../log/storm-entry';
import { type EncodedWords, decodeDense, decodeSparse, encodeDense, encodeSparse } from '../log/encode-vectors';
import type { Arrival } from '../state/arrival';
import { type Hold, Incident, type Member } from '../incident/incident';
import type { MeanVectors } from '../incident/mean-vectors';

/** State of a storm detector as plain JSON, without the vectors of arrivals, which the log has. */
export interface StormSnapshot {
  readonly now_ms: number;
  /** Tickets that have arrived since the log began. */
  readonly arrived: number;
  readonly rules: StormRules;
  /** Known arrivals, in the order of the log. */
  readonly arrivals: readonly EncodedArrival[];
  readonly incidents: readonly EncodedIncident[];
  /** Unlinked tickets, and since when, in milliseconds since 1970. */
  readonly unlinked: readonly (readonly [ticketId: string, sinceMs: number])[];
  readonly reference: CommonMatters | null;
  /** Dropped suspected incidents, and since when, in milliseconds since 1970. */
  readonly dropped: readonly (readonly [incidentId: string, sinceMs: number])[];
}

/** A known arrival: its entry, whether it may count towards an incident, why it opened none, and its membership. */
export type EncodedArrival = readonly [
  entryId: string,
  isCountable: 0 | 1,
  keptOut: StormVerdict['kept_out'],
  member?: EncodedMember,
];

/** A member of an incident that is not merely suspected, without what its entry says. */
export type EncodedMember = readonly [
  incidentId: string,
  similarity: number,
  isSuppressed: 0 | 1,
  isDecided: 0 | 1,
  routedSignal: string | null,
];

/** An incident. Only a suspected one lists its members; those of others are with the arrivals. */
export interface EncodedIncident {
  readonly id: string;
  readonly status: IncidentStatus;
  readonly epoch: number;
  readonly title: string | null;
  readonly towards: readonly EncodedMean[];
  readonly similarity: number | null;
  readonly identifiers: string | null;
  readonly is_degraded: boolean;
  readonly opened_ms: number | null;
  readonly closed_ms: number | null;
  readonly last_member_ms: number;
  readonly last_similar_ms: number | null;
  readonly previous_id: string | null;
  readonly representative_id: string | null;
  readonly known_signals: readonly string[];
  readonly is_notified: boolean;
  readonly members: readonly Member[];
  /** Of a rejected incident; left out for none. */
  readonly former_requesters?: readonly string[];
  /** Left out if it is not held. */
  readonly hold?: Hold;
}

/** See {@link MeanVectors}. */
export interface EncodedMean {
  readonly embeddings: readonly (readonly [group: string, numbers: string])[];
  readonly words: EncodedWords;
}

/** Encodes an incident for a snapshot. */
export function encodeIncident(incident: Incident): EncodedIncident {
  const { attraction } = incident;
  return {
    id: incident.id,
    status: incident.status,
    epoch: incident.epoch,
    title: incident.title,
    towards: attraction.towards.map(encodeMean),
    similarity: attraction.similarity,
    identifiers: attraction.identifiers,
    is_degraded: incident.isDegraded,
    opened_ms: incident.openedMs,
    closed_ms: incident.closedMs,
    last_member_ms: incident.lastMemberMs,
    last_similar_ms: incident.lastSimilarMs,
    previous_id: incident.previousId,
    representative_id: incident.representativeId,
    known_signals: [...incident.knownSignals],
    is_notified: incident.isNotified,
    members: incident.status === 'suspected' ? [...incident.members.values()] : [],
    ...(incident.hold && { hold: incident.hold }),
    ...(incident.formerRequesters.size > 0 && { former_requesters: [...incident.formerRequesters] }),
  };
}

/** Encodes a member for a snapshot. */
export function encodeMember(
  { id }: Incident,
  { similarity, isSuppressed, isDecided, routedSignal }: Member,
): EncodedMember {
  return [id, similarity, isSuppressed ? 1 : 0, isDecided ? 1 : 0, routedSignal];
}

/** Decodes a member of {@link encodeMember}. */
export function decodeMember(
  [, similarity, isSuppressed, isDecided, routedSignal]: EncodedMember,
  arrival: Arrival,
): Member {
  const { ticketId, receivedMs, requester, isVouched, failure } = arrival;
  const member = { ticketId, similarity, receivedMs, requester, isVouched, failure, routedSignal };
  return { ...member, isSuppressed: isSuppressed === 1, isDecided: isDecided === 1 };
}

/** Decodes an incident of {@link encodeIncident}. @throws SmartSupportError `invalid_input` */
export function decodeIncident(encoded: EncodedIncident): Incident {
  const { similarity, identifiers } = encoded;
  const attraction = { towards: encoded.towards.map(decodeMean), similarity, identifiers };
  const { id, title, last_member_ms, previous_id } = encoded;
  const signals = new Set(encoded.known_signals);
  const isNotified = encoded.is_notified;
  const incident = new Incident(id, 'open', title, attraction, last_member_ms, previous_id, signals, isNotified);
  for (const member of encoded.members) incident.join(member, last_member_ms);
  incident.status = encoded.status;
  incident.epoch = encoded.epoch;
  incident.isDegraded = encoded.is_degraded;
  incident.openedMs = encoded.opened_ms;
  incident.closedMs = encoded.closed_ms;
  incident.lastSimilarMs = encoded.last_similar_ms;
  incident.hold = encoded.hold ?? null;
  incident.formerRequesters = new Set(encoded.former_requesters);
  incident.representativeId = encoded.representative_id;
  return incident;
}

function encodeMean({ embeddings, words }: MeanVectors): EncodedMean {
  return {
    embeddings: [...embeddings].map(([group, vector]) => [group, encodeDense(vector)]),
    words: encodeSparse(words),
  };
}

function decodeMean({ embeddings, words }: EncodedMean): MeanVectors {
  return {
    embeddings: new Map(embeddings.map(([group, numbers]) => [group, decodeDense(numbers)])),
    words: decodeSparse(words),
  };
}
