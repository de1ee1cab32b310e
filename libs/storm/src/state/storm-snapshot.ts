import type { IncidentStatus } from '@smart-support/contracts';
import { type EncodedWords, decodeDense, decodeSparse, encodeDense, encodeSparse } from '../log/encode-vectors';
import type { Verdict } from '../outcome';
import type { StormRules } from '../rules';
import type { Arrival } from './arrival';
import { Incident, type Member } from './incident';
import type { MeanLikeness } from './mean-likeness';

/** All that a detector knows, as plain JSON: with it, and the entries after it, another one goes on where this one stood. */
export interface StormSnapshot {
  readonly now_ms: number;
  /** Tickets that have arrived since the log began. */
  readonly arrived: number;
  readonly rules: StormRules;
  /** In the order of the log. */
  readonly arrivals: readonly EncodedArrival[];
  readonly incidents: readonly EncodedIncident[];
  /** Tickets that stay alone, and since when, in milliseconds since 1970. */
  readonly unlinked: readonly (readonly [ticketId: string, sinceMs: number])[];
}

/** A ticket of the log, and what was decided about it. */
export interface EncodedArrival {
  readonly number: number;
  readonly ticket_id: string;
  readonly received_ms: number;
  readonly requester: string | null;
  readonly logged_ms: number;
  readonly embedding: { readonly model: string; readonly numbers: string } | null;
  readonly words: EncodedWords;
  readonly verdict: Verdict;
  /** Whether it may still count towards an incident. */
  readonly is_countable: boolean;
}

/** An incident with its members. */
export interface EncodedIncident {
  readonly id: string;
  readonly status: IncidentStatus;
  readonly epoch: number;
  readonly title: string | null;
  readonly towards: readonly EncodedMean[];
  readonly similarity: number | null;
  readonly is_degraded: boolean;
  readonly opened_ms: number | null;
  readonly closed_ms: number | null;
  readonly last_member_ms: number;
  readonly last_look_alike_ms: number | null;
  readonly previous_id: string | null;
  readonly representative_id: string | null;
  readonly members: readonly Member[];
}

/** See {@link MeanLikeness}. */
export interface EncodedMean {
  readonly embeddings: readonly (readonly [group: string, numbers: string])[];
  readonly words: EncodedWords;
}

/** A ticket of the log as it stands in a snapshot. */
export function encodeArrival(
  { number, ticketId, receivedMs, requester, loggedMs, embedding, words }: Arrival,
  rest: Pick<EncodedArrival, 'verdict' | 'is_countable'>,
): EncodedArrival {
  return {
    number,
    ticket_id: ticketId,
    received_ms: receivedMs,
    requester,
    logged_ms: loggedMs,
    embedding: embedding && { model: embedding.model, numbers: encodeDense(embedding.vector) },
    words: encodeSparse(words),
    ...rest,
  };
}

/** The ticket that {@link encodeArrival} wrote down. @throws SmartSupportError `invalid_input` */
export function decodeArrival({
  number,
  ticket_id,
  received_ms,
  requester,
  logged_ms,
  embedding,
  words,
}: EncodedArrival): Arrival {
  return {
    number,
    ticketId: ticket_id,
    receivedMs: received_ms,
    requester,
    loggedMs: logged_ms,
    embedding: embedding && { model: embedding.model, vector: decodeDense(embedding.numbers) },
    words: decodeSparse(words),
  };
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
    is_degraded: incident.isDegraded,
    opened_ms: incident.openedMs,
    closed_ms: incident.closedMs,
    last_member_ms: incident.lastMemberMs,
    last_look_alike_ms: incident.lastLookAlikeMs,
    previous_id: incident.previousId,
    representative_id: incident.representativeId,
    members: [...incident.members.values()],
  };
}

/** The incident that {@link encodeIncident} wrote down. @throws SmartSupportError `invalid_input` */
export function decodeIncident(encoded: EncodedIncident): Incident {
  const attraction = { towards: encoded.towards.map(decodeMean), similarity: encoded.similarity };
  const { id, title, last_member_ms, previous_id } = encoded;
  const incident = new Incident(id, 'open', title, attraction, last_member_ms, previous_id);
  for (const member of encoded.members) incident.join(member, last_member_ms);
  incident.status = encoded.status;
  incident.epoch = encoded.epoch;
  incident.isDegraded = encoded.is_degraded;
  incident.openedMs = encoded.opened_ms;
  incident.closedMs = encoded.closed_ms;
  incident.lastLookAlikeMs = encoded.last_look_alike_ms;
  incident.representativeId = encoded.representative_id;
  return incident;
}

function encodeMean({ embeddings, words }: MeanLikeness): EncodedMean {
  return {
    embeddings: [...embeddings].map(([group, vector]) => [group, encodeDense(vector)]),
    words: encodeSparse(words),
  };
}

function decodeMean({ embeddings, words }: EncodedMean): MeanLikeness {
  return {
    embeddings: new Map(embeddings.map(([group, numbers]) => [group, decodeDense(numbers)])),
    words: decodeSparse(words),
  };
}
