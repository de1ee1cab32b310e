import { type Finding, comparePairs } from '../measure';
import { installRival } from '../rivals/install-rival';
import { readSampleTexts } from '../sample-tickets';
import type { Workbench } from '../workbench';
import { PERSISTENCE, withRedis } from './bench-redis';
import { instantDecisions } from './instant-model';
import type { SideTask } from './queue-side';
import { RunningSide } from './running-side';

const TICKETS = 10_000;

/** Tickets in work at once; a worker with real models has fewer, a good one of BullMQ is often given as many. */
const CONCURRENCIES = [16, 64];

/** Calls in flight, as 50 connections to the gateway have them. */
const CALLS_IN_FLIGHT = 50;

const TICKETS_PER_CALL = 100;
const LARGE_CALLS_IN_FLIGHT = 4;

interface Comparison {
  readonly title: string;
  readonly ours: string;
  readonly theirs: string;
  readonly task: SideTask;
  readonly wish: { readonly ratioGoal?: number; readonly aim?: string };
}

/** Claim, lock, record, slot and commit of tickets whose decisions are known beforehand, against BullMQ's worker. */
export function benchProcessing(bench: Workbench): Promise<readonly Finding[]> {
  return compare(
    bench,
    CONCURRENCIES.map((concurrency) => ({
      title: `Tickets taken from the queue, given to an agent and kept with their decision; nobody completes them; concurrency ${concurrency}`,
      ours: 'claim and commit',
      theirs: 'Worker, result kept',
      task: { what: 'process', tickets: TICKETS, concurrency },
      wish: { ratioGoal: 1.5, aim: '3 times as fast' },
    })),
  );
}

/** Accepting tickets against adding jobs: one by one, and many in a call. */
export function benchAdding(bench: Workbench): Promise<readonly Finding[]> {
  return compare(bench, [
    {
      title: `Tickets put on the queue one by one, ${CALLS_IN_FLIGHT} calls in flight on one connection`,
      ours: 'accept of one ticket',
      theirs: 'add',
      task: { what: 'add', tickets: TICKETS, inFlight: CALLS_IN_FLIGHT, ticketsPerCall: 1 },
      wish: { ratioGoal: 2 },
    },
    {
      title: `Tickets put on the queue ${TICKETS_PER_CALL} at a time, ${LARGE_CALLS_IN_FLIGHT} calls in flight on one connection`,
      ours: `accept of ${TICKETS_PER_CALL} tickets`,
      theirs: 'addBulk',
      task: { what: 'add', tickets: TICKETS, inFlight: LARGE_CALLS_IN_FLIGHT, ticketsPerCall: TICKETS_PER_CALL },
      wish: {},
    },
  ]);
}

/** Both sides stay up over all pairs, and have run once before the first. */
async function compare({ root, progress }: Workbench, comparisons: readonly Comparison[]): Promise<readonly Finding[]> {
  const { packages, version } = await installRival(root, 'bullmq');
  const texts = readSampleTexts(root);
  const settings = { packages, texts, decisions: instantDecisions(texts) };
  return withRedis(async (server) => {
    const [ours, theirs] = await Promise.all([
      RunningSide.open('our-side', server, settings),
      RunningSide.open('bullmq-side', server, settings),
    ]);
    try {
      const findings: Finding[] = [];
      for (const { title, task, wish, ...names } of comparisons) {
        await ours.rate(task);
        await theirs.rate(task);
        const finding = await comparePairs(
          `${title}; Redis with ${PERSISTENCE}`,
          'tickets/s',
          { name: names.ours, measure: () => ours.rate(task) },
          { name: `BullMQ ${version}, ${names.theirs}`, measure: () => theirs.rate(task) },
          wish,
          progress,
        );
        findings.push(finding);
      }
      return findings;
    } finally {
      await Promise.all([ours.close(), theirs.close()]);
    }
  });
}
