import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisBroker } from '@smart-support/broker-redis';
import type { Lane, QueueReport } from '@smart-support/contracts';
import { withBroker } from '../bench-redis';

/** A worker that has not processed a bench's tickets after this time is stuck. */
const TIMEOUT_MS = 300_000;

/** Rarely, for each poll costs the server what a commit does. */
const POLL_MS = 200;

/** Runs some work with the queue that the apps share. */
export function withSharedQueue<Result>(url: string, work: (queue: SharedQueue) => Promise<Result>): Promise<Result> {
  return withBroker(url, (broker) => work(new SharedQueue(broker)));
}

/** The queue between gateway and workers, filled and watched from outside. */
export class SharedQueue {
  private filled = 0;

  constructor(private readonly broker: RedisBroker) {}

  /** Puts tickets on the queue. @returns their ids */
  async fill(texts: readonly string[], lane: Lane = 'normal'): Promise<readonly string[]> {
    const tickets = texts.map((text) => ({ id: `b${this.filled++}`, input: { text }, lane, lane_urgency: 0.3 }));
    const results = await this.broker.queue.accept(tickets);
    if (results.some(({ outcome }) => outcome !== 'accepted')) throw new Error('a ticket was not accepted');
    return tickets.map(({ id }) => id);
  }

  /** Reads the queue's report. */
  report(): Promise<QueueReport> {
    return this.broker.queue.report();
  }

  /** Resolves when no ticket is queued or in progress any more. */
  waitUntilProcessed(): Promise<void> {
    return this.waitUntil(({ lanes, in_progress }) => lanes.urgent + lanes.normal + in_progress === 0);
  }

  /** Resolves when fewer tickets are queued. */
  waitUntilShorterThan(tickets: number): Promise<void> {
    return this.waitUntil(({ lanes }) => lanes.urgent + lanes.normal < tickets);
  }

  /** Milliseconds from the arrival of the first of these tickets to the last decision, by the store's clock. */
  async processingTime(ids: readonly string[]): Promise<number> {
    const records = await Promise.all(ids.map((id) => this.broker.tickets.get(id)));
    const begins = records.map((record) => Date.parse(record?.ticket.received_at ?? ''));
    const ends = records.map((record) => Date.parse(record?.explanation.assignment?.decided_at ?? ''));
    return Math.max(...ends) - Math.min(...begins);
  }

  /** @throws Error unless the model ran for each of these tickets: a baseline's or a cached answer would be too fast */
  async expectRuns(ids: readonly string[]): Promise<void> {
    const records = await Promise.all(ids.map((id) => this.broker.tickets.get(id)));
    const run = records.filter((record) => record?.explanation.models.every((use) => use.run?.cached === false));
    if (run.length < ids.length) throw new Error(`the model ran for ${run.length} of ${ids.length} tickets`);
  }

  private async waitUntil(isSo: (report: QueueReport) => boolean): Promise<void> {
    const deadline = performance.now() + TIMEOUT_MS;
    for (;;) {
      const report = await this.report();
      if (report.dead > 0) throw new Error(`${report.dead} tickets became dead letters`);
      if (isSo(report)) return;
      if (performance.now() > deadline) throw new Error('the tickets are not being processed');
      await sleep(POLL_MS);
    }
  }
}
