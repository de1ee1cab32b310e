import type { Availability } from '@smart-support/contracts';
import type { Logger, Metrics } from '@smart-support/telemetry';

/**
 * Tells the log and the metrics whether the shared Redis is there: one line for every change, with what is known of the reason,
 * however often it is tried again in between.
 */
export class StoreNews {
  private said: Availability | undefined;
  private heard: unknown;

  constructor(
    private readonly logger: Logger,
    private readonly metrics: Pick<Metrics, 'showRedis'>,
  ) {
    metrics.showRedis(false);
  }

  /** Something went wrong with the connection. At the start, where nothing has changed yet, this is the news that Redis is away. */
  readonly trouble = (error: unknown): void => {
    this.heard = error;
    if (this.said === undefined) this.change('down');
    else this.logger.debug({ err: error }, 'trouble with Redis');
  };

  /** The store went away or came back. */
  readonly change = (availability: Availability): void => {
    if (this.said === availability) return;
    this.said = availability;
    this.metrics.showRedis(availability === 'up');
    if (availability === 'up') this.logger.info({}, 'Redis is there');
    else this.logger.warn({ err: this.heard }, 'Redis is away: it is tried again until it is back');
    this.heard = undefined;
  };
}
