import type { ArrivedEntry } from '../log/storm-entry';
import { type QuantisedVector, quantisedVector } from '../vectors/quantised-vector';
import type { QuantisedSparseVector } from '../vectors/quantised-sparse-vector';

/** What a ticket is compared by. */
export interface Likeness {
  /** `null` where no model answered. Only embeddings of one model and one length are compared. */
  readonly embedding: { readonly model: string; readonly vector: QuantisedVector } | null;
  readonly words: QuantisedSparseVector;
}

/** A ticket of the log that may still count. */
export interface Arrival extends Likeness {
  /** Its place among all arrivals of the log. */
  readonly number: number;
  readonly ticketId: string;
  readonly receivedMs: number;
  readonly requester: string | null;
  /** When its entry was written. */
  readonly loggedMs: number;
}

/** The ticket of an entry. An embedding without any direction counts as none: no entry of a log may stop those that read it. */
export function arrivalOf(
  { ticket_id, received_ms, requester, embedding, words, at_ms }: ArrivedEntry,
  number: number,
): Arrival {
  const points = embedding?.numbers.some((value) => value !== 0) ?? false;
  return {
    number,
    ticketId: ticket_id,
    receivedMs: received_ms,
    requester,
    loggedMs: at_ms,
    embedding: embedding && points ? { model: embedding.model, vector: quantisedVector(embedding.numbers) } : null,
    words,
  };
}

/** Names what embeddings must have in common to be compared. */
export function comparableBy({ embedding }: Likeness): string | null {
  return embedding && `${embedding.vector.numbers.length} ${embedding.model}`;
}
