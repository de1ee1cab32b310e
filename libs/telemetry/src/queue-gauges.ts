import { CATEGORIES, LANES, type QueueReport } from '@smart-support/contracts';
import { Gauge, type Registry } from 'prom-client';

/** Shows the broker's own report as gauges, asked for anew at every scrape. */
export class QueueGauges {
  private readonly depth: Gauge<'lane'>;
  private readonly waiting: Gauge<'category'>;
  private readonly inProgress: Gauge;
  private readonly dead: Gauge;
  private readonly outbox: Gauge;
  private readonly oldestAge: Gauge;
  private readonly up: Gauge;

  constructor(
    registry: Registry,
    private report: () => Promise<QueueReport>,
  ) {
    const registers = [registry];
    this.depth = new Gauge({
      name: 'smart_support_queue_depth',
      help: 'Tickets not yet in work, by lane.',
      labelNames: ['lane'],
      registers,
    });
    this.waiting = new Gauge({
      name: 'smart_support_waiting_tickets',
      help: 'Understood tickets without a free agent, by category.',
      labelNames: ['category'],
      registers,
    });
    this.inProgress = new Gauge({ name: 'smart_support_tickets_in_progress', help: 'Tickets in work.', registers });
    this.dead = new Gauge({ name: 'smart_support_dead_letters', help: 'Tickets that failed too often.', registers });
    this.outbox = new Gauge({ name: 'smart_support_outbox_events', help: 'Events not yet delivered.', registers });
    this.oldestAge = new Gauge({
      name: 'smart_support_queue_oldest_age_seconds',
      help: 'Age of the oldest ticket not yet in work; 0 if there is none.',
      registers,
    });
    this.up = new Gauge({
      name: 'smart_support_queue_report_up',
      help: 'Whether the queue could be asked at this scrape.',
      registers,
    });
  }

  /** From now on the gauges show what `report` answers. */
  watchQueue(report: () => Promise<QueueReport>): void {
    this.report = report;
  }

  /** Asks for a report. Without an answer the gauges say nothing rather than something old. */
  async refresh(): Promise<void> {
    try {
      this.show(await this.report());
    } catch {
      // To prom-client, resetting a gauge without labels means 0; only removing its value silences it.
      for (const gauge of [this.depth, this.waiting]) gauge.reset();
      for (const gauge of [this.inProgress, this.dead, this.outbox, this.oldestAge]) gauge.remove();
      this.up.set(0);
    }
  }

  private show(report: QueueReport): void {
    for (const lane of LANES) this.depth.set({ lane }, report.lanes[lane]);
    for (const category of CATEGORIES) this.waiting.set({ category }, report.waiting[category]);
    this.inProgress.set(report.in_progress);
    this.dead.set(report.dead);
    this.outbox.set(report.outbox);
    this.oldestAge.set((report.oldest_age_ms ?? 0) / 1000);
    this.up.set(1);
  }
}
