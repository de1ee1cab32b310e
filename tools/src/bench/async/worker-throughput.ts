import { availableParallelism } from 'node:os';
import type { Broker, StormVerdict } from '@smart-support/contracts';
import { loadConfig } from '@smart-support/config';
import { createPipeline } from '@smart-support/pipeline';
import { prepareTicketModels } from '@smart-support/ticket-models';
import { processTickets, withBroker, withRedis } from '../bench-redis';
import { type Finding, comparePairs } from '../measure';
import { embedAll, openBenchEmbedder } from '../pool-throughput';
import { everyNth, readSampleTexts } from '../sample-tickets';
import { startWorker } from '../server-process';
import { passRate } from '../whole-passes';
import type { Workbench } from '../workbench';
import { SharedQueue, withSharedQueue } from './shared-queue';

/** The texts are divided into passes: the worker caches answers, and must not see a text again too soon. */
const PASSES = 9;

/** The texts of one pass after the other. */
function passesOf(root: string): { current(): readonly string[]; next(): readonly string[] } {
  const texts = [...new Set(readSampleTexts(root))];
  let turn = 0;
  const current = () => everyNth(texts, PASSES, turn % PASSES);
  return {
    current,
    next: () => {
      turn += 1;
      return current();
    },
  };
}

/** A worker that processes a queue of whole tickets, against a pool of as many inference threads that only embeds them. */
export async function benchWorkerThroughput({ root, progress }: Workbench): Promise<readonly Finding[]> {
  const passes = passesOf(root);
  const embedder = await openBenchEmbedder();
  try {
    return await withRedis((server) =>
      withSharedQueue(server.url, async (queue) => {
        const worker = await startWorker(root, server.url);
        try {
          const workerRate = async (texts: readonly string[]): Promise<number> => {
            const ids = await queue.fill(texts);
            await queue.waitUntilProcessed();
            await queue.expectRuns(ids);
            return (texts.length * 1000) / (await queue.processingTime(ids));
          };
          const poolRate = (): Promise<number> => {
            const texts = passes.current();
            return passRate(texts.length, () => embedAll(embedder, texts));
          };
          await workerRate(passes.current());
          await poolRate();
          const finding = await comparePairs(
            `Whole tickets with the bundled model on ${availableParallelism()} threads`,
            'tickets/s',
            // Both sides of a pair get the same texts; the worker is the first.
            { name: 'worker, from the queue to the commit', measure: () => workerRate(passes.next()) },
            { name: 'pool, embeddings only', measure: poolRate },
            { ratioGoal: 0.95 },
            progress,
          );
          return [finding];
        } finally {
          await worker.stop();
        }
      }),
    );
  } finally {
    await embedder.close();
  }
}

const NO_STORM: StormVerdict = {
  routing: 'routed',
  incident: null,
  nearest: null,
  routed_signal: null,
  kept_out: null,
};

/** The cost of storm detection: tickets from the queue to the commit with real models, with the verdict about storms and without. */
export async function benchStormCost({ root, progress }: Workbench): Promise<readonly Finding[]> {
  const passes = passesOf(root);
  const prepared = prepareTicketModels(loadConfig({}), {
    onBreakerEvent: () => undefined,
    onThreadEvent: () => undefined,
  });
  try {
    await prepared.open();
    return await withRedis(({ url }) =>
      withBroker(url, async (broker) => {
        const queue = new SharedQueue(broker);
        const without: Broker = { ...broker, storms: { judge: async () => NO_STORM } };
        const rate = (through: Broker) => async (): Promise<number> => {
          const texts = passes.next();
          await queue.fill(texts);
          const pipeline = createPipeline({ broker: through, models: prepared.models, alertThreshold: 1 });
          const concurrency = availableParallelism() + 1;
          const process = () =>
            processTickets(broker.queue, texts.length, concurrency, (claim) => pipeline.processClaim(claim));
          return (texts.length * 1000) / (await process());
        };
        // Until caches are warm and the window has its final size.
        for (let warming = 0; warming < PASSES; warming += 1) await rate(broker)();
        return [
          await comparePairs(
            `Whole tickets in one process with the bundled model on ${availableParallelism()} threads`,
            'tickets/s',
            { name: 'with storm verdicts', measure: rate(broker) },
            { name: 'without', measure: rate(without) },
            { ratioGoal: 0.95 },
            progress,
          ),
        ];
      }),
    );
  } finally {
    await prepared.close();
  }
}
