import type { RedisServer } from '@smart-support/testing';
import { Redis } from 'ioredis';
import { type Finding, reportedFinding, singleFinding } from '../measure';
import { withRedis } from '../queue/bench-redis';
import { readSampleTexts, spreadOver } from '../sample-tickets';
import type { Workbench } from '../workbench';
import { startWorker } from './fleet';
import { type Counted, addressesIn, kindOf, roundTrips } from './round-trips';
import { type SharedQueue, withSharedQueue } from './shared-queue';

const TICKETS = 700;

/** A worker is busy while so many are left: what it sends when there is nothing to do is another matter. */
const LEFT = 100;

/** No urgency is above it: what an alert takes is not part of every ticket's way. */
const NO_ALERTS = { URGENCY_WEBHOOK_THRESHOLD: '1' };

/** Commands that a worker with real models sends while it works off a queue, counted by the server's `MONITOR`. */
export function benchRoundTrips({ root }: Workbench): Promise<readonly Finding[]> {
  const texts = spreadOver(readSampleTexts(root), TICKETS);
  return withRedis((server) =>
    withSharedQueue(server.url, async (queue) => {
      const { perTicket, onTheSide } = roundTrips(await countCommands(root, server, queue, texts));
      const finding = reportedFinding(
        `Commands to Redis that a worker with the bundled model sends for a ticket while there is always another one`,
        'a ticket',
        { commands: [perTicket] },
      );
      return [
        // Two, and one for the storm log.
        { ...finding, ceiling: 3 },
        singleFinding(
          'Commands that it sends beside them, by the clock: signs of life, probes, looks for lost tickets and alerts',
          'a second',
          'commands',
          onTheSide,
        ),
      ];
    }),
  );
}

async function countCommands(
  root: string,
  server: RedisServer,
  queue: SharedQueue,
  texts: readonly string[],
): Promise<Counted> {
  const client = new Redis(server.url);
  const monitor = await client.monitor();
  // Whoever is here before the worker is not the worker. What scripts call is not sent by anybody.
  const others = new Set(['lua', ...addressesIn(String(await server.command('CLIENT', 'LIST')))]);
  const worker = await startWorker(root, server.url, NO_ALERTS);
  const counts = new Map<string, number>();
  try {
    monitor.on('monitor', (_time: string, args: readonly string[], source: string) => {
      if (!others.has(source)) counts.set(kindOf(args), (counts.get(kindOf(args)) ?? 0) + 1);
    });
    const start = performance.now();
    const ids = await queue.fill(texts);
    await queue.shorterThan(LEFT);
    const { lanes } = await queue.report();
    const busy = { counts: new Map(counts), tickets: TICKETS - lanes.normal, seconds: secondsSince(start) };
    await queue.workedOff();
    await queue.expectRuns(ids);
    return busy;
  } finally {
    monitor.disconnect();
    client.disconnect();
    await worker.stop();
  }
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}
