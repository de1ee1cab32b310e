import type { ByteUse, TicketRecord } from '@smart-support/contracts';
import type { OfferNames } from '../../rules/offer-names';

/**
 * What a ticket takes beside the texts that its sender chose, once it was decided about: records, reasons, its places in maps and lists, its entry
 * in the storm log. A short ticket was measured to take 3 to 6.5 KB in all.
 */
const TICKET_BYTES = 8 * 1024;

/** What an entry of `metadata`, or an event in the outbox, takes beside its texts. */
const ENTRY_BYTES = 256;

/** What a text takes in V8's heap: a byte a character, or two where any lies above U+00FF. */
export function textBytes(text: string | null | undefined): number {
  if (!text) return 0;
  return /[\u0100-\uffff]/.test(text) ? 2 * text.length : text.length;
}

/** What is held of a ticket from its arrival to the moment at which it is forgotten. */
export function ticketBytes({ ticket, channel, metadata }: TicketRecord, names: OfferNames): number {
  const { id, text, subject, requester, reported_at } = ticket;
  const texts = [id, text, subject, requester, reported_at, channel, names.idempotencyKey, names.duplicateKey];
  let bytes = TICKET_BYTES;
  for (const each of texts) bytes += textBytes(each);
  for (const [name, value] of Object.entries(metadata ?? {})) {
    bytes += ENTRY_BYTES + textBytes(name) + (typeof value === 'string' ? textBytes(value) : 0);
  }
  return bytes;
}

/** What is held of an event that is still to be delivered. */
export function eventBytes(id: string, body: string): number {
  return ENTRY_BYTES + textBytes(id) + textBytes(body);
}

/** Counts the bytes that a broker in memory holds of what callers sent. What is taken must be given back in the same number. */
export class ByteBudget implements ByteUse {
  private reserved = 0;

  /** @param limit - beyond it there is no space for new tickets; what belongs to tickets that are here is taken all the same */
  constructor(readonly limit: number) {}

  /** Bytes held now. */
  get used(): number {
    return this.reserved;
  }

  /** Whether so many more fit. */
  fits(bytes: number): boolean {
    return this.reserved + bytes <= this.limit;
  }

  /** Counts bytes that are held from now on. */
  reserve(bytes: number): void {
    this.reserved += bytes;
  }

  /** Counts them no more. */
  free(bytes: number): void {
    this.reserved -= bytes;
  }
}
