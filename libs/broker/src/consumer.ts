import { setImmediate } from 'node:timers/promises';
import { systemClock, type Claim, type TicketQueue, type TimerClock } from '@smart-support/contracts';
import { InFlightClaims } from './in-flight-claims';

/** What a {@link Consumer} works with. */
export interface ConsumerOptions {
  /** Any of its calls may fail, as those of a shared broker that is away do. */
  readonly queue: Pick<TicketQueue, 'waitForWork' | 'claim' | 'heartbeat' | 'requeue' | 'sweep'>;
  /**
   * Works on one ticket and commits or fails it. Should not throw; if it does, the lease expires and the sweep requeues
   * the ticket.
   */
  readonly handle: (claim: Claim) => Promise<unknown>;
  /** Tickets in work at once; 1 or more. */
  readonly concurrency: number;
  /** The broker's lease, in milliseconds; claims in flight are renewed at a third of it. */
  readonly leaseMs: number;
  /**
   * Longest wait at an empty queue, and the pause after an error, in milliseconds. A delayed ticket is claimed within this time
   * after it is due.
   */
  readonly idleMs: number;
  /**
   * Whether to sweep before every claim and while the concurrency is used up; `true` by
   * default. Not needed where a leader sweeps for all processes.
   */
  readonly sweep?: boolean;
  /** Notified of errors; the consumer continues. */
  readonly onError: (error: unknown) => void;
  /**
   * Notified once of a ticket in flight whose claim is lost: its lease expired, and its commit will be
   * refused. Rarely also of a ticket whose commit and heartbeat were in flight at the same time.
   */
  readonly onLost?: (ticketId: string) => void;
  /** The system clock by default. */
  readonly clock?: TimerClock;
}

/**
 * Concurrent claim calls while the queue is long. With two, the broker looks for tickets while this process works on those found before;
 * with one, each would wait for the other.
 */
const CONCURRENT_CLAIMS = 2;

/** From a start to the next stop. */
interface Run {
  going: boolean;
}

/** Claims tickets from a queue and works on them, up to `concurrency` at once, until it is stopped. */
export class Consumer {
  private readonly inFlightClaims: InFlightClaims;
  private readonly clock: TimerClock;
  /** The latest run. A stopped one only finishes what it has begun, even if another one starts meanwhile. */
  private run: Run = { going: false };
  private rounds = Promise.resolve();
  private endHeartbeat: (() => void) | undefined;
  /** Claim calls in progress, and the tickets that they may return. */
  private pendingClaims = 0;
  private asked = 0;
  private lastClaims: Promise<unknown> = Promise.resolve();
  /** The error of a claim that was not reported yet. */
  private failure: { readonly error: unknown } | undefined;
  /** Whether the latest claim returned as many tickets as it asked for. */
  private isPlenty = false;
  /** Whether it returned fewer, and there was no wait for work since. */
  private isEmpty = false;
  private endWait = (): void => undefined;
  private endWaitForClaim = (): void => undefined;
  private endWaitForCapacity = (): void => undefined;

  constructor(private readonly options: ConsumerOptions) {
    const { queue, handle, onError, onLost = () => undefined, clock = systemClock } = options;
    this.clock = clock;
    this.inFlightClaims = new InFlightClaims({
      queue,
      handle,
      onError,
      onLost,
      onGone: () => this.endWaitForCapacity(),
    });
  }

  /** Tickets in work now. */
  get inFlight(): number {
    return this.inFlightClaims.size;
  }

  /** Starts to claim tickets, also again after a stop. Its timers do not keep the process alive. */
  start(): void {
    if (this.run.going) return;
    const run = { going: true };
    this.run = run;
    this.rounds = this.rounds.then(() => this.runLoop(run));
    if (!this.endHeartbeat) this.scheduleHeartbeat();
  }

  /** Claims no more tickets and waits for those in flight. Tickets of a claim call in progress are requeued. */
  async stop(): Promise<void> {
    this.stopClaiming();
    await this.rounds;
    await this.inFlightClaims.allSettled();
    this.stopHeartbeatWhenIdle();
  }

