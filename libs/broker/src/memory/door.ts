import { type AcceptResult, type BrokerOptions, type NewTicket, contentKey } from '@smart-support/contracts';
import { newRecord } from '../new-record';
import { mostOfDomain } from '../most-of-domain';
import { type OfferNames, namesOf } from '../offer-names';
import type { IdempotencyKeys } from './idempotency-keys';
import type { Lanes } from './lanes';
import type { StoredTicket } from './stored-ticket';
import type { TicketBook } from './ticket-book';
import type { Timestamps } from './timestamps';

/** Lets tickets in: new ones up to the bound, repeated ones once. */
export class Door {
  constructor(
    private readonly book: TicketBook,
    private readonly keys: IdempotencyKeys,
    private readonly duplicates: IdempotencyKeys,
    private readonly lanes: Lanes,
    private readonly timestamps: Timestamps,
    private readonly options: Pick<BrokerOptions, 'queueMax' | 'queueShare' | 'duplicateMs'>,
  ) {}

  /** Offers one ticket. A known ticket is recognised also where there is no space for new ones. */
  accept(offer: NewTicket): AcceptResult {
    const names = namesOf(offer, this.options.duplicateMs);
    const known = this.book.find(this.firstOf(names) ?? offer.id);
    if (known) return answerForKnown(known, offer);
    if (this.book.unfinished >= this.options.queueMax) return { outcome: 'full' };
    if (offer.source && this.book.unfinishedOf(offer.source.domain) >= mostOfDomain(this.options)) {
      return { outcome: 'full', reason: 'share' };
    }
    const stored = this.book.add(newRecord(offer, this.timestamps.now()), names);
    if (!stored) return { outcome: 'full', reason: 'bytes' };
    this.lanes.of(stored).append(stored);
    return { outcome: 'accepted', record: stored.record };
  }

  /** Id of the ticket that one of these names came with first. */
  private firstOf({ idempotencyKey, duplicateKey }: OfferNames): string | undefined {
    if (idempotencyKey !== null) return this.keys.ticketId(idempotencyKey);
    return duplicateKey === null ? undefined : this.duplicates.ticketId(duplicateKey);
  }
}

function answerForKnown({ id, record }: StoredTicket, offer: NewTicket): AcceptResult {
  return contentKey(record.ticket) === contentKey(offer.input)
    ? { outcome: 'repeated', record }
    : { outcome: 'conflict', ticket_id: id };
}
