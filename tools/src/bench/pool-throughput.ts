import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type EmbeddingModel, openEmbedder } from '@smart-support/inference';
import { MODEL_DIRECTORY } from '@smart-support/model-minilm';
import { BoundThreads } from './bound-threads';
import { type Finding, comparePairs } from './measure';
import { readyMadeTokens } from './ready-made-tokens';
import { readSampleTexts, spreadOver } from './sample-tickets';
import { inFlight, passRate } from './whole-passes';
import type { Workbench } from './workbench';

/** Real tickets in one pass, of all lengths. */
export const TEXTS_IN_A_PASS = 300;

/** Calls in flight for each thread: one that runs, one that waits. */
const CALLS_PER_THREAD = 2;

/** Opens the embedder as a process does, but without a cache: every call is a run. */
export function openBenchEmbedder(): Promise<EmbeddingModel> {
  return openEmbedder({ directory: MODEL_DIRECTORY, threads: availableParallelism(), cacheSize: 0 });
}

/** Embeds every text once, with enough calls in flight to keep the threads busy. */
export function embedAll(
  embedder: EmbeddingModel,
  texts: readonly string[],
  then: (text: string, vector: Float32Array) => unknown = () => undefined,
): Promise<void> {
  return inFlight(texts, CALLS_PER_THREAD * embedder.threads, async (text) => {
    const { vector } = await embedder.embed(text);
    then(text, vector);
  });
}

/**
 * The pool of inference threads, tokenising included, against as many threads that only call onnxruntime on
 * prepared token ids.
 */
export async function benchPool({ root, progress }: Workbench): Promise<Finding> {
  const texts = spreadOver(readSampleTexts(root), TEXTS_IN_A_PASS);
  const embedder = await openBenchEmbedder();
  try {
    const tokens = readyMadeTokens(MODEL_DIRECTORY, texts, embedder.maxTokens);
    await expectSameTokens(embedder, texts, tokens);
    const bound = await BoundThreads.open(join(MODEL_DIRECTORY, 'onnx/model_int8.onnx'), tokens, embedder.threads);
    try {
      await embedAll(embedder, texts);
      await bound.pass();
      return await comparePairs(
        `Embeddings of whole tickets on ${embedder.threads} threads, one text per run`,
        'texts/s',
        { name: 'pool', measure: () => passRate(texts.length, () => embedAll(embedder, texts)) },
        { name: 'bare onnxruntime', measure: () => passRate(texts.length, () => bound.pass()) },
        { ratioGoal: 0.95 },
        progress,
      );
    } finally {
      await bound.close();
    }
  } finally {
    await embedder.close();
  }
}

/** @throws Error if the pool reads other tokens than the prepared ones */
async function expectSameTokens(
  embedder: EmbeddingModel,
  texts: readonly string[],
  tokens: readonly (readonly number[])[],
): Promise<void> {
  const read = await Promise.all(texts.slice(0, 50).map((text) => embedder.embed(text)));
  if (read.some((report, at) => report.tokens !== tokens[at]?.length))
    throw new Error('the pool reads other tokens than the prepared ones');
}
