import { setTimeout as sleep } from 'node:timers/promises';
import { type RedisBroker, createRedisBroker } from '@smart-support/broker-redis';
import type { Lane, QueueReport } from '@smart-support/contracts';
import { contact } from '../queue/contact';
import { roomyRoster } from '../queue/roomy-roster';

/** A worker that has not worked off a bench's tickets after this time stands still. */
const PATIENCE_MS = 300_000;

/** As rarely as will do: each look costs the server what a commit does. */
const LOOK_MS = 200;

/** Most tickets that an agent can have. */
const MOST = 10_000;

/** Gives some work the queue that the apps share at this address by default, with agents who have room for everything. */
export async function withSharedQueue<Result>(
  url: string,
  work: (queue: SharedQueue) => Promise<Result>,
): Promise<Result> {
  const broker = createRedisBroker({ url, prefix: 'smart-support', queueKey: 'tickets' });
  try {
    await contact(broker);
    await broker.agents.seed(roomyRoster(MOST));
    return await work(new SharedQueue(broker));
  } finally {
    await broker.close();
  }
}

/** The queue between gateway and workers, filled and watched from outside. */
export class SharedQueue {
  private put = 0;

  constructor(private readonly broker: RedisBroker) {}

  /** Puts tickets on it. @returns their ids */
  async fill(texts: readonly string[], lane: Lane = 'normal'): Promise<readonly string[]> {
    const tickets = texts.map((text) => ({ id: `b${this.put++}`, input: { text }, lane, lane_urgency: 0.3 }));
    const results = await this.broker.queue.accept(tickets);
    if (results.some(({ outcome }) => outcome !== 'accepted')) throw new Error('a ticket was not accepted');
    return tickets.map(({ id }) => id);
  }

  /** How much is where. */
  report(): Promise<QueueReport> {
    return this.broker.queue.report();
  }

  /** Resolves when nothing is queued or in work any more. */
  workedOff(): Promise<void> {
    return this.until(({ lanes, in_progress }) => lanes.urgent + lanes.normal + in_progress === 0);
  }

  /** Resolves when fewer tickets are queued. */
  shorterThan(tickets: number): Promise<void> {
    return this.until(({ lanes }) => lanes.urgent + lanes.normal < tickets);
  }

  /** From the arrival of the first of these tickets to the last decision, in milliseconds, by the store's own clock. */
  async timeOf(ids: readonly string[]): Promise<number> {
    const records = await Promise.all(ids.map((id) => this.broker.tickets.get(id)));
    const begins = records.map((record) => Date.parse(record?.ticket.received_at ?? ''));
    const ends = records.map((record) => Date.parse(record?.explanation.assignment?.decided_at ?? ''));
    return Math.max(...ends) - Math.min(...begins);
  }

  /** Fails unless the model ran for each of these tickets: a baseline in its place, or an answer from memory, would be too fast. */
  async expectRuns(ids: readonly string[]): Promise<void> {
    const records = await Promise.all(ids.map((id) => this.broker.tickets.get(id)));
    const run = records.filter((record) => record?.explanation.models.every((use) => use.run?.cached === false));
    if (run.length < ids.length) throw new Error(`the model ran for ${run.length} of ${ids.length} tickets`);
  }

  private async until(isSo: (report: QueueReport) => boolean): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const report = await this.report();
      if (report.dead > 0) throw new Error(`${report.dead} tickets ended as dead letters`);
      if (isSo(report)) return;
      if (performance.now() > deadline) throw new Error('the tickets are not being worked off');
      await sleep(LOOK_MS);
    }
  }
}
