import type { Claim, TicketQueue } from '@smart-support/contracts';

/** What a {@link Consumer} works with. */
export interface ConsumerOptions {
  readonly queue: TicketQueue;
  /** Works on one ticket and commits or fails it. Should not throw; if it does, the lease runs out and the sweep takes the ticket back. */
  readonly handle: (claim: Claim) => Promise<unknown>;
  /** Tickets in work at once. */
  readonly concurrency: number;
  /** The broker's lease, in milliseconds; claims in hand are renewed at a third of it. */
  readonly leaseMs: number;
  /** Pause between two looks at an empty queue, in milliseconds. */
  readonly idleMs: number;
  /** Told what went wrong; the consumer goes on. */
  readonly onError: (error: unknown) => void;
}

/** Takes tickets from a queue and works on them, a few at a time, until it is stopped. */
export class Consumer {
  readonly #options: ConsumerOptions;
  readonly #inHand = new Map<string, { readonly claim: Claim; readonly done: Promise<void> }>();
  #idleTimer: NodeJS.Timeout | undefined;
  #heartbeatTimer: NodeJS.Timeout | undefined;
  #polling: Promise<void> | undefined;
  #running = false;
  /** A hand became free since the last look began. */
  #handFreed = false;

  constructor(options: ConsumerOptions) {
    this.#options = options;
  }

  /** Tickets in work now. */
  get inHand(): number {
    return this.#inHand.size;
  }

  /** Begins to look for tickets. Its timers do not keep the process alive. */
  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#heartbeatTimer = setInterval(() => void this.heartbeat(), Math.max(1, this.#options.leaseMs / 3)).unref();
    this.#lookAgain(0);
  }

  /** Takes back what vanished workers left, and as many tickets as there are free hands. */
  poll(): Promise<void> {
    this.#polling ??= this.#poll().finally(() => {
      this.#polling = undefined;
    });
    return this.#polling;
  }

  /** Renews the leases of all tickets in hand. */
  async heartbeat(): Promise<void> {
    if (this.#inHand.size === 0) return;
    try {
      await this.#options.queue.heartbeat([...this.#inHand.values()].map(({ claim }) => claim));
    } catch (error) {
      this.#options.onError(error);
    }
  }

  /** Takes no more tickets and waits for those in hand. */
  async stop(): Promise<void> {
    this.#running = false;
    clearTimeout(this.#idleTimer);
    await this.#polling;
    await Promise.all([...this.#inHand.values()].map(({ done }) => done));
    clearInterval(this.#heartbeatTimer);
  }

  async #poll(): Promise<void> {
    const { queue, concurrency, onError } = this.#options;
    try {
      await queue.sweep();
      const free = concurrency - this.#inHand.size;
      if (free <= 0) return;
      for (const claim of await queue.claim(free)) this.#take(claim);
    } catch (error) {
      onError(error);
    }
  }

  #take(claim: Claim): void {
    const done = this.#options
      .handle(claim)
      .then(() => undefined, this.#options.onError)
      .then(() => {
        this.#inHand.delete(claim.token);
        // There may be more to do at once; a look that is under way sees to it when it ends.
        this.#handFreed = true;
        if (this.#running && !this.#polling) this.#lookAgain(0);
      });
    this.#inHand.set(claim.token, { claim, done });
  }

  #lookAgain(delayMs: number): void {
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => {
      this.#handFreed = false;
      void this.poll().then(() => {
        if (this.#running) this.#lookAgain(this.#handFreed ? 0 : this.#options.idleMs);
      });
    }, delayMs).unref();
  }
}
