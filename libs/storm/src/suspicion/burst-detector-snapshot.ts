import { decodeDense, encodeDense } from '../log/encode-vectors';
import type { ReferenceTicket } from './reference-sample';

/** A ticket that tells what is usual, as JSON can hold it. */
export interface EncodedReference {
  readonly ticket_id: string;
  readonly requester: string | null;
  readonly received_ms: number;
  readonly model: string;
  /** Base64 of the embedding's numbers, a byte each. */
  readonly numbers: string;
}

/** What a watch has learnt, as plain JSON. */
export interface BurstDetectorSnapshot {
  readonly usual: readonly EncodedReference[];
  /** Tickets of each of the last days, by days since 1970. */
  readonly month: readonly (readonly [day: number, count: number])[];
}

/** One ticket of a snapshot. */
export function encodeReference({ ticketId, requester, receivedMs, model, vector }: ReferenceTicket): EncodedReference {
  return { ticket_id: ticketId, requester, received_ms: receivedMs, model, numbers: encodeDense(vector) };
}

/** The ticket that {@link encodeReference} wrote down. @throws SmartSupportError `invalid_input` for a vector that is none */
export function decodeReference({
  ticket_id,
  requester,
  received_ms,
  model,
  numbers,
}: EncodedReference): ReferenceTicket {
  return { ticketId: ticket_id, requester, receivedMs: received_ms, model, vector: decodeDense(numbers) };
}
