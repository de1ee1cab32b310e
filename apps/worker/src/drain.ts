import type { TimerClock } from '@smart-support/contracts';
import type { Logger } from '@smart-support/telemetry';

/** What is not finished after this time, in milliseconds, is handed back, so that another worker goes on with it. */
const HAND_BACK_MS = 15_000;

/** Webhooks on their way are waited for until then, in milliseconds from the beginning; those cut off are sent again by another worker. */
const LAST_WEBHOOK_MS = 17_000;

/** What {@link Drain} works with. */
export interface DrainOptions {
  readonly consumer: {
    readonly inFlight: number;
    stop(): Promise<void>;
    requeueAll(): Promise<void>;
  };
  /** What a ticket that is finished may have set off. */
  readonly alerts: { stop(): Promise<void> };
  readonly clock: TimerClock;
  readonly logger: Logger;
}

/** The way from work to rest: what is in flight is finished, and what takes too long is handed back. */
export class Drain {
  private hasEnded = false;
  private readonly ended: Promise<void>;
  private endWait!: () => void;

  /** Begins it. */
  constructor(private readonly options: DrainOptions) {
    const outOfPatience = new Promise<void>((resolve) => (this.endWait = resolve));
    this.ended = this.run(outOfPatience);
  }

  /** Resolves when nothing is in flight any more, after 17 s and the time of one command at most. */
  done(): Promise<void> {
    return this.ended;
  }

  /** Hands back at once what is still in flight, and waits for no webhook. */
  async hurry(): Promise<void> {
    await this.requeueAll();
    this.endWait();
    await this.ended;
  }

  private async run(outOfPatience: Promise<void>): Promise<void> {
    const { consumer, alerts, clock } = this.options;
    const takeBack = [
      clock.after(HAND_BACK_MS, () => void this.requeueAll()),
      clock.after(LAST_WEBHOOK_MS, () => this.endWait()),
    ];
    await consumer.stop();
    this.hasEnded = true;
    await Promise.race([alerts.stop(), outOfPatience]);
    for (const takeOneBack of takeBack) takeOneBack();
  }

  private async requeueAll(): Promise<void> {
    const { consumer, logger } = this.options;
    if (this.hasEnded) return;
    logger.warn({ in_flight: consumer.inFlight }, 'handing back what is not finished');
    await consumer.requeueAll();
  }
}
