import { setImmediate } from 'node:timers/promises';
import { isSmartSupportError, type Claim, type TicketQueue } from '@smart-support/contracts';

/** What {@link InFlightClaims} works with; each is described at `ConsumerOptions`. */
export interface InFlightOptions {
  readonly queue: Pick<TicketQueue, 'heartbeat' | 'requeue'>;
  readonly handle: (claim: Claim) => Promise<unknown>;
  readonly onError: (error: unknown) => void;
  readonly onLost: (ticketId: string) => void;
  /** Told that a ticket has gone. */
  readonly onGone: () => void;
}

interface InFlightClaim {
  readonly claim: Claim;
  /** Whether the claim is ours as far as we know: neither lost nor handed back. */
  isOwned: boolean;
  requeueing?: Promise<void>;
  /** Resolves when the ticket is in flight no more. */
  readonly gone: Promise<void>;
  readonly leave: () => void;
}

/** The tickets that a consumer has in work, from the claim until they were worked on or handed back. */
export class InFlightClaims {
  /** By token: after a lost lease the same ticket may be here twice. */
  private readonly claims = new Map<string, InFlightClaim>();

  constructor(private readonly options: InFlightOptions) {}

  get size(): number {
    return this.claims.size;
  }

  /** Begins to work on a ticket. */
  startWork(claim: Claim): void {
    // Whoever gives a ticket out knows best: an earlier claim on it is worth nothing any more.
    for (const piece of this.claims.values()) if (idOf(piece) === claim.record.ticket.id) this.lose(piece);
    let leave!: () => void;
    const gone = new Promise<void>((resolve) => (leave = resolve));
    const piece: InFlightClaim = { claim, isOwned: true, gone, leave };
    this.claims.set(claim.token, piece);
    void this.work(piece);
  }

  /** Renews all claims. Errors are told, never thrown: the next beat tries again. */
  async renewAll(): Promise<void> {
    const held = [...this.claims.values()].filter((piece) => piece.isOwned);
    if (held.length === 0) return;
    try {
      const lost = new Set(await this.options.queue.heartbeat(held.map(({ claim }) => claim)));
      // A ticket whose commit was answered just before this is on its way out of our hands.
      await setImmediate();
      for (const piece of held) if (lost.has(idOf(piece)) && this.claims.has(piece.claim.token)) this.lose(piece);
    } catch (error) {
      this.options.onError(error);
    }
  }

  /** Releases every claim that is still held, and lets go of all of them whatever the answers. */
  async requeueAll(): Promise<void> {
    await Promise.all([...this.claims.values()].map((piece) => (piece.requeueing ??= this.requeue(piece))));
  }

  /**
   * Releases one claim. A lost one is not worth a word: somebody else sees to that ticket. Other errors are told, never
   * thrown.
   */
  async requeueClaim(claim: Claim): Promise<void> {
    try {
      await this.options.queue.requeue(claim);
    } catch (error) {
      if (!isSmartSupportError(error, 'lease_lost')) this.options.onError(error);
    }
  }

  /** Resolves when everything that is in flight now has gone. */
  async allSettled(): Promise<void> {
    await Promise.all([...this.claims.values()].map(({ gone }) => gone));
  }

  private async work(piece: InFlightClaim): Promise<void> {
    try {
      await this.options.handle(piece.claim);
    } catch (error) {
      this.options.onError(error);
    }
    this.drop(piece);
  }

  private async requeue(piece: InFlightClaim): Promise<void> {
    const { isOwned } = piece;
    piece.isOwned = false;
    if (isOwned) await this.requeueClaim(piece.claim);
    this.drop(piece);
  }

  private lose(piece: InFlightClaim): void {
    if (!piece.isOwned) return;
    piece.isOwned = false;
    this.options.onLost(idOf(piece));
  }

  private drop(piece: InFlightClaim): void {
    if (!this.claims.delete(piece.claim.token)) return;
    piece.leave();
    this.options.onGone();
  }
}

function idOf({ claim }: InFlightClaim): string {
  return claim.record.ticket.id;
}
