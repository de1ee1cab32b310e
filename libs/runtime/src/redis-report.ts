import type { Availability, RedisReport } from '@smart-support/contracts';

/** What a broker knows of its Redis. */
interface SharedStore {
  readonly availability: Availability;
  readonly problem: RedisReport['redis_problem'];
  readonly maxmemoryPolicy: string | null;
}

/** The state of the shared Redis in `GET /health`; `undefined` stands for one that is not configured. */
export function redisReport(shared: SharedStore | undefined): RedisReport {
  return {
    redis: shared ? shared.availability : 'off',
    redis_problem: shared?.problem ?? null,
    redis_maxmemory_policy: shared?.maxmemoryPolicy ?? null,
  };
}
