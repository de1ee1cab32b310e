import type { ArrivedEntry } from '../log/storm-entry';
import { type QuantisedVector, quantisedVector } from '../vectors/quantised-vector';
import type { QuantisedSparseVector } from '../vectors/quantised-sparse-vector';

/** An entry of a ticket that has no place in a log yet. */
export type UnplacedArrival = Omit<ArrivedEntry, 'id' | 'at_ms'>;

/** What a ticket is compared by. */
export interface Likeness {
  /** `null` where no model answered. Only embeddings of one model and one length are compared. */
  readonly embedding: { readonly model: string; readonly vector: QuantisedVector } | null;
  readonly words: QuantisedSparseVector;
}

/** A ticket of the log that is still known. While it is among those that newcomers are compared with, its vectors are views of what these hold. */
export interface Arrival extends Likeness {
  embedding: Likeness['embedding'];
  words: QuantisedSparseVector;
  /** Its place among all arrivals of the log. */
  readonly number: number;
  readonly entryId: string;
  readonly ticketId: string;
  readonly receivedMs: number;
  readonly requester: string | null;
  /** When its entry was written. */
  readonly loggedMs: number;
  readonly grave: string | null;
  /** See {@link ArrivedEntry.elsewhere}. */
  readonly elsewhere: ArrivedEntry['elsewhere'];
}

/** The ticket of an entry. An embedding without any direction counts as none: no entry of a log may stop those that read it. */
export function arrivalOf(
  { id, ticket_id, received_ms, requester, embedding, words, at_ms, grave, elsewhere }: ArrivedEntry,
  number: number,
): Arrival {
  const points = embedding?.numbers.some((value) => value !== 0) ?? false;
  return {
    number,
    entryId: id,
    ticketId: ticket_id,
    receivedMs: received_ms,
    requester,
    loggedMs: at_ms,
    embedding: embedding && points ? { model: embedding.model, vector: quantisedVector(embedding.numbers) } : null,
    words,
    grave,
    elsewhere,
  };
}

/** The entry of a ticket, but for its place. */
export function entryOf({ ticketId, receivedMs, requester, embedding, words, grave }: Arrival): UnplacedArrival {
  return {
    kind: 'arrived',
    ticket_id: ticketId,
    received_ms: receivedMs,
    requester,
    embedding: embedding && { model: embedding.model, numbers: embedding.vector.numbers },
    words,
    grave,
  };
}

/** Names what embeddings must have in common to be compared. */
export function comparableBy({ embedding }: Likeness): string | null {
  return embedding && `${embedding.vector.numbers.length} ${embedding.model}`;
}
