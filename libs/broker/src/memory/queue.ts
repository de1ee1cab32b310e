import type { AcceptResult, Claim, Clock, NewTicket, QueueReport, TicketQueue } from '@smart-support/contracts';
import { retryDelayMs } from '../rules/dead-letters';
import type { MemoryDeadLetters } from './dead-letters';
import type { Admission } from './operations/admission';
import type { MemoryOutbox } from './outbox';
import type { Lanes } from './tables/lanes';
import type { Leases } from './tables/leases';
import type { StoredTicket } from './tables/stored-ticket';
import type { TicketTable } from './tables/ticket-table';
import type { WaitingLines } from './tables/waiting-lines';

/** How often a ticket may fail or stall before it becomes a dead letter. */
export interface AttemptLimits {
  readonly maxAttempts: number;
  readonly maxStalls: number;
}

/** The queue in memory. */
export class MemoryQueue implements TicketQueue {
  constructor(
    private readonly admission: Admission,
    private readonly tickets: TicketTable,
    private readonly lanes: Lanes,
    private readonly leases: Leases,
    private readonly waitingLines: WaitingLines,
    private readonly deadLetters: MemoryDeadLetters,
    private readonly outbox: MemoryOutbox,
    private readonly clock: Clock,
    private readonly random: () => number,
    private readonly limits: AttemptLimits,
    /** Runs after each sweep. */
    private readonly afterSweep: () => void,
  ) {}

  /** See {@link TicketQueue}. */
  async accept(offers: readonly NewTicket[]): Promise<AcceptResult[]> {
    return offers.map((offer) => this.admission.acceptTicket(offer));
  }

  /** See {@link TicketQueue}. */
  async waitForWork(timeoutMs: number): Promise<void> {
    return this.lanes.waitForTicket(timeoutMs);
  }

  /** See {@link TicketQueue}. */
  async claim(limit: number): Promise<Claim[]> {
    const claims: Claim[] = [];
    while (claims.length < limit) {
      const next = this.lanes.dequeue();
      if (!next) break;
      claims.push(this.startAttempt(next));
    }
    return claims;
  }

  /** Also claims a delayed ticket: its caller asks for this one and no other. */
  async claimById(ticketId: string): Promise<Claim | undefined> {
    const stored = this.tickets.find(ticketId);
    if (stored?.record.ticket.status !== 'queued') return undefined;
    this.lanes.laneOf(stored).remove(stored);
    return this.startAttempt(stored);
  }

  /** See {@link TicketQueue}. */
  async heartbeat(claims: readonly Claim[]): Promise<string[]> {
    return claims.filter((claim) => !this.leases.renew(claim)).map(({ record }) => record.ticket.id);
  }

  /** @throws SmartSupportError `lease_lost` */
  async fail(
    claim: Claim,
    { code, message, retryable }: Parameters<TicketQueue['fail']>[1],
  ): Promise<'queued' | 'dead'> {
    const stored = this.leases.get(claim);
    this.leases.revoke(stored);
    const { ticket } = stored.record;
    // Every attempt that did not stall and was not requeued ended in an error.
    const failures = ticket.attempts - stored.stalls;
    if (!retryable || failures >= this.limits.maxAttempts) {
      this.deadLetters.addDeadLetter(stored, { code, message });
      return 'dead';
    }
    this.tickets.changeStatus(stored, { ...ticket, status: 'queued' });
    this.lanes.laneOf(stored).delayUntil(stored, this.clock.monotonic() + retryDelayMs(failures, this.random));
    return 'queued';
  }

  /** @throws SmartSupportError `lease_lost` */
  async requeue(claim: Claim): Promise<void> {
    const stored = this.leases.get(claim);
    this.leases.revoke(stored);
    const { ticket } = stored.record;
    this.tickets.changeStatus(stored, { ...ticket, status: 'queued', attempts: ticket.attempts - 1 });
    this.lanes.laneOf(stored).prependRequeued(stored);
  }

  /** Also lets the time of storms pass. */
  async sweep(): Promise<number> {
    const stalled = this.leases.revokeExpired();
    const requeued: StoredTicket[] = [];
    for (const stored of stalled) {
      stored.stalls += 1;
      if (stored.stalls <= this.limits.maxStalls) requeued.push(stored);
      else {
        const message = `Its worker vanished ${stored.stalls} times`;
        this.deadLetters.addDeadLetter(stored, { code: 'stalled', message });
      }
    }
    // Each goes to the front, so the last goes first to keep their order.
    for (const stored of requeued.toReversed()) {
      this.tickets.changeStatus(stored, { ...stored.record.ticket, status: 'queued' });
      this.lanes.laneOf(stored).prependRequeued(stored);
    }
    this.afterSweep();
    return stalled.length;
  }

  /** See {@link TicketQueue}. */
  async report(): Promise<QueueReport> {
    return {
      lanes: this.lanes.sizes(),
      oldest_age_ms: this.lanes.oldestAgeMs(),
      in_progress: this.tickets.count('processing'),
      waiting: this.waitingLines.sizes(),
      dead: this.tickets.count('dead'),
      outbox: this.outbox.size,
    };
  }

  private startAttempt(stored: StoredTicket): Claim {
    const { ticket } = stored.record;
    const attempts = ticket.attempts + 1;
    const record = this.tickets.changeStatus(stored, { ...ticket, status: 'processing', attempts });
    return { record, token: this.leases.grant(stored) };
  }
}
