import type { AcceptResult, NewTicket } from '@smart-support/contracts';
import { newRecord } from '../new-record';
import type { IdempotencyKeys } from './idempotency-keys';
import type { Lanes } from './lanes';
import type { StoredTicket } from './stored-ticket';
import type { TicketBook } from './ticket-book';
import type { Timestamps } from './timestamps';

/** Lets tickets in: new ones up to the bound, repeated ones once. */
export class Door {
  /** @param queueMax - most unfinished tickets */
  constructor(
    private readonly book: TicketBook,
    private readonly keys: IdempotencyKeys,
    private readonly lanes: Lanes,
    private readonly timestamps: Timestamps,
    private readonly queueMax: number,
  ) {}

  /** Offers one ticket. A known ticket is recognised also while the queue is full. */
  accept(offer: NewTicket): AcceptResult {
    const key = (offer.input.id ?? null) === null ? (offer.idempotency_key ?? null) : null;
    const sameKey = key === null ? undefined : this.keys.ticketId(key);
    const known = this.book.find(sameKey ?? offer.id);
    if (known) return answerForKnown(known, offer);
    if (this.book.unfinished >= this.queueMax) return { outcome: 'full' };
    const stored = this.book.add(newRecord(offer, this.timestamps.now()), key);
    this.lanes.of(stored).append(stored);
    return { outcome: 'accepted', record: stored.record };
  }
}

function answerForKnown({ id, record }: StoredTicket, offer: NewTicket): AcceptResult {
  return record.ticket.text === offer.input.text
    ? { outcome: 'repeated', record }
    : { outcome: 'conflict', ticket_id: id };
}
