import type { TicketRecord } from '@smart-support/contracts';

/** Whose callers vouch for the `requester` of a ticket. */
export interface VouchedSenders {
  /** Channels; upper and lower case are the same. None: any channel. */
  readonly channels: readonly string[];
  /** Names of API keys. None: any key, or none. */
  readonly keys: readonly string[];
}

/** What of a ticket says who vouches for it. */
export type VouchedTicket = Pick<TicketRecord, 'channel' | 'source'>;

/** Names who sent a ticket, as storms count them: keys of one trust domain are one; `null` where no key is known. */
export function stormSourceOf({ source }: Pick<TicketRecord, 'source'>): string | null {
  return source && `domain ${source.domain}`;
}

/**
 * A test of whether the caller vouches for the `requester` of a ticket: it came with one of the keys, and by one of the channels. Where neither is
 * named, all callers do. A channel is what the caller says that it is: it proves something only of callers that are trusted to say it.
 */
export function vouchedTest({ channels, keys }: VouchedSenders): (record: VouchedTicket) => boolean {
  const known = new Set(channels.map((channel) => channel.toLowerCase()));
  return (record) => {
    const key = record.source?.key;
    const isKey = keys.length === 0 || (key !== undefined && keys.includes(key));
    return isKey && (known.size === 0 || known.has(record.channel?.trim().toLowerCase() ?? ''));
  };
}
