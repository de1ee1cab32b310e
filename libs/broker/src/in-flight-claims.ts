import { setImmediate } from 'node:timers/promises';
import { isSmartSupportError, type Claim, type TicketQueue } from '@smart-support/contracts';

/** What {@link InFlightClaims} works with; each is described at `ConsumerOptions`. */
export interface InFlightOptions {
  readonly queue: Pick<TicketQueue, 'heartbeat' | 'requeue'>;
  readonly handle: (claim: Claim) => Promise<unknown>;
  readonly onError: (error: unknown) => void;
  readonly onLost: (ticketId: string) => void;
  /** Notified when a ticket has left. */
  readonly onGone: () => void;
}

interface InFlightClaim {
  readonly claim: Claim;
  /** Whether the claim is neither lost nor requeued, as far as is known here. */
  isOwned: boolean;
  requeueing?: Promise<void>;
  /** Resolves when the ticket is no longer in flight. */
  readonly gone: Promise<void>;
  readonly leave: () => void;
}

/** The tickets that a consumer works on, from the claim until they are finished or requeued. */
export class InFlightClaims {
  /** By token: after a lost lease the same ticket may be here twice. */
  private readonly claims = new Map<string, InFlightClaim>();

  constructor(private readonly options: InFlightOptions) {}

  get size(): number {
    return this.claims.size;
  }

  /** Starts to work on a ticket. */
  startWork(claim: Claim): void {
    // The broker claimed it anew, so an earlier claim on it is lost.
    for (const entry of this.claims.values()) if (idOf(entry) === claim.record.ticket.id) this.lose(entry);
    let leave!: () => void;
    const gone = new Promise<void>((resolve) => (leave = resolve));
    const entry: InFlightClaim = { claim, isOwned: true, gone, leave };
    this.claims.set(claim.token, entry);
    void this.work(entry);
  }

  /** Renews all claims. Errors are reported, never thrown: the next heartbeat tries again. */
  async renewAll(): Promise<void> {
    const owned = [...this.claims.values()].filter((entry) => entry.isOwned);
    if (owned.length === 0) return;
    try {
      const lost = new Set(await this.options.queue.heartbeat(owned.map(({ claim }) => claim)));
      // A ticket whose commit was answered just before leaves in this turn.
      await setImmediate();
      for (const entry of owned) if (lost.has(idOf(entry)) && this.claims.has(entry.claim.token)) this.lose(entry);
    } catch (error) {
      this.options.onError(error);
    }
  }

  /** Requeues all tickets whose claims are not lost; all of them leave, whatever the answers. */
  async requeueAll(): Promise<void> {
    await Promise.all([...this.claims.values()].map((entry) => (entry.requeueing ??= this.requeue(entry))));
  }

  /**
   * Requeues one ticket. A lost claim is no error: another worker has the ticket. Other errors are reported, never
   * thrown.
   */
  async requeueClaim(claim: Claim): Promise<void> {
    try {
      await this.options.queue.requeue(claim);
    } catch (error) {
      if (!isSmartSupportError(error, 'lease_lost')) this.options.onError(error);
    }
  }

  /** Resolves when all tickets that are in flight now have left. */
  async allSettled(): Promise<void> {
    await Promise.all([...this.claims.values()].map(({ gone }) => gone));
  }

  private async work(entry: InFlightClaim): Promise<void> {
    try {
      await this.options.handle(entry.claim);
    } catch (error) {
      this.options.onError(error);
    }
    this.drop(entry);
  }

  private async requeue(entry: InFlightClaim): Promise<void> {
    const { isOwned } = entry;
    entry.isOwned = false;
    if (isOwned) await this.requeueClaim(entry.claim);
    this.drop(entry);
  }

  private lose(entry: InFlightClaim): void {
    if (!entry.isOwned) return;
    entry.isOwned = false;
    this.options.onLost(idOf(entry));
  }

  private drop(entry: InFlightClaim): void {
    if (!this.claims.delete(entry.claim.token)) return;
    entry.leave();
    this.options.onGone();
  }
}

function idOf({ claim }: InFlightClaim): string {
  return claim.record.ticket.id;
}
