import type { ByteUse, TicketRecord } from '@smart-support/contracts';
import type { OfferNames } from '../../rules/admission';

/**
 * Bytes of a decided ticket without the texts of its sender: records, reasons, places in maps and lists, its entry
 * in the storm log. A short ticket takes 3 to 6.5 KB in all, as measured.
 */
const TICKET_BYTES = 8 * 1024;

/** Bytes of an entry of `metadata`, or of an event in the outbox, without its texts. */
const ENTRY_BYTES = 256;

/** Bytes of a text in V8's heap: one for each character, or two if any is above U+00FF. */
export function textBytes(text: string | null | undefined): number {
  if (!text) return 0;
  return /[\u0100-\uffff]/.test(text) ? 2 * text.length : text.length;
}

/** Bytes of a ticket from its arrival until it is forgotten. */
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

/** Bytes of an undelivered event. */
export function eventBytes(id: string, body: string): number {
  return ENTRY_BYTES + textBytes(id) + textBytes(body);
}

/** Counts the bytes of what callers sent. All that is reserved must be freed. */
export class ByteBudget implements ByteUse {
  private reserved = 0;

  /** @param limit - beyond it new tickets are refused; what known tickets need is reserved all the same */
  constructor(readonly limit: number) {}

  /** Bytes reserved now. */
  get used(): number {
    return this.reserved;
  }

  /** Whether so many more bytes fit. */
  fits(bytes: number): boolean {
    return this.reserved + bytes <= this.limit;
  }

  /** Reserves bytes, also beyond the limit. */
  reserve(bytes: number): void {
    this.reserved += bytes;
  }

  /** Frees reserved bytes. */
  free(bytes: number): void {
    this.reserved -= bytes;
  }
}
