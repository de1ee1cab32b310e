import type { NewTicket } from '@smart-support/contracts';

/** What a new ticket is known by beside its id, at most one of the two. */
export interface OfferNames {
  readonly idempotencyKey: string | null;
  readonly duplicateKey: string | null;
}

/**
 * The names that count: an id of the client's wins over its `Idempotency-Key`, and either says which offers are one ticket.
 * @param duplicateMs - see `BrokerOptions`
 */
export function namesOf({ input, idempotency_key, duplicate_key }: NewTicket, duplicateMs: number): OfferNames {
  if ((input.id ?? null) !== null) return { idempotencyKey: null, duplicateKey: null };
  if (idempotency_key !== undefined) return { idempotencyKey: idempotency_key, duplicateKey: null };
  return { idempotencyKey: null, duplicateKey: duplicateMs > 0 ? (duplicate_key ?? null) : null };
}
