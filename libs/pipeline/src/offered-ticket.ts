import type { TicketInput, TicketSource } from '@smart-support/contracts';

/** A validated ticket that is not enqueued yet. */
export interface OfferedTicket {
  readonly input: TicketInput;
  /** The request's `Idempotency-Key`, if any. */
  readonly idempotencyKey?: string;
  /** Made for it where the client gave none. */
  readonly id?: string;
  /** See `NewTicket`; made of the input where it is left out. `null`: a repeat within seconds is a new ticket. */
  readonly duplicateKey?: string | null;
  /** The API key that it came with, where callers need one. Its ids and `idempotencyKey` are those of its trust domain already. */
  readonly source?: TicketSource;
}
