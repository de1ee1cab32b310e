import { type AcceptResult, type BrokerOptions, type NewTicket, contentKey } from '@smart-support/contracts';
import { newRecord, mostOfDomain, type OfferNames, namesOf } from '../../rules/admission';
import type { ByteBudget } from '../tables/byte-budget';
import type { IdempotencyKeys } from '../tables/idempotency-keys';
import type { Lanes } from '../tables/lanes';
import { StoredTicket } from '../tables/stored-ticket';
import type { TicketTable } from '../tables/ticket-table';
import type { Timestamps } from '../tables/timestamps';

/** Accepts offered tickets: new ones up to the bounds, repeated ones once. */
export class Admission {
  constructor(
    private readonly tickets: TicketTable,
    private readonly keys: IdempotencyKeys,
    private readonly duplicates: IdempotencyKeys,
    private readonly lanes: Lanes,
    private readonly timestamps: Timestamps,
    private readonly budget: ByteBudget,
    private readonly options: Pick<BrokerOptions, 'queueMax' | 'queueShare' | 'duplicateMs'>,
  ) {}

  /** Accepts one ticket. A known ticket is recognised also where there is no space for new ones. */
  acceptTicket(offer: NewTicket): AcceptResult {
    const names = namesOf(offer, this.options.duplicateMs);
    const known = this.tickets.find(this.firstOf(names) ?? offer.id);
    if (known) return answerForKnown(known, offer);
    if (this.tickets.unfinished >= this.options.queueMax) return { outcome: 'full' };
    const stored = new StoredTicket(newRecord(offer, this.timestamps.now()), names);
    if (offer.source && this.isShareFull(offer.source.domain, stored.ownBytes))
      return { outcome: 'full', reason: 'share' };
    if (!this.tickets.insert(stored)) return { outcome: 'full', reason: 'bytes' };
    this.lanes.laneOf(stored).append(stored);
    return { outcome: 'accepted', record: stored.record };
  }

  private isShareFull(domain: string, bytes: number): boolean {
    const { queueShare = 1 } = this.options;
    const inside = this.tickets.unfinishedOf(domain);
    // A share of what is free plus what the domain uses itself: other uses of the memory lower the share of every domain alike.
    const mostBytes = queueShare === 1 ? Infinity : queueShare * (this.budget.limit - this.budget.used + inside.bytes);
    return inside.tickets >= mostOfDomain(this.options) || inside.bytes + bytes > mostBytes;
  }

  /** Id of the ticket that came first under one of these names. */
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
