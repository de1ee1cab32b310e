import { type SparseVector, type StormArrival, type Ticket, requesterKey } from '@smart-support/contracts';
import { type UnplacedArrival, quantise, quantiseSparse } from '@smart-support/storm';
import { requesterHash } from './requester-hash';

const NO_WORDS: SparseVector = { indices: new Uint32Array(), values: new Float32Array() };

/**
 * A ticket as it enters the storm log. One that takes no part in similarity enters without vectors, and a program counts with each of its tickets.
 * @throws SmartSupportError `invalid_input` for vectors that are none
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
