import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { RedisServer } from '@smart-support/testing';
import { PERSISTENCE, withRedis } from '../bench-redis';
import { AGAINST_GOAL, type Finding, comparePairs } from '../measure';
import { MeasuredProcess } from '../measured-process';
import { installRival } from '../rivals/install-rival';
import { readSampleTexts } from '../sample-tickets';
import type { Workbench } from '../workbench';
import { instantDecisions } from './instant-model';
import type { SideRequest, SideSettings, SideTask } from './side-task';

const BROKER_SIDE = join(__dirname, 'broker-side.js');
const BULLMQ_SIDE = join(__dirname, 'bullmq-side.js');

const TICKETS = 10_000;

/** Tickets that a worker processes at once: more than a worker with real models does, and common for BullMQ. */
const CONCURRENCIES = [16, 64];

/** Calls in flight: as many as 50 connections to the gateway cause. */
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

/** Claim, lock, record, slot and commit of tickets with precomputed decisions, against BullMQ's worker. */
export function benchProcessing(bench: Workbench): Promise<readonly Finding[]> {
  return compare(
    bench,
    CONCURRENCIES.map((concurrency) => ({
      title: `Tickets taken from the queue, given to an agent and stored with their decision, never completed; concurrency ${concurrency}`,
      ours: 'claim and commit',
      theirs: 'Worker, result kept',
      task: { type: 'process', tickets: TICKETS, concurrency },
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
      task: { type: 'add', tickets: TICKETS, callers: CALLS_IN_FLIGHT, ticketsPerCall: 1 },
      wish: { ratioGoal: 2 },
    },
    {
      title: `Tickets put on the queue ${TICKETS_PER_CALL} at a time, ${LARGE_CALLS_IN_FLIGHT} calls in flight on one connection`,
      ours: `accept of ${TICKETS_PER_CALL} tickets`,
      theirs: 'addBulk',
      task: { type: 'add', tickets: TICKETS, callers: LARGE_CALLS_IN_FLIGHT, ticketsPerCall: TICKETS_PER_CALL },
      wish: {},
    },
  ]);
}

/** Both sides stay up over all pairs, and run once before the first. */
async function compare(
  { root, against, progress }: Workbench,
  comparisons: readonly Comparison[],
): Promise<readonly Finding[]> {
  const { packages, version } = await installRival(root, 'bullmq');
  const texts = readSampleTexts(root);
  const settings = { packages, texts, decisions: instantDecisions(texts) };
  const otherSide = against === undefined ? BULLMQ_SIDE : join(against, 'tools/dist/bench/queue/broker-side.js');
  return withRedis(async (server) => {
    const [ours, theirs] = await Promise.all([
      startSide(BROKER_SIDE, server, settings),
      startSide(otherSide, server, settings),
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
          {
            name: against === undefined ? `BullMQ ${version}, ${names.theirs}` : `the same in ${against}`,
            measure: () => theirs.rate(task),
          },
          against === undefined ? wish : { ratioGoal: AGAINST_GOAL },
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

/** Where the system has two cores and `taskset`, the server has the first one to itself and the measured side the second. */
const SERVER_CORE = 0;
const SIDE_CORE = 1;

async function startSide(
  script: string,
  server: RedisServer,
  settings: Omit<SideSettings, 'redis'>,
): Promise<{ rate(task: SideTask): Promise<number>; close(): Promise<void> }> {
  const side = MeasuredProcess.start<SideRequest, number>(script);
  pinProcess(server.pid, SERVER_CORE);
  pinProcess(side.pid, SIDE_CORE);
  await side.ask({ type: 'open', settings: { ...settings, redis: server.url } });
  return {
    rate: async (task) => {
      await server.command('FLUSHALL');
      return (task.tickets * 1000) / (await side.ask(task));
    },
    close: () => side.close(),
  };
}

function pinProcess(pid: number | undefined, core: number): void {
  if (pid === undefined || availableParallelism() < 2) return;
  spawnSync('taskset', ['--all-tasks', '--cpu-list', '--pid', String(core), String(pid)], { stdio: 'ignore' });
}