  /**
   * Claims no more tickets and requeues all in flight at once, so that other consumers continue with them; a waiting `stop`
   * ends with it. The broker refuses what the handlers still do about these tickets. Errors are reported, never
   * thrown: such a ticket is requeued when its lease has expired.
   */
  async requeueAll(): Promise<void> {
    this.stopClaiming();
    await Promise.all([this.rounds, this.inFlightClaims.requeueAll()]);
    this.stopHeartbeatWhenIdle();
  }

  private async runLoop(run: Run): Promise<void> {
    this.failure = undefined;
    while (run.going) {
      try {
        await this.claimNext(run);
      } catch (error) {
        this.options.onError(error);
        // The cause is unlikely to be gone at once.
        if (run.going) await this.pause();
      }
    }
    await this.lastClaims;
  }

  private async claimNext(run: Run): Promise<void> {
    const { queue, concurrency, idleMs, sweep = true } = this.options;
    if (sweep) await queue.sweep();
    if (!run.going) return;
    this.throwFailure();
    const free = concurrency - this.inFlightClaims.size - this.asked;
    if (free <= 0 || this.pendingClaims >= (this.isPlenty ? CONCURRENT_CLAIMS : 1)) return this.waitForChange();
    if (this.isEmpty) {
      this.isEmpty = false;
      return this.waitFor(queue.waitForWork(idleMs));
    }
    const share = this.isPlenty ? Math.min(free, Math.ceil(concurrency / CONCURRENT_CLAIMS)) : free;
    this.lastClaims = Promise.all([this.lastClaims, this.claimTickets(share, run)]);
  }

  /** Claims tickets and starts to work on them. Never rejects. */
  private async claimTickets(count: number, run: Run): Promise<void> {
    this.pendingClaims += 1;
    this.asked += count;
    let claims: readonly Claim[] = [];
    try {
      claims = await this.options.queue.claim(count);
      this.isPlenty = claims.length === count;
      this.isEmpty = !this.isPlenty;
    } catch (error) {
      this.isPlenty = false;
      if (run.going) this.failure = { error };
      else this.options.onError(error);
    }
    // In one step with the start of work: in between, a ticket would be counted nowhere.
    this.pendingClaims -= 1;
    this.asked -= count;
    if (run.going) for (const claim of claims) this.inFlightClaims.startWork(claim);
    else await Promise.all(claims.map((claim) => this.inFlightClaims.requeueClaim(claim)));
    this.endWaitForClaim();
  }

  private throwFailure(): void {
    const { failure } = this;
    this.failure = undefined;
    if (failure) throw failure.error;
  }

  /** Waits for `idleMs`, or until the stop. */
  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.clock.after(this.options.idleMs, resolve);
      this.endWait = () => {
        cancel();
        resolve();
      };
    });
  }

  /** The same, or until a ticket leaves or a claim call returns. */
  private async waitForChange(): Promise<void> {
    let hasCapacity = false;
    const pause = this.pause();
    this.endWaitForClaim = this.endWait;
    this.endWaitForCapacity = () => {
      hasCapacity = true;
      this.endWaitForClaim();
    };
    await pause;
    this.endWaitForClaim = this.endWaitForCapacity = () => undefined;
    // Tickets that were committed together leave together: one claim for all of them, not one for the first.
    if (hasCapacity) await setImmediate();
  }

  /** Waits for a promise, at most until the stop. */
  private waitFor(promise: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.endWait = resolve;
      promise.then(resolve, reject);
    });
  }

  private stopClaiming(): void {
    this.run.going = false;
    this.endWait();
  }

  private scheduleHeartbeat(): void {
    // The next one does not wait for the answer to this one: a slow broker must not stretch the time between them.
    this.endHeartbeat = this.clock.after(Math.max(1, this.options.leaseMs / 3), () => {
      this.scheduleHeartbeat();
      void this.inFlightClaims.renewAll();
    });
  }

  private stopHeartbeatWhenIdle(): void {
    if (this.run.going || this.inFlightClaims.size > 0) return;
    this.endHeartbeat?.();
    this.endHeartbeat = undefined;
  }
}
