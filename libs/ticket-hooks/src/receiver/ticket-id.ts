import { createHash } from 'node:crypto';

/** Longest id of a ticket. */
const MAX_ID = 128;

/** What an id may have behind its first character, as `ticketIdSchema` of contracts says. */
const ALPHABET = /^[\w.:@-]+$/;

/**
 * The id of a ticket from another product: always the same for the same id of the product. One that does not fit into the alphabet or length of ids is
 * replaced by its hash.
 */
export function hookTicketId(source: string, productId: string): string {
  const id = `${source}:${productId}`;
  if (id.length <= MAX_ID && ALPHABET.test(productId)) return id;
  return `${source}:${createHash('sha256').update(productId).digest('hex')}`;
}
