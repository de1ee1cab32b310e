import { REDIS_PROBLEMS, type RedisProblem } from '@smart-support/contracts';
import { Gauge, type Registry } from 'prom-client';

/** The one `maxmemory-policy` that drops nothing. */
const DROPS_NOTHING = 'noeviction';

/** How the shared Redis is doing. Where there is none, there are no such metrics: they begin with the first call. */
export class RedisMetrics {
  private up: Gauge | undefined;
  private problems: Gauge<'reason'> | undefined;
  private evicts: Gauge | undefined;

  /** Adds the metrics to a registry, each when it is first known. */
  constructor(private readonly registry: Registry) {}

  /**
   * Says whether Redis takes writes.
   * @param problem - why it does not; `null` while it does or while that is not known
   */
  showAvailability(isUp: boolean, problem: RedisProblem | null): void {
    const registers = [this.registry];
    this.up ??= new Gauge({
      name: 'smart_support_redis_up',
      help: '1 while the shared Redis takes writes.',
      registers,
    });
    this.problems ??= new Gauge({
      name: 'smart_support_redis_problem',
      help: '1 for the reason why the shared Redis takes no writes, 0 for all others.',
      labelNames: ['reason'],
      registers,
    });
    this.up.set(isUp ? 1 : 0);
    for (const reason of REDIS_PROBLEMS) this.problems.set({ reason }, reason === problem ? 1 : 0);
  }

  /**
   * Says whether a full Redis drops tickets.
   * @param policy - Redis's `maxmemory-policy`; `null` if it cannot be read: the gauge has no value then
   */
  showPolicy(policy: string | null): void {
    this.evicts ??= new Gauge({
      name: 'smart_support_redis_evicts',
      help: "1 if Redis's maxmemory-policy lets it drop tickets, 0 if it is noeviction; no value if it cannot be read.",
      registers: [this.registry],
    });
    // Without labels, only removing the value silences it.
    if (policy === null) this.evicts.remove();
    else this.evicts.set(policy === DROPS_NOTHING ? 0 : 1);
  }
}
