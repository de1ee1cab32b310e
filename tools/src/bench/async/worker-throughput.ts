import { availableParallelism } from 'node:os';
import { type Finding, comparePairs } from '../measure';
import { embedAll, openBenchEmbedder } from '../pool-throughput';
import { withRedis } from '../queue/bench-redis';
import { everyNth, readSampleTexts } from '../sample-tickets';
import { passRate } from '../whole-passes';
import type { Workbench } from '../workbench';
import { startWorker } from './fleet';
import { type SharedQueue, withSharedQueue } from './shared-queue';

/** The texts are dealt out to so many passes: the worker remembers answers, and must not see a text again too soon. */
const PASSES = 9;

/** A worker that works off a queue of whole tickets, against a pool of as many inference threads that only embeds them. */
export async function benchWorkerThroughput({ root, progress }: Workbench): Promise<readonly Finding[]> {
  const texts = [...new Set(readSampleTexts(root))];
  const embedder = await openBenchEmbedder();
  try {
    return await withRedis((server) =>
      withSharedQueue(server.url, async (queue) => {
        const worker = await startWorker(root, server.url);
        try {
          let turn = 0;
          const nextTexts = (): readonly string[] => everyNth(texts, PASSES, turn % PASSES);
          const poolRate = (): Promise<number> => passRate(nextTexts().length, () => embedAll(embedder, nextTexts()));
          // Both sides of a pair get the same texts; the worker is the first.
          await workRate(queue, nextTexts());
          await poolRate();
          const finding = await comparePairs(
            `Whole tickets with the bundled model on ${availableParallelism()} threads`,
            'tickets/s',
            {
              name: 'worker, from the queue to the commit',
              measure: () => {
                turn += 1;
                return workRate(queue, nextTexts());
              },
            },
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

async function workRate(queue: SharedQueue, texts: readonly string[]): Promise<number> {
  const ids = await queue.fill(texts);
  await queue.workedOff();
  await queue.expectRuns(ids);
  return (texts.length * 1000) / (await queue.timeOf(ids));
}
