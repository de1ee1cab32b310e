import { type StormArrival, type Ticket, requesterKey } from '@smart-support/contracts';
import { type UnplacedArrival, quantise, quantiseSparse } from '@smart-support/storm';

/**
 * A ticket as it enters the storm log.
 * @throws SmartSupportError `invalid_input` for vectors that are none
 */
export function arrivedEntry(ticket: Ticket, { embedding, words, grave }: StormArrival): UnplacedArrival {
  return {
    kind: 'arrived',
    ticket_id: ticket.id,
    received_ms: Date.parse(ticket.received_at),
    requester: requesterKey(ticket.requester),
    embedding: embedding && { model: embedding.model, numbers: quantise(embedding.vector).numbers },
    words: quantiseSparse(words),
    grave,
  };
}
