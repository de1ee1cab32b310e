import { SmartSupportError, type DeadLetter, type TicketRecord } from '@smart-support/contracts';
import type { OfferNames } from '../../rules/admission';
import { ticketBytes } from './byte-budget';
import type { Linked } from './linked-list';

/** The lease of a claimed ticket. */
export interface Lease {
  readonly token: string;
  /** When it expires, in monotonic milliseconds. */
  until: number;
}

/** How a ticket died. */
export interface Death {
  /** Counts deaths since the start; orders dead letters and is their cursor. */
  readonly number: number;
  readonly error: DeadLetter['error'];
  readonly diedAt: string;
}

/**
 * One ticket: its record, which is replaced and never changed, and the broker's own facts.
 * It is in at most one list: its lane, its agent's, the finished or the dead. A suppressed one is in none.
 * One that has an agent but is in no list lost that agent during a handoff.
 */
export class StoredTicket implements Linked<StoredTicket> {
  list: object | null = null;
  previous: StoredTicket | null = null;
  next: StoredTicket | null = null;
  /** Its number in the index of tickets: its place in the order of acceptance. */
  number = -1;
  /** How often a lease of it ran out. */
  stalls = 0;
  lease: Lease | null = null;
  /** Token of the claim that committed it, to recognise a repeat of that commit. */
  committedBy: string | null = null;
  /** Whether its alert was raised, which happens once. */
  alerted = false;
  /** The incident that an operator took it out of; it joins no other. */
  unlinkedFrom: string | null = null;
  /** The resolved incident that released it as a doubtful member; it is no part of a storm from then on. */
  releasedFrom: { readonly id: string; readonly similarity: number } | null = null;
  /** Whether it has an always-routed signal; see `StormArrival`. False until it is judged. */
  isAlwaysRouted = false;
  death: Death | null = null;
  /** Whether another broker may have it: it must not change until that is known. */
  isInHandoff = false;
  /** Bytes reserved for it, and how many of them it came with. */
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

  /** @throws SmartSupportError `unavailable` during a handoff: a change would be lost if the other broker has the ticket */
  refuseInHandoff(): void {
    if (!this.isInHandoff) return;
    throw new SmartSupportError('unavailable', `Ticket "${this.id}" is being handed over to the shared store`);
  }
}
