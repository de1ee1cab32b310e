import { SmartSupportError, type DeadLetter, type TicketRecord } from '@smart-support/contracts';
import type { OfferNames } from '../../rules/offer-names';
import { ticketBytes } from './byte-budget';
import type { Linked } from './linked-list';

/** The present holder's right to work on a ticket. */
export interface Lease {
  readonly token: string;
  /** Monotonic milliseconds; from this moment on the right is gone. */
  until: number;
}

/** How a ticket died. */
export interface Death {
  /** Counts deaths since the start: orders dead letters and serves as their cursor. */
  readonly number: number;
  readonly error: DeadLetter['error'];
  readonly diedAt: string;
}

/**
 * What the broker holds of one ticket: the record, which is replaced and never changed, and what only the broker needs.
 * Wherever a ticket stands in a list, it stands in exactly one: its lane, its agent's, the finished or the dead. A suppressed one stands in none.
 * One that has an agent but stands in no list lost that agent while it was on its way to another broker.
 */
export class StoredTicket implements Linked<StoredTicket> {
  list: object | null = null;
  previous: StoredTicket | null = null;
  next: StoredTicket | null = null;
  /** How often a lease of it ran out. */
  stalls = 0;
  lease: Lease | null = null;
  /** Token of the claim that committed it: a repeat of that commit is recognised by it. */
  committedBy: string | null = null;
  /** Whether an alert was raised for it: there is one in its life. */
  alerted = false;
  /** The incident that an operator took it out of: it stays alone from then on. */
  unlinkedFrom: string | null = null;
  /** The resolved incident of which it was a doubtful member, if it was queued again for that: it is no part of a storm from then on. */
  releasedFrom: { readonly id: string; readonly similarity: number } | null = null;
  /** Whether it says something for which it is routed in whatever incident: see `StormArrival`. Not known before it was judged. */
  isAlwaysRouted = false;
  death: Death | null = null;
  /** Whether another broker may have it, as it stands now: nothing must be changed until somebody knows. */
  isInHandoff = false;
  /** What is counted as held of it, and how much of that it came with. */
  bytes: number;
  readonly ownBytes: number;

  constructor(
    public record: TicketRecord,
    readonly names: OfferNames,
  ) {
    this.ownBytes = ticketBytes(record, names);
    this.bytes = this.ownBytes;
  }

  get id(): string {
    return this.record.ticket.id;
  }

  get receivedMs(): number {
    return Date.parse(this.record.ticket.received_at);
  }

  /** @throws SmartSupportError `unavailable` while it is on its way: a change made here would be lost if another broker has it */
  refuseInHandoff(): void {
    if (!this.isInHandoff) return;
    throw new SmartSupportError(
      'unavailable',
      `Ticket "${this.id}" is being handed over, and only the shared store can know of it`,
    );
  }
}
