import { availableParallelism } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { loopDelayIn, readMetrics, residentMegabytes, sumIn } from './gateway-metrics';
import { type Finding, PAIRS, reportedFinding, singleFinding } from './measure';
import { runLoad, type ServerProcess, startGateway } from './server-process';
import type { Workbench } from './workbench';

/** One figure for each window of so many seconds. */
const WINDOW_SECONDS = 4;

/** Until the load generator has started and the queue in front of the threads has filled. */
const SETTLE_SECONDS = 5;

/** Seconds of load before memory is read: every thread has run the longest texts by then. */
const MEMORY_LOAD_SECONDS = 20;

/** The memory aim is for so many threads, whatever the machine has. */
const MEMORY_THREADS = 2;

/** Largest share of tickets that the model may miss for other reasons than overload. */
const FAULTS_TOLERATED = 0.01;

/** The gateway with its bundled model while 50 connections post one whole ticket after the other. */
export async function benchUnderLoad(bench: Workbench): Promise<readonly Finding[]> {
  return [...(await delaysWhileSaturated(bench)), await memoryUnderLoad(bench)];
}

async function delaysWhileSaturated({ root, progress }: Workbench): Promise<readonly Finding[]> {
  const p99: number[] = [];
  const longest: number[] = [];
  const answered: number[] = [];
  const run: number[] = [];
  await withGateway(root, availableParallelism(), async (server) => {
    const load = runLoad(root, server, SETTLE_SECONDS + PAIRS * WINDOW_SECONDS, 'whole');
    const watch = async (): Promise<void> => {
      await wait(SETTLE_SECONDS * 1000);
      // Reading the metrics starts a new histogram.
      let before = await readMetrics(server.url);
      for (let window = 1; window <= PAIRS; window += 1) {
        const start = performance.now();
        await wait(WINDOW_SECONDS * 1000);
        const metrics = await readMetrics(server.url);
        const seconds = (performance.now() - start) / 1000;
        answered.push((answersIn(metrics) - answersIn(before)) / seconds);
        run.push((runsIn(metrics) - runsIn(before)) / seconds);
        p99.push(loopDelayIn(metrics, 'p99'));
        longest.push(loopDelayIn(metrics, 'max'));
        before = metrics;
        progress(window);
      }
    };
    await Promise.all([load, watch()]);
    await expectModel(server);
  });
  const circumstances = `POST /ticket with the bundled model, ${availableParallelism()} threads, 50 connections, whole texts`;
  return [
    reportedFinding(`${circumstances}: the baseline answers what the model cannot`, 'tickets/s', {
      answered: answered,
      'run by the model': run,
    }),
    reportedFinding(
      `${circumstances}: delay of the event loop in each ${WINDOW_SECONDS} s`,
      'ms',
      { 'p99 of its ticks': p99, longest: longest },
      'p99 below 20 ms',
    ),
  ];
}

async function memoryUnderLoad({ root }: Workbench): Promise<Finding> {
  const megabytes = await withGateway(root, MEMORY_THREADS, async (server) => {
    await runLoad(root, server, MEMORY_LOAD_SECONDS, 'whole');
    await expectModel(server);
    return residentMegabytes(server.url);
  });
  const title = `Memory with the bundled model on ${MEMORY_THREADS} threads after ${MEMORY_LOAD_SECONDS} s of load`;
  return singleFinding(title, 'MB', 'gateway', megabytes, 'below 450 MB');
}

async function withGateway<Result>(
  root: string,
  threads: number,
  work: (server: ServerProcess) => Promise<Result>,
): Promise<Result> {
  const server = await startGateway(root, { INFERENCE_THREADS: String(threads) });
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

function answersIn(metrics: string): number {
  return sumIn(metrics, 'smart_support_http_requests_total', 'route="/ticket"');
}

function runsIn(metrics: string): number {
  return sumIn(metrics, 'smart_support_model_answers_total', 'how="run"');
}

/** @throws Error if the model missed tickets for other reasons than overload: it failed, or its breaker opened */
async function expectModel({ url }: ServerProcess): Promise<void> {
  const metrics = await readMetrics(url);
  const fallbacks = sumIn(metrics, 'smart_support_fallbacks_total');
  const faults = fallbacks - sumIn(metrics, 'smart_support_fallbacks_total', 'reason="overloaded"');
  const answers = answersIn(metrics);
  if (faults > answers * FAULTS_TOLERATED)
    throw new Error(`the model failed, was too late or switched off for ${faults} of ${answers} tickets`);
}
