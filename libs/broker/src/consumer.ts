import { setImmediate } from 'node:timers/promises';
import { systemClock, type Claim, type TicketQueue, type TimerClock } from '@smart-support/contracts';
import { InFlightClaims } from './in-flight-claims';

/** What a {@link Consumer} works with. */
export interface ConsumerOptions {
  /** Any of its calls may fail, as those of a shared broker that is away do. */
  readonly queue: Pick<TicketQueue, 'waitForWork' | 'claim' | 'heartbeat' | 'requeue' | 'sweep'>;
  /**
   * Works on one ticket and commits or fails it. Should not throw; if it does, the lease runs out and the sweep takes
   * the ticket back.
   */
  readonly handle: (claim: Claim) => Promise<unknown>;
  /** Tickets in work at once; 1 or more. */
  readonly concurrency: number;
  /** The broker's lease, in milliseconds; claims in flight are renewed at a third of it. */
  readonly leaseMs: number;
  /**
   * Longest wait at an empty queue, and the pause after an error, in milliseconds. A ticket whose retry falls due is
   * found within this time.
   */
  readonly idleMs: number;
  /**
   * Whether to take back what vanished workers left, before every claim and while all hands are busy; `true` by
   * default. Not needed where a leader does it for everybody.
   */
  readonly sweep?: boolean;
  /** Told what went wrong; the consumer goes on. */
  readonly onError: (error: unknown) => void;
  /**
   * Told once of a ticket in flight on which the broker knows our claim no more: its lease ran out and its commit will be
   * refused. A ticket whose commit crosses a heartbeat on the way may, rarely, be named too.
   */
  readonly onLost?: (ticketId: string) => void;
  /** The machine's own by default. */
  readonly clock?: TimerClock;
}

/**
 * Claims that may be under way at once at a queue that has more than enough. With two, the queue looks for tickets while this process
 * works on those that it found before; with one, each would wait for the other.
 */
const CLAIMS_UNDER_WAY = 2;

/** From a start to the next stop. */
interface Run {
  going: boolean;
}

/** Takes tickets from a queue and works on them, a few at a time, until it is stopped. */
export class Consumer {
  private readonly inFlightClaims: InFlightClaims;
  private readonly clock: TimerClock;
  /** The latest run. A stopped one only ends what it has begun, whatever starts after it. */
  private run: Run = { going: false };
  private rounds = Promise.resolve();
  private endHeartbeat: (() => void) | undefined;
  /** Claims under way, and the tickets that they may bring. */
  private underWay = 0;
  private asked = 0;
  private lastClaims: Promise<unknown> = Promise.resolve();
  /** What went wrong with a claim and was not thrown yet. */
  private failure: { readonly error: unknown } | undefined;
  /** Whether the queue gave all that was asked of it last time. */
  private isPlenty = false;
  /** Whether it gave less, and has not been waited for since. */
  private isEmpty = false;
  private endWait = (): void => undefined;
  private endWaitForClaim = (): void => undefined;
  private endWaitForHand = (): void => undefined;

  constructor(private readonly options: ConsumerOptions) {
    const { queue, handle, onError, onLost = () => undefined, clock = systemClock } = options;
    this.clock = clock;
    this.inFlightClaims = new InFlightClaims({ queue, handle, onError, onLost, onGone: () => this.endWaitForHand() });
  }

  /** Tickets in work now. */
  get inFlight(): number {
    return this.inFlightClaims.size;
  }

  /** Begins to take tickets, also again after a stop. Its timers do not keep the process alive. */
  start(): void {
    if (this.run.going) return;
    const run = { going: true };
    this.run = run;
    this.rounds = this.rounds.then(() => this.runLoop(run));
    if (!this.endHeartbeat) this.scheduleHeartbeat();
  }

  /** Takes no more tickets and waits for those in flight. A claim that is under way is released when it arrives. */
  async stop(): Promise<void> {
    this.stopClaiming();
    await this.rounds;
    await this.inFlightClaims.allSettled();
    this.stopHeartbeatWhenIdle();
  }

  /**
   * Takes no more tickets and releases every claim at once, so that others can go on with them; a `stop` that waits
   * ends with it. What the handlers still do about these tickets is refused by the broker. Errors are told, never
   * thrown: such a ticket comes back when its lease has run out.
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
        // Whatever is wrong is not better a moment later.
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
    if (free <= 0 || this.underWay >= (this.isPlenty ? CLAIMS_UNDER_WAY : 1)) return this.waitForChange();
    if (this.isEmpty) {
      this.isEmpty = false;
      return this.waitFor(queue.waitForWork(idleMs));
    }
    const share = this.isPlenty ? Math.min(free, Math.ceil(concurrency / CLAIMS_UNDER_WAY)) : free;
    this.lastClaims = Promise.all([this.lastClaims, this.claimTickets(share, run)]);
  }

  /** Claims tickets and begins to work on them. Never rejects. */
  private async claimTickets(count: number, run: Run): Promise<void> {
    this.underWay += 1;
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
    // In one step with the hands: in between, a ticket would be counted nowhere.
    this.underWay -= 1;
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

  /** Rests for `idleMs`, or until the end. */
  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const takeBack = this.clock.after(this.options.idleMs, resolve);
      this.endWait = () => {
        takeBack();
        resolve();
      };
    });
  }

  /** The same, or until a hand becomes free or a claim was answered. */
  private async waitForChange(): Promise<void> {
    let hasFreeHand = false;
    const pause = this.pause();
    this.endWaitForClaim = this.endWait;
    this.endWaitForHand = () => {
      hasFreeHand = true;
      this.endWaitForClaim();
    };
    await pause;
    this.endWaitForClaim = this.endWaitForHand = () => undefined;
    // Tickets that were committed together leave together: one claim for all of them, not one for the first.
    if (hasFreeHand) await setImmediate();
  }

  /** Waits for a promise, but not beyond the end. */
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
