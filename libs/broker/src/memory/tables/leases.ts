import { randomUUID } from 'node:crypto';
import { SmartSupportError, type Claim, type Clock } from '@smart-support/contracts';
import { PriorityQueue } from './priority-queue';
import type { StoredTicket } from './stored-ticket';
import type { TicketTable } from './ticket-table';

/** The leases of claimed tickets. */
export class Leases {
  /** Ordered by the time at which they expire. */
  private readonly byExpiry = new PriorityQueue<StoredTicket>();

  /** Tokens are a number after a random prefix, so that those of another broker are invalid here. */
  private readonly tokenStart = `${randomUUID().slice(0, 8)}.`;
  private tokens = 0;

  /** @param leaseMs - how long a lease lasts unless it is renewed, in milliseconds */
  constructor(
    private readonly tickets: TicketTable,
    private readonly clock: Clock,
    private readonly leaseMs: number,
  ) {}

  /** Grants a lease. Returns its token. */
  grant(stored: StoredTicket): string {
    this.tokens += 1;
    stored.lease = { token: this.tokenStart + this.tokens, until: this.clock.monotonic() + this.leaseMs };
    this.byExpiry.insert(stored.id, stored.lease.until, stored);
    return stored.lease.token;
  }

  /** The ticket of a claim; `undefined` once its lease has expired, swept or not, or was revoked. */
  find({ record, token }: Claim): StoredTicket | undefined {
    const stored = this.tickets.find(record.ticket.id);
    const lease = stored?.lease;
    return lease?.token === token && lease.until > this.clock.monotonic() ? stored : undefined;
  }

  /** The ticket of a claim. @throws SmartSupportError `lease_lost` if the claim is lost */
  get(claim: Claim): StoredTicket {
    const stored = this.find(claim);
    if (stored) return stored;
    throw new SmartSupportError('lease_lost', `The claim on ticket "${claim.record.ticket.id}" was lost`);
  }

  /** Renews a lease for its full time. Returns whether the claim is valid. */
  renew(claim: Claim): boolean {
    const stored = this.find(claim);
    if (!stored?.lease) return false;
    stored.lease.until = this.clock.monotonic() + this.leaseMs;
    return this.byExpiry.reprioritise(stored.id, stored.lease.until);
  }

  /** Ends the lease of a ticket. */
  revoke(stored: StoredTicket): void {
    stored.lease = null;
    this.byExpiry.remove(stored.id);
  }

  /** Ends all expired leases. Returns their tickets, in the order in which they expired. */
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
