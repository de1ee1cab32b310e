import { join } from 'node:path';
import type { EmbeddingModel } from '@smart-support/inference';
import { MODEL_DIRECTORY } from '@smart-support/model-minilm';
import { type Finding, comparePairs } from '../measure';
import { MeasuredProcess } from '../measured-process';
import { TEXTS_IN_A_PASS, embedAll, openBenchEmbedder } from '../pool-throughput';
import { readyMadeTokens } from '../ready-made-tokens';
import { readSampleTexts, spreadOver } from '../sample-tickets';
import { passRate } from '../whole-passes';
import type { Workbench } from '../workbench';
import { installRival } from './install-rival';
import type { RivalEmbeddings, RivalRequest } from './rival-process';
import { sortedBatches } from './sorted-batches';

/** Texts per call of the rival, sorted by length beforehand. The best setting is the one to beat, so each of them must be beaten. */
const BATCH_SIZES = [1, 8, 32];
const RATIO_GOAL = 1.15;

/** Cosine of two embeddings of one text below which the sides do not compute the same. */
const SAME_EMBEDDING = 0.999;

/** The pool against tokeniser and model of transformers.js with the same network, the same texts and as many threads, in a process of its own so that two copies of onnxruntime do not meet. */
export async function benchRivals({ root, progress }: Workbench): Promise<readonly Finding[]> {
  const { packages, version } = await installRival(root, '@huggingface/transformers');
  const texts = spreadOver(readSampleTexts(root), TEXTS_IN_A_PASS);
  const embedder = await openBenchEmbedder();
  const { maxTokens, threads } = embedder;
  const rival = MeasuredProcess.start<RivalRequest, RivalEmbeddings>(join(__dirname, 'rival-process.js'), {
    ORT_DISABLE_TELEMETRY: '1',
  });
  try {
    const lengths = readyMadeTokens(MODEL_DIRECTORY, texts, maxTokens).map(({ length }) => length);
    await embedAll(embedder, texts);
    await rival.ask({ type: 'open', packages, model: MODEL_DIRECTORY, threads, maxTokens });
    const findings: Finding[] = [];
    for (const size of BATCH_SIZES) {
      const batches = sortedBatches(texts, (_, index) => lengths[index] ?? 0, size);
      const embed = () => rival.ask({ type: 'embed', batches });
      const { vector } = await embed();
      await expectSameVector(embedder, batches[0]?.[0] ?? '', vector);
      const how = size === 1 ? 'one text a call' : `sorted batches of ${size}`;
      findings.push(
        await comparePairs(
          `Embeddings of whole tickets on ${threads} threads, int8, against transformers.js ${version}`,
          'texts/s',
          { name: 'pool, one text per run', measure: () => passRate(texts.length, () => embedAll(embedder, texts)) },
          {
            name: `transformers.js, ${how}`,
            measure: async () => (texts.length * 1000) / (await embed()).milliseconds,
          },
          { ratioGoal: RATIO_GOAL },
          progress,
        ),
      );
    }
    return findings;
  } finally {
    await rival.close();
    await embedder.close();
  }
}

/** @throws Error if the rival's embedding of a text is another one than ours */
async function expectSameVector(embedder: EmbeddingModel, text: string, theirs: readonly number[]): Promise<void> {
  const { vector } = await embedder.embed(text);
  const cosine = vector.reduce((sum, value, at) => sum + value * (theirs[at] ?? Number.NaN), 0);
  if (!(cosine >= SAME_EMBEDDING)) throw new Error(`the rival computes another embedding: cosine ${cosine}`);
}
