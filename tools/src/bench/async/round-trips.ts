import type { RedisServer } from '@smart-support/testing';
import { Redis } from 'ioredis';
import { withRedis } from '../bench-redis';
import { type Finding, reportedFinding, singleFinding } from '../measure';
import { readSampleTexts, spreadOver } from '../sample-tickets';
import { startWorker } from '../server-process';
import type { Workbench } from '../workbench';
import { type SharedQueue, withSharedQueue } from './shared-queue';

const TICKETS = 700;

/** Counting stops while this many are left: an idle worker sends other commands. */
const LEFT = 100;

/** No urgency is above it: an alert's commands are not part of every ticket's way. */
const NO_ALERTS = { URGENCY_WEBHOOK_THRESHOLD: '1' };

/** Commands that a worker with real models sends while it processes a queue, counted by the server's `MONITOR`. */
export function benchRoundTrips({ root }: Workbench): Promise<readonly Finding[]> {
  const texts = spreadOver(readSampleTexts(root), TICKETS);
  return withRedis((server) =>
    withSharedQueue(server.url, async (queue) => {
      const { perTicket, perSecond } = roundTrips(await countCommands(root, server, queue, texts));
      const finding = reportedFinding(
        `Commands to Redis that a worker with the bundled model sends for a ticket while the queue is not empty`,
        'a ticket',
        { commands: [perTicket] },
      );
      return [
        // Two, and one for the storm log.
        { ...finding, ceiling: 3 },
        singleFinding(
          'Commands that it sends by the clock: heartbeats, probes, sweeps and polls for alerts',
          'a second',
          'commands',
          perSecond,
        ),
      ];
    }),
  );
}

/** What a worker sent while it was busy. */
export interface CommandCount {
  /** Number of commands by kind; scripts are distinguished by their hash. */
  readonly counts: ReadonlyMap<string, number>;
  readonly tickets: number;
  readonly seconds: number;
}

/** The fastest clock in a worker, that of the probes, ticks twice a second. */
const MOST_TICKS_PER_SECOND = 3;

/** Separates commands that come with the tickets from those that come with the clock, by how often they come. */
export function roundTrips({ counts, tickets, seconds }: CommandCount): {
  readonly perTicket: number;
  readonly perSecond: number;
} {
  let byTickets = 0;
  let byClock = 0;
  for (const count of counts.values()) {
    if (count > MOST_TICKS_PER_SECOND * seconds) byTickets += count;
    else byClock += count;
  }
  return { perTicket: byTickets / tickets, perSecond: byClock / seconds };
}

/** The kind of a command, as {@link CommandCount} counts it. */
export function kindOf([name = '', hash = '']: readonly string[]): string {
  const command = name.toLowerCase();
  return command === 'evalsha' ? `${command} ${hash}` : command;
}

/** The addresses of clients in the answer of `CLIENT LIST`. */
export function addressesIn(list: string): readonly string[] {
  return [...list.matchAll(/ addr=(?<address>\S+)/g)].map(({ groups }) => groups?.['address'] ?? '');
}

async function countCommands(
  root: string,
  server: RedisServer,
  queue: SharedQueue,
  texts: readonly string[],
): Promise<CommandCount> {
  const client = new Redis(server.url);
  const monitor = await client.monitor();
  // Clients that are connected before the worker starts are not the worker, and neither are calls by scripts.
  const others = new Set(['lua', ...addressesIn(String(await server.command('CLIENT', 'LIST')))]);
  const worker = await startWorker(root, server.url, NO_ALERTS);
  const counts = new Map<string, number>();
  try {
    monitor.on('monitor', (_time: string, args: readonly string[], source: string) => {
      if (!others.has(source)) counts.set(kindOf(args), (counts.get(kindOf(args)) ?? 0) + 1);
    });
    const start = performance.now();
    const ids = await queue.fill(texts);
    await queue.waitUntilShorterThan(LEFT);
    const { lanes } = await queue.report();
    const seconds = (performance.now() - start) / 1000;
    const count = { counts: new Map(counts), tickets: TICKETS - lanes.normal, seconds };
    await queue.waitUntilProcessed();
    await queue.expectRuns(ids);
    return count;
  } finally {
    monitor.disconnect();
    client.disconnect();
    await worker.stop();
  }
}
