import type { Availability, RedisProblem } from '@smart-support/contracts';
import type { Logger, Metrics } from '@smart-support/telemetry';

/** Reasons that occur during a restart or a failover: they follow another one and need no attention themselves. */
const IN_PASSING: readonly RedisProblem[] = ['unreachable', 'loading'];

/**
 * Logs and measures whether the shared Redis is available: one line for every change and for every further reason, however often
 * it is tried again in between; and whether a full Redis drops tickets.
 */
export class StoreAvailabilityLog {
  private reported: Availability | undefined;
  private heard: unknown;
  private readonly reasons = new Set<RedisProblem>();

  constructor(
    private readonly logger: Logger,
    private readonly metrics: { readonly redis: Pick<Metrics['redis'], 'showAvailability' | 'showPolicy'> },
  ) {
    metrics.redis.showAvailability(false, null);
  }

  /** Something went wrong with the connection. At the start, before any change, this means that Redis is unavailable. */
  readonly trouble = (error: unknown, problem: RedisProblem): void => {
    const isFurther = this.reported === 'down' && !this.reasons.has(problem);
    if (this.reported !== 'up') this.metrics.redis.showAvailability(false, problem);
    if (this.reported === 'up') this.reasons.clear();
    this.reasons.add(problem);
    this.heard = error;
    if (this.reported === undefined) this.change('down');
    else if (!isFurther) this.logger.debug({ err: error }, 'trouble with Redis');
    else this.logger[levelOf(problem)]({ reason: problem, err: error }, 'Redis is still away, for another reason');
  };

  /** The store became unavailable or available. */
  readonly change = (availability: Availability): void => {
    if (this.reported === availability) return;
    this.reported = availability;
    const isUp = availability === 'up';
    if (isUp) this.reasons.clear();
    // No reason was given: the connection was lost.
    else if (this.reasons.size === 0) this.reasons.add('unreachable');
    const reason = [...this.reasons].at(-1);
    this.metrics.redis.showAvailability(isUp, reason ?? null);
    if (isUp) this.logger.info({}, 'Redis is there');
    else this.logger.warn({ reason, err: this.heard }, 'Redis is away: it is tried again until it is back');
    this.heard = undefined;
  };

  /** Replicas do not confirm writes any more, for this reason, or do again. */
  readonly replicas = (problem: Error | undefined): void => {
    if (problem) this.logger.warn({ err: problem }, 'replicas do not confirm writes: answers are 503 until they do');
    else this.logger.info({}, 'replicas confirm writes again');
  };

  /** New tickets are refused because Redis has no space for their bytes. */
  readonly full = (): void => {
    this.logger.warn({}, 'Redis has no space for new tickets: they are refused until it has');
  };

  /** A sentinel does not announce failovers to this process, for this reason. */
  readonly sentinelRefusal = (refusal: Error): void => {
    this.logger.warn({ err: refusal }, 'a sentinel does not announce failovers: a planned one may lose writes');
  };

  /** Redis's `maxmemory-policy` is known, has changed, or (`null`) cannot be read. */
  readonly policy = (policy: string | null): void => {
    this.metrics.redis.showPolicy(policy);
    if (policy === 'noeviction') this.logger.debug({ maxmemory_policy: policy }, 'a full Redis drops no tickets');
    else if (policy !== null) {
      this.logger.error(
        { maxmemory_policy: policy },
        'a full Redis drops tickets: set its maxmemory-policy to noeviction',
      );
    } else {
      this.logger.warn(
        {},
        'whether a full Redis drops tickets cannot be checked: its user may run neither INFO nor CONFIG GET',
      );
    }
  };
}

function levelOf(problem: RedisProblem): 'info' | 'warn' | 'error' {
  if (problem === 'database') return 'error';
  return IN_PASSING.includes(problem) ? 'info' : 'warn';
}
