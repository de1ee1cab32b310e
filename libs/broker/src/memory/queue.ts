import { type Claim, type Clock, type QueueReport, type TicketQueue } from '@smart-support/contracts';
import { retryDelayMs } from '../rules/retry-delay';
import type { MemoryDeadLetters } from './dead-letters';
import type { Lanes } from './lanes';
import type { Leases } from './leases';
import type { StoredTicket } from './stored-ticket';
import type { TicketTable } from './ticket-table';

/** How often a ticket may go wrong before it is put aside. */
export interface Limits {
  readonly maxAttempts: number;
  readonly maxStalls: number;
}

/** Hands tickets to workers and takes them back: done, failed, untouched, or because the worker vanished. */
export class MemoryQueue {
  constructor(
    private readonly book: TicketTable,
    private readonly lanes: Lanes,
    private readonly leases: Leases,
    private readonly deadLetters: MemoryDeadLetters,
    private readonly clock: Clock,
    private readonly random: () => number,
    private readonly limits: Limits,
  ) {}

  /** Takes up to `limit` tickets, in the order of the lanes. */
  claim(limit: number): Claim[] {
    const claims: Claim[] = [];
    while (claims.length < limit) {
      const next = this.lanes.takeNext();
      if (!next) break;
      claims.push(this.handOver(next));
    }
    return claims;
  }

  /** Also while the ticket rests before a retry: its caller asks for this one and no other. */
  claimById(ticketId: string): Claim | undefined {
    const stored = this.book.find(ticketId);
    if (stored?.record.ticket.status !== 'queued') return undefined;
    this.lanes.of(stored).remove(stored);
    return this.handOver(stored);
  }

  /** Renews claims. Returns the ids of those that are lost. */
  heartbeat(claims: readonly Claim[]): string[] {
    return claims.filter((claim) => !this.leases.renew(claim)).map(({ record }) => record.ticket.id);
  }

  /** Puts a ticket off, or aside for good. @throws SmartSupportError `lease_lost` */
  fail(claim: Claim, { code, message, retryable }: Parameters<TicketQueue['fail']>[1]): 'queued' | 'dead' {
    const stored = this.leases.mustHold(claim);
    this.leases.end(stored);
    const { ticket } = stored.record;
    // Every attempt that did not stall and was not handed back ended in an error.
    const failures = ticket.attempts - stored.stalls;
    if (!retryable || failures >= this.limits.maxAttempts) {
      this.deadLetters.add(stored, { code, message });
      return 'dead';
    }
    this.book.changeStatus(stored, { ...ticket, status: 'queued' });
    this.lanes.of(stored).postpone(stored, this.clock.monotonic() + retryDelayMs(failures, this.random));
    return 'queued';
  }

  /** Hands a ticket back as if it had not been touched. @throws SmartSupportError `lease_lost` */
  release(claim: Claim): void {
    const stored = this.leases.mustHold(claim);
    this.leases.end(stored);
    const { ticket } = stored.record;
    this.book.changeStatus(stored, { ...ticket, status: 'queued', attempts: ticket.attempts - 1 });
    this.lanes.of(stored).prepend(stored);
  }

  /** Takes back the tickets of vanished workers. Returns how many. */
  sweep(): number {
    const vanished = this.leases.takeExpired();
    const again: StoredTicket[] = [];
    for (const stored of vanished) {
      stored.stalls += 1;
      if (stored.stalls <= this.limits.maxStalls) again.push(stored);
      else this.deadLetters.add(stored, { code: 'stalled', message: `Its worker vanished ${stored.stalls} times` });
    }
    // Each goes to the front: the last first, so that they keep their order.
    for (const stored of again.toReversed()) {
      this.book.changeStatus(stored, { ...stored.record.ticket, status: 'queued' });
      this.lanes.of(stored).prepend(stored);
    }
    return vanished.length;
  }

  /** The queue's part of the report: nothing about tickets that were understood. */
  report(): Omit<QueueReport, 'waiting' | 'outbox'> {
    return {
      lanes: this.lanes.sizes(),
      oldest_age_ms: this.lanes.oldestAgeMs(),
      in_progress: this.book.count('processing'),
      dead: this.book.count('dead'),
    };
  }

  private handOver(stored: StoredTicket): Claim {
    const { ticket } = stored.record;
    const record = this.book.changeStatus(stored, { ...ticket, status: 'processing', attempts: ticket.attempts + 1 });
    return { record, token: this.leases.grant(stored) };
  }
}
