import { createClassifierBaseline, createClassifierHead } from '@smart-support/classifier';
import { createUrgencyBaseline, createUrgencyHead } from '@smart-support/urgency';
import { type Finding, comparePairs } from './measure';
import { perSecond } from './model-speed';
import { TEXTS_IN_A_PASS, embedAll, openBenchEmbedder } from './pool-throughput';
import { readSampleTexts, spreadOver } from './sample-tickets';
import { passRate } from './whole-passes';
import type { Workbench } from './workbench';

/**
 * The gain of an open breaker or of `MODEL_FALLBACK=1`: baseline models on one core against the transformer on all of them,
 * embedding, category head and urgency head together.
 */
export async function benchFallback({ root, progress }: Workbench): Promise<Finding> {
  const texts = spreadOver(readSampleTexts(root), TEXTS_IN_A_PASS);
  const classifier = createClassifierBaseline();
  const urgency = createUrgencyBaseline();
  const classifierHead = createClassifierHead();
  const urgencyHead = createUrgencyHead();
  const embedder = await openBenchEmbedder();
  const transformerPass = (): Promise<void> =>
    embedAll(embedder, texts, (text, vector) => {
      classifierHead.classify({ text, vector });
      urgencyHead.score({ text, vector });
    });
  try {
    await transformerPass();
    return await comparePairs(
      `Category and urgency of whole tickets: the baseline on one core, the transformer on ${embedder.threads} threads`,
      'tickets/s',
      {
        name: 'baseline models',
        measure: () =>
          perSecond(texts, (text) => {
            classifier.classify({ text });
            urgency.score({ text });
          }),
      },
      { name: 'transformer with its heads', measure: () => passRate(texts.length, transformerPass) },
      { ratioGoal: 50 },
      progress,
    );
  } finally {
    await embedder.close();
  }
}
