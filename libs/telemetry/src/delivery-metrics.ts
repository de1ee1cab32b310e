import { Counter, type Registry } from 'prom-client';
import { labelOf } from './bounded-label';

/** What becomes of an event: delivered, failed and to be retried, given up after the last try, or acknowledged without being sent. */
export const DELIVERIES = ['delivered', 'put_off', 'given_up', 'recorded_only'] as const;

/** One of `DELIVERIES`. */
export type Delivery = (typeof DELIVERIES)[number];

/** Metrics of the events that this process takes from the outbox. */
export class DeliveryMetrics {
  private readonly deliveries: Counter<'outcome'>;
  private readonly outcomeLabel = labelOf(DELIVERIES);

  /** Adds the metrics to a registry. */
  constructor(registry: Registry) {
    this.deliveries = new Counter({
      name: 'smart_support_webhooks_total',
      help: 'Events taken from the outbox, by what became of them; one that is put off counts again at its next try.',
      labelNames: ['outcome'],
      registers: [registry],
    });
    for (const outcome of DELIVERIES) this.deliveries.inc({ outcome }, 0);
  }

  /** Counts what became of an event. */
  countDelivery(outcome: Delivery): void {
    this.deliveries.inc({ outcome: this.outcomeLabel(outcome) });
  }
}
