import { type SparseVector, type StormArrival, type Ticket, requesterKey } from '@smart-support/contracts';
import { type UnplacedArrival, quantise, quantiseSparse } from '@smart-support/storm';
import { requesterHash } from './requester-hash';

const NO_WORDS: SparseVector = { indices: new Uint32Array(), values: new Float32Array() };

/**
 * The storm log entry of a ticket. One that takes no part in similarity enters without vectors; each ticket of a program counts as a requester.
 * @throws SmartSupportError `invalid_input` for invalid vectors
 */
export function arrivedEntry(ticket: Ticket, arrival: StormArrival): UnplacedArrival {
  const requester = requesterKey(ticket.requester);
  const { isVouched, source, severe_signal, isAlwaysRouted, failure, identifiers, isMachine, keptOut } = arrival;
  const { embedding, words } = keptOut === null ? arrival : { embedding: null, words: NO_WORDS };
  return {
    kind: 'arrived',
    ticket_id: ticket.id,
    received_ms: Date.parse(ticket.received_at),
    requester: isMachine || requester === null ? null : requesterHash(requester),
    ...(!isVouched && { unvouched: true }),
    ...(source !== null && { source }),
    embedding: embedding && { model: embedding.model, numbers: quantise(embedding.vector).numbers },
    words: quantiseSparse(words),
    severe_signal,
    ...(isAlwaysRouted && { always_routed: true }),
    failure,
    identifiers,
    is_machine: isMachine,
  };
}
