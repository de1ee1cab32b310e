import type { ByteUse } from '@smart-support/contracts';
import { Gauge, type Registry } from 'prom-client';

/** A broker whose bytes are shown. */
export type BrokerName = 'memory' | 'redis';

/** Shows what brokers hold and may hold, asked for anew at every scrape. Without a broker to ask there are no such metrics. */
export class ByteGauges {
  private readonly uses = new Map<BrokerName, () => ByteUse | null>();
  private gauges: readonly [used: Gauge<'broker'>, most: Gauge<'broker'>] | undefined;

  /** Adds the metrics to a registry with the first broker. */
  constructor(private readonly registry: Registry) {}

  /**
   * From now on the gauges show what `use` answers for a broker.
   * @param use - `null` while it is not known: the gauges have no value for this broker then
   */
  watchBytes(broker: BrokerName, use: () => ByteUse | null): void {
    const registers = [this.registry];
    this.gauges ??= [
      new Gauge({
        name: 'smart_support_broker_bytes',
        help: 'Bytes that a broker holds: in memory its tickets, dead letters and events, in Redis its used_memory.',
        labelNames: ['broker'],
        registers,
      }),
      new Gauge({
        name: 'smart_support_broker_bytes_max',
        help: 'Bytes from which on a broker refuses new tickets.',
        labelNames: ['broker'],
        registers,
      }),
    ];
    this.uses.set(broker, use);
  }

  /** Asks every broker. */
  refresh(): void {
    if (!this.gauges) return;
    const [used, most] = this.gauges;
    for (const [broker, ask] of this.uses) {
      const use = ask();
      if (use) {
        used.set({ broker }, use.used);
        most.set({ broker }, use.limit);
      } else {
        used.remove({ broker });
        most.remove({ broker });
      }
    }
  }
}
