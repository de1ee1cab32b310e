import type { TimerClock } from '@smart-support/contracts';
import type { Logger } from '@smart-support/telemetry';

/** Unfinished tickets are requeued after this time, in milliseconds, so that another worker continues with them. */
const REQUEUE_MS = 15_000;

/** Deadline for webhooks in flight, in milliseconds from the beginning; another worker sends those cut off again. */
const LAST_WEBHOOK_MS = 17_000;

/** What {@link Drain} works with. */
export interface DrainOptions {
  readonly consumer: {
    readonly inFlight: number;
    stop(): Promise<void>;
    requeueAll(): Promise<void>;
  };
  /** Deliveries that finished tickets have started. */
  readonly alerts: { stop(): Promise<void> };
  readonly clock: TimerClock;
  readonly logger: Logger;
}

/** Finishes what is in flight, and requeues what takes too long. */
export class Drain {
  private hasEnded = false;
  private readonly ended: Promise<void>;
  private endWait!: () => void;

  /** Begins to drain. */
  constructor(private readonly options: DrainOptions) {
    const deadline = new Promise<void>((resolve) => (this.endWait = resolve));
    this.ended = this.run(deadline);
  }

  /** Resolves when nothing is in flight any more, after 17 s and the time of one command at most. */
  done(): Promise<void> {
    return this.ended;
  }

  /** Requeues what is still in flight, and waits for no webhook. */
  async hurry(): Promise<void> {
    await this.requeueAll();
    this.endWait();
    await this.ended;
  }

  private async run(deadline: Promise<void>): Promise<void> {
    const { consumer, alerts, clock } = this.options;
    const cancels = [
      clock.after(REQUEUE_MS, () => void this.requeueAll()),
      clock.after(LAST_WEBHOOK_MS, () => this.endWait()),
    ];
    await consumer.stop();
    this.hasEnded = true;
    await Promise.race([alerts.stop(), deadline]);
    for (const cancel of cancels) cancel();
  }

  private async requeueAll(): Promise<void> {
    const { consumer, logger } = this.options;
    if (this.hasEnded) return;
    logger.warn({ in_flight: consumer.inFlight }, 'requeueing unfinished tickets');
    await consumer.requeueAll();
  }
}
