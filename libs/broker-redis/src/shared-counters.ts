import { SmartSupportError } from '@smart-support/contracts';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { RedisLink } from './connection/redis-link';
import type { Keys } from './keys';

/** The points of all processes under one name, in the current window. */
export interface SharedCount {
  readonly total: number;
  /** Milliseconds until the window ends, at least 1. */
  readonly endsInMs: number;
}

/**
 * As the script of rate-limiter-flexible, but with a window in milliseconds, and for a full Redis too: see `store.allow_writes_when_full`.
 * ARGV  points; milliseconds of a window that begins now
 */
const COUNT = `
redis.pcall('SREM', KEYS[1] .. ':absent', '')
redis.call('SET', KEYS[1], 0, 'PX', ARGV[2], 'NX')
local total = redis.call('INCRBY', KEYS[1], ARGV[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  left = ARGV[2]
end
return { total, left }`;

/** Counters that all processes of a routing domain share, each for one window. */
export class SharedCounters {
  private readonly counters: RateLimiterRedis;

  constructor(
    private readonly link: Pick<RedisLink, 'client' | 'availability'>,
    keys: Keys,
  ) {
    this.counters = new RateLimiterRedis({
      storeClient: link.client,
      keyPrefix: `${keys.domain}rate`,
      // The caller compares the points with its limit.
      points: Number.MAX_SAFE_INTEGER,
      duration: 1,
      customIncrTtlLuaScript: COUNT,
    });
  }

  /**
   * Adds points to a counter. An error does not change the availability of the store: the user may lack a right that only this needs.
   * @param windowMs - length of a window that begins now, in milliseconds
   * @throws SmartSupportError `unavailable` while the store is away; any other error of the store as it is
   */
  async count(name: string, points: number, windowMs: number): Promise<SharedCount> {
    if (this.link.availability === 'down') {
      throw new SmartSupportError('unavailable', 'The shared store cannot be reached');
    }
    // The library passes its duration to the script unchanged, so it may be milliseconds.
    const customDuration = Math.max(1, Math.ceil(windowMs));
    const { consumedPoints, msBeforeNext } = await this.counters.penalty(name, points, { customDuration });
    return { total: consumedPoints, endsInMs: Math.max(1, msBeforeNext) };
  }
}
