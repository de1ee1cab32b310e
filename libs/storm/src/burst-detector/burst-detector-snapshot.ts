import { decodeDense, encodeDense } from '../log/encode-vectors';
import type { ReferenceTicket } from './reference-sample';

/** A ticket of the reference as JSON. */
export interface EncodedReferenceTicket {
  readonly ticket_id: string;
  readonly requester: string | null;
  readonly received_ms: number;
  readonly model: string;
  /** Base64 of the embedding's numbers, a byte each. */
  readonly numbers: string;
}

/** State of a burst detector as plain JSON. */
export interface BurstDetectorSnapshot {
  readonly reference: readonly EncodedReferenceTicket[];
  /** Number of tickets on each of the last days, by days since 1970. */
  readonly month: readonly (readonly [day: number, count: number])[];
}

/** Encodes a ticket for a snapshot. */
export function encodeReference({
  ticketId,
  requester,
  receivedMs,
  model,
  vector,
}: ReferenceTicket): EncodedReferenceTicket {
  return { ticket_id: ticketId, requester, received_ms: receivedMs, model, numbers: encodeDense(vector) };
}

/** Decodes a ticket of {@link encodeReference}. @throws SmartSupportError `invalid_input` for a vector that is none */
export function decodeReference({
  ticket_id,
  requester,
  received_ms,
  model,
  numbers,
}: EncodedReferenceTicket): ReferenceTicket {
  return { ticketId: ticket_id, requester, receivedMs: received_ms, model, vector: decodeDense(numbers) };
}
