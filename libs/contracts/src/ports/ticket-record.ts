import type { TicketExplanation } from '../explanation';
import type { HistoryEntry } from '../ticket-history';
import type { Ticket, TicketInput, TicketSource } from '../ticket';

/** What is kept of a ticket: what clients see, and what they see only by asking why. */
export interface TicketRecord {
  readonly ticket: Ticket;
  readonly explanation: TicketExplanation;
  /** Kept as the client sent them; not part of {@link Ticket}. */
  readonly channel: string | null;
  readonly metadata: NonNullable<TicketInput['metadata']> | null;
  /** `null` where callers need no key. */
  readonly source: TicketSource | null;
  /** What persons did to it, the earliest first. */
  readonly history: readonly HistoryEntry[];
}

/** The right to work on one ticket, until the lease runs out. */
export interface Claim {
  readonly record: TicketRecord;
  /** Proves ownership; a new one for every claim. */
  readonly token: string;
}
