import type { IncidentStatus, StormRules, StormVerdict } from '@smart-support/contracts';
import type { CommonMatters } from '../log/storm-entry';
import { type EncodedWords, decodeDense, decodeSparse, encodeDense, encodeSparse } from '../log/encode-vectors';
import type { Arrival } from './arrival';
import { type Hold, Incident, type Member } from './incident';
import type { MeanVectors } from './mean-vectors';

/**
 * All that a detector knows, as plain JSON, but for the vectors of the arrivals, which stand in the log: with both, and the entries after it,
 * another one goes on where this one stood.
 */
export interface StormSnapshot {
  readonly now_ms: number;
  /** Tickets that have arrived since the log began. */
  readonly arrived: number;
  readonly rules: StormRules;
  /** Entries of the tickets that are still known, in the order of the log, and whether each may still count towards an incident. */
  readonly arrivals: readonly EncodedArrival[];
  readonly incidents: readonly EncodedIncident[];
  /** Tickets that stay alone, and since when, in milliseconds since 1970. */
  readonly unlinked: readonly (readonly [ticketId: string, sinceMs: number])[];
  readonly reference: CommonMatters | null;
  /** Suspected incidents that turned out to be none, and since when, in milliseconds since 1970. */
  readonly gone: readonly (readonly [incidentId: string, sinceMs: number])[];
}

/** A ticket that is still known: its entry, whether it may still count towards an incident, why it opened none, and as what it is a member of one. */
export type EncodedArrival = readonly [
  entryId: string,
  isCountable: 0 | 1,
  keptOut: StormVerdict['kept_out'],
  member?: EncodedMember,
];

/** What is not said by its entry of a member of an incident, a suspected one not counted. */
export type EncodedMember = readonly [
  incidentId: string,
  similarity: number,
  isSuppressed: 0 | 1,
  isDecided: 0 | 1,
  routedSignal: string | null,
];

/** An incident. Members are named by a suspected one only: of others those that are still known stand with the arrivals. */
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
  readonly is_told: boolean;
  readonly members: readonly Member[];
  /** Of a rejected one; left out for none, and by earlier versions. */
  readonly former_requesters?: readonly string[];
  /** Left out if it is not held, and by earlier versions. */
  readonly hold?: Hold;
}

/** See {@link MeanVectors}. */
export interface EncodedMean {
  readonly embeddings: readonly (readonly [group: string, numbers: string])[];
  readonly words: EncodedWords;
}

/** An incident as it stands in a snapshot. */
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
    is_told: incident.isTold,
    members: incident.status === 'suspected' ? [...incident.members.values()] : [],
    ...(incident.hold && { hold: incident.hold }),
    ...(incident.formerRequesters.size > 0 && { former_requesters: [...incident.formerRequesters] }),
  };
}

/** What a snapshot says of a member. */
export function encodeMember(
  { id }: Incident,
  { similarity, isSuppressed, isDecided, routedSignal }: Member,
): EncodedMember {
  return [id, similarity, isSuppressed ? 1 : 0, isDecided ? 1 : 0, routedSignal];
}

/** The member that {@link encodeMember} wrote down. */
export function decodeMember(
  [, similarity, isSuppressed, isDecided, routedSignal]: EncodedMember,
  arrival: Arrival,
): Member {
  const { ticketId, receivedMs, requester, isVouched, failure } = arrival;
  const member = { ticketId, similarity, receivedMs, requester, isVouched, failure, routedSignal };
  return { ...member, isSuppressed: isSuppressed === 1, isDecided: isDecided === 1 };
}

/** The incident that {@link encodeIncident} wrote down. @throws SmartSupportError `invalid_input` */
export function decodeIncident(encoded: EncodedIncident): Incident {
  const { similarity, identifiers } = encoded;
  const attraction = { towards: encoded.towards.map(decodeMean), similarity, identifiers };
  const { id, title, last_member_ms, previous_id } = encoded;
  const knownGrave = new Set(encoded.known_signals);
  const incident = new Incident(
    id,
    'open',
    title,
    attraction,
    last_member_ms,
    previous_id,
    knownGrave,
    encoded.is_told,
  );
  // An earlier version did not say who is vouched for.
  for (const member of encoded.members as readonly (Omit<Member, 'isVouched'> & { readonly isVouched?: boolean })[])
    incident.join({ ...member, isVouched: member.isVouched ?? true }, last_member_ms);
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
