import type { NewTicket } from '@smart-support/contracts';

/** The key of a new ticket beside its id: at most one of the two. */
export interface OfferNames {
  readonly idempotencyKey: string | null;
  readonly duplicateKey: string | null;
}

/**
 * The key that identifies repeats: an id of the client's has precedence over its `Idempotency-Key`, and either over the duplicate key.
 * @param duplicateMs - see `BrokerOptions`
 */
export function namesOf({ input, idempotency_key, duplicate_key }: NewTicket, duplicateMs: number): OfferNames {
  if ((input.id ?? null) !== null) return { idempotencyKey: null, duplicateKey: null };
  if (idempotency_key !== undefined) return { idempotencyKey: idempotency_key, duplicateKey: null };
  return { idempotencyKey: null, duplicateKey: duplicateMs > 0 ? (duplicate_key ?? null) : null };
}
