import type { OutboxEntry } from '@smart-support/contracts';
import { SUITE_OPTIONS } from './broker-under-test';
import type { Scene } from './scene';

/**
 * The alerts of a random day that must be in the outbox: every ticket that was urgent when it was first routed, until it
 * is settled. What is told of incidents is delivered after every step.
 */
export class AlertsOnTheWay {
  private readonly expected = new Map<string, { body?: string; attempts: number }>();

  /** Whatever was ever told of: nothing is told twice. */
  private readonly told = new Set<string>();

  constructor(private readonly scene: Scene) {}

  /** How many alerts must be in the outbox. */
  get size(): number {
    return this.expected.size;
  }

  /** A ticket was routed, and an alert was due: the first such one of its life. */
  raised(ticketId: string): void {
    const id = `ticket.urgent:${ticketId}`;
    if (this.told.has(id)) return;
    this.told.add(id);
    this.expected.set(id, { attempts: 0 });
  }

  /** Delivers what is told of incidents, if anything is. */
  async deliverNews(): Promise<void> {
    const { outbox } = await this.scene.broker.queue.report();
    if (outbox > this.size) await this.claim(outbox);
  }

  /** Takes alerts out, and settles or puts off one that is on the way. */
  async deliver(limit: number, pick: number, settle: boolean): Promise<void> {
    await this.claim(limit);
    const ids = [...this.expected.keys()];
    const id = ids[pick % ids.length];
    if (id === undefined) return;
    const { outbox } = this.scene.broker;
    if (settle) {
      await outbox.acknowledge(id);
      this.expected.delete(id);
    } else {
      const alert = this.expected.get(id)!;
      alert.attempts += 1;
      await outbox.retryLater(id, alert.attempts, SUITE_OPTIONS.leaseMs / 10);
    }
  }

  /** Once all are due again: the outbox holds these alerts and no others. */
  async expectAll(): Promise<void> {
    const claimed = await this.claim(this.expected.size + 1);
    expect(claimed.map(({ id }) => id).sort()).toEqual([...this.expected.keys()].sort());
  }

  private async claim(limit: number): Promise<OutboxEntry[]> {
    const entries = await this.scene.broker.outbox.claim(limit, SUITE_OPTIONS.leaseMs / 2);
    expect(entries.length).toBeLessThanOrEqual(limit);
    for (const { id, body, attempts } of entries) {
      if (id.startsWith('incident.')) {
        expect(this.told).not.toContain(id);
        this.told.add(id);
        await this.scene.broker.outbox.acknowledge(id);
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
