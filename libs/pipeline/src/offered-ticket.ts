import { type TicketInput, type TicketSource, contentKey, requesterKey } from '@smart-support/contracts';
import { hash } from 'node:crypto';
import type { Sender } from './storm-arrival';

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

/**
 * Key by which an unintended second submission is recognised, as after a double click: same trust domain, requester, subject and text. Hashed, so that a
 * store does not hold these in readable form.
 * @param isMachine - whether a program sent a ticket; programs legitimately repeat the same alarm
 * @returns the offer's own `duplicateKey` where it states one; else `null` where the client gave an id or a key, where there is no requester, and for what a program sent
 */
export function duplicateKeyOf(
  { input, idempotencyKey, duplicateKey, source }: OfferedTicket,
  isMachine: (sender: Sender) => boolean,
): string | null {
  if (duplicateKey !== undefined) return duplicateKey;
  const requester = requesterKey(input.requester);
  if ((input.id ?? null) !== null || idempotencyKey !== undefined || requester === null) return null;
  if (isMachine(input)) return null;
  const domain = source?.domain ?? '';
  // Lengths keep the end of one part apart from the beginning of the next.
  const parts = `${domain.length} ${domain}${requester.length} ${requester}${contentKey(input)}`;
  return hash('sha256', parts, 'base64url');
}
