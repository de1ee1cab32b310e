import type { SharedCount } from '@smart-support/broker-redis';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** Seconds after which a caller has all its points again. */
const WINDOW_SECONDS = 60;

/** The number of blocks of a limit: a process may be one block ahead of what the others know. */
const BLOCKS = 20;

/** Adds points to a counter that all gateways share: see `RedisBroker.count`. */
export type CountTogether = (name: string, points: number, windowMs: number) => Promise<SharedCount>;

/** What a caller has left. */
export interface Allowance {
  /** Whether there was something left for what was asked. */
  readonly isGranted: boolean;
  readonly remaining: number;
  /** Whole seconds until all points are available again. */
  readonly resetsInSeconds: number;
}

/**
 * Counts what callers do in a minute. This process decides at once and settles with the other gateways afterwards, a block of points at a time, in
 * the background. So together they exceed a limit by at most one block each, and what is in flight. While the shared store is unavailable each counts alone.
 */
export class RateLimiter {
  /** What is known to be used: here, and by other gateways as far as they have reported it. */
  private readonly used: RateLimiterMemory;
  /** What others do not know of yet. */
  private readonly unsettled: RateLimiterMemory;
  private readonly block: number;

  /**
   * @param policy - its name in headers
   * @param perMinute - the limit, from 1
   * @param countTogether - left out where there is no shared store
   */
  constructor(
    readonly policy: string,
    readonly perMinute: number,
    private readonly countTogether: CountTogether | undefined,
  ) {
    const window = { points: perMinute, duration: WINDOW_SECONDS };
    this.used = new RateLimiterMemory(window);
    this.unsettled = new RateLimiterMemory(window);
    this.block = Math.max(1, Math.floor(perMinute / BLOCKS));
  }

  /** Takes one point of a caller. */
  async take(caller: string): Promise<Allowance> {
    const taken = await this.used.consume(caller).catch(refusal);
    const isGranted = taken.consumedPoints <= this.perMinute;
    if (isGranted && this.countTogether) {
      const { consumedPoints } = await this.unsettled.penalty(caller);
      if (consumedPoints >= this.block) void this.settle(caller, taken.msBeforeNext, this.countTogether);
    }
    return allowance(isGranted, taken);
  }

  /** What a caller has left, without taking anything; granted if that is one point or more. */
  async look(caller: string): Promise<Allowance> {
    const found = await this.used.get(caller);
    if (!found) return { isGranted: true, remaining: this.perMinute, resetsInSeconds: WINDOW_SECONDS };
    return allowance(found.remainingPoints > 0, found);
  }

  private async settle(caller: string, windowMs: number, countTogether: CountTogether): Promise<void> {
    // Both begin before anything else can be counted.
    const [own] = await Promise.all([this.unsettled.get(caller), this.unsettled.delete(caller)]);
    if (!own) return;
    try {
      const { total, endsInMs } = await countTogether(`${this.policy}:${caller}`, own.consumedPoints, windowMs);
      const [since, used] = await Promise.all([this.unsettled.get(caller), this.used.get(caller)]);
      // Redis does not know what was used while it was unavailable.
      const known = Math.max(total + (since?.consumedPoints ?? 0), used?.consumedPoints ?? 0);
      await this.used.set(caller, known, endsInMs / 1000);
    } catch {
      // The limit holds for this process alone until the next block.
    }
  }
}

/** The library refuses by throwing what there is left. */
function refusal(thrown: unknown): RateLimiterRes {
  if (thrown instanceof RateLimiterRes) return thrown;
  throw thrown;
}

function allowance(isGranted: boolean, { remainingPoints, msBeforeNext }: RateLimiterRes): Allowance {
  return { isGranted, remaining: remainingPoints, resetsInSeconds: Math.max(1, Math.ceil(msBeforeNext / 1000)) };
}
