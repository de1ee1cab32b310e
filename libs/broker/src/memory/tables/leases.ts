import { randomUUID } from 'node:crypto';
import { SmartSupportError, type Claim, type Clock } from '@smart-support/contracts';
import { PriorityQueue } from './priority-queue';
import type { StoredTicket } from './stored-ticket';
import type { TicketTable } from './ticket-table';

/** Who may work on which ticket, and until when. */
export class Leases {
  /** By the moment at which they run out. */
  private readonly byExpiry = new PriorityQueue<StoredTicket>();

  /** Tokens are a number after a beginning of their own, so that those of another broker mean nothing here. */
  private readonly tokenStart = `${randomUUID().slice(0, 8)}.`;
  private tokens = 0;

  /** @param leaseMs - how long a lease lasts without a renewal, in milliseconds */
  constructor(
    private readonly tickets: TicketTable,
    private readonly clock: Clock,
    private readonly leaseMs: number,
  ) {}

  /** Gives the right to work on a ticket. Returns its token. */
  grant(stored: StoredTicket): string {
    this.tokens += 1;
    stored.lease = { token: this.tokenStart + this.tokens, until: this.clock.monotonic() + this.leaseMs };
    this.byExpiry.insert(stored.id, stored.lease.until, stored);
    return stored.lease.token;
  }

  /** The ticket of a claim that is still held; `undefined` once the lease ran out, swept or not, or was given up. */
  find({ record, token }: Claim): StoredTicket | undefined {
    const stored = this.tickets.find(record.ticket.id);
    const lease = stored?.lease;
    return lease?.token === token && lease.until > this.clock.monotonic() ? stored : undefined;
  }

  /** As `held`. @throws SmartSupportError `lease_lost` instead of `undefined` */
  get(claim: Claim): StoredTicket {
    const stored = this.find(claim);
    if (stored) return stored;
    throw new SmartSupportError('lease_lost', `The claim on ticket "${claim.record.ticket.id}" is no longer held`);
  }

  /** Makes a lease last for its full time again. Returns whether the claim is still held. */
  renew(claim: Claim): boolean {
    const stored = this.find(claim);
    if (!stored?.lease) return false;
    stored.lease.until = this.clock.monotonic() + this.leaseMs;
    return this.byExpiry.reprioritise(stored.id, stored.lease.until);
  }

  /** Ends the right to work on a ticket. */
  revoke(stored: StoredTicket): void {
    stored.lease = null;
    this.byExpiry.remove(stored.id);
  }

  /** Ends every lease that ran out. Returns the tickets, in the order in which that happened. */
  revokeExpired(): StoredTicket[] {
    const now = this.clock.monotonic();
    const expired: StoredTicket[] = [];
    for (let first = this.byExpiry.peek(); first && first.key <= now; first = this.byExpiry.peek()) {
      this.revoke(first.value);
      expired.push(first.value);
    }
    return expired;
  }
}
