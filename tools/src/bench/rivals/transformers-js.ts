import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EmbeddingModel } from '@smart-support/inference';
import { MODEL_DIRECTORY } from '@smart-support/model-minilm';
import { type Finding, comparePairs } from '../measure';
import { TEXTS_IN_A_PASS, embedAll, openBenchEmbedder } from '../pool-throughput';
import { readyMadeTokens } from '../ready-made-tokens';
import { readSampleTexts, spreadOver } from '../sample-tickets';
import { passRate } from '../whole-passes';
import type { Workbench } from '../workbench';
import { installRival } from './install-rival';
import { RunningRival } from './rival';
import { type Precision, writeRivalModel } from './rival-model';
import { sortedBatches } from './sorted-batches';

interface Setting {
  readonly precision: Precision;
  /** Texts a call, sorted by length beforehand. */
  readonly batch: number;
  readonly ratioGoal?: number;
}

/** The best of the int8 settings is the one to beat: so each of them must be beaten. fp32 is what the rival takes by default. */
const SETTINGS: readonly Setting[] = [
  { precision: 'int8', batch: 1, ratioGoal: 1.15 },
  { precision: 'int8', batch: 8, ratioGoal: 1.15 },
  { precision: 'int8', batch: 32, ratioGoal: 1.15 },
  { precision: 'fp32', batch: 8 },
];

/** Cosine below which the rival does not compute the same embedding as our int8; rounding takes fp32 a little away from it. */
const SAME_EMBEDDING: Readonly<Record<Precision, number>> = { int8: 0.999, fp32: 0.95 };

/**
 * The pool against the feature-extraction pipeline of transformers.js (mean pooling, normalised) with the same weights,
 * the same texts and as many threads as the pool.
 */
export async function benchRivals({ root, progress }: Workbench): Promise<readonly Finding[]> {
  const { packages, version } = await installRival(root, '@huggingface/transformers');
  const texts = spreadOver(readSampleTexts(root), TEXTS_IN_A_PASS);
  const models = mkdtempSync(join(tmpdir(), 'bench-rivals-'));
  const embedder = await openBenchEmbedder();
  try {
    const { maxTokens, threads } = embedder;
    const lengths = readyMadeTokens(MODEL_DIRECTORY, texts, maxTokens).map(({ length }) => length);
    await embedAll(embedder, texts);

    const findings: Finding[] = [];
    for (const { precision, batch, ...goal } of SETTINGS) {
      if (!existsSync(join(models, precision)))
        writeRivalModel(MODEL_DIRECTORY, join(models, precision), precision, maxTokens);
      const batches = sortedBatches(texts, (_, index) => lengths[index] ?? 0, batch);
      const rival = await RunningRival.open({ packages, models, model: precision, precision, threads, batches });
      try {
        await makeSureOfVector(embedder, batches[0]?.[0] ?? '', rival.vector, SAME_EMBEDDING[precision]);
        await rival.pass();
        const size = batch === 1 ? 'one text a call' : `sorted batches of ${batch}`;
        const finding = await comparePairs(
          `Embeddings of whole tickets on ${threads} threads, int8, against the pipeline of transformers.js ${version}`,
          'texts/s',
          { name: 'pool, one text per run', measure: () => passRate(texts.length, () => embedAll(embedder, texts)) },
          { name: `transformers.js, ${precision}, ${size}`, measure: () => rival.pass() },
          goal,
          progress,
        );
        findings.push(finding);
      } finally {
        await rival.close();
      }
    }
    return findings;
  } finally {
    await embedder.close();
    rmSync(models, { recursive: true, force: true });
  }
}

/** @throws Error if the rival's embedding of a text is another one than ours */
async function makeSureOfVector(
  embedder: EmbeddingModel,
  text: string,
  theirs: readonly number[],
  leastCosine: number,
): Promise<void> {
  const { vector } = await embedder.embed(text);
  const cosine = vector.reduce((sum, value, at) => sum + value * (theirs[at] ?? Number.NaN), 0);
  if (!(cosine >= leastCosine)) throw new Error(`the rival computes another embedding: cosine ${cosine}`);
}
