import type { OutboxEntry } from '@smart-support/contracts';
import { SUITE_OPTIONS } from './broker-under-test';
import type { BrokerHarness } from './broker-harness';

/**
 * The alerts that must be in the outbox after random commands: of every ticket that was urgent when it was first routed, until it
 * is acknowledged. Events of incidents are delivered after every step.
 */
export class AlertModel {
  private readonly expected = new Map<string, { body?: string; attempts: number }>();

  /** The ids of all events: none is emitted twice. */
  private readonly emitted = new Set<string>();

  constructor(private readonly harness: BrokerHarness) {}

  /** Number of alerts that must be in the outbox. */
  get size(): number {
    return this.expected.size;
  }

  /** A ticket was routed with an alert: only the first of its life is emitted. */
  expectAlert(ticketId: string): void {
    const id = `ticket.urgent:${ticketId}`;
    if (this.emitted.has(id)) return;
    this.emitted.add(id);
    this.expected.set(id, { attempts: 0 });
  }

  /** Delivers the events of incidents. */
  async deliverIncidentEvents(): Promise<void> {
    const { outbox } = await this.harness.broker.queue.report();
    if (outbox > this.size) await this.claim(outbox);
  }

  /** Claims alerts, and acknowledges or delays one that is in flight. */
  async deliver(limit: number, pick: number, acknowledge: boolean): Promise<void> {
    await this.claim(limit);
    const ids = [...this.expected.keys()];
    const id = ids[pick % ids.length];
    if (id === undefined) return;
    const { outbox } = this.harness.broker;
    if (acknowledge) {
      await outbox.acknowledge(id);
      this.expected.delete(id);
    } else {
      const alert = this.expected.get(id)!;
      alert.attempts += 1;
      await outbox.retryLater(id, alert.attempts, SUITE_OPTIONS.leaseMs / 10);
    }
  }

  /** Expects the outbox to have these alerts and no others, once all are due again. */
  async expectAll(): Promise<void> {
    const claimed = await this.claim(this.expected.size + 1);
    expect(claimed.map(({ id }) => id).sort()).toEqual([...this.expected.keys()].sort());
  }

  private async claim(limit: number): Promise<OutboxEntry[]> {
    const entries = await this.harness.broker.outbox.claim(limit, SUITE_OPTIONS.leaseMs / 2);
    expect(entries.length).toBeLessThanOrEqual(limit);
    for (const { id, body, attempts } of entries) {
      if (id.startsWith('incident.')) {
        expect(this.emitted).not.toContain(id);
        this.emitted.add(id);
        await this.harness.broker.outbox.acknowledge(id);
        continue;
      }
      const expected = this.expected.get(id);
      if (!expected) throw new Error(`Nothing should be sent under ${id}`);
      expected.body ??= body;
      expect([body, attempts]).toEqual([expected.body, expected.attempts]);
    }
    return entries.filter(({ id }) => !id.startsWith('incident.'));
  }
}
