import { atThreshold, calibrated } from '../calibration';
import { topicFolds } from '../cross-validation';
import type { LabelledTicket } from '../dataset';
import { CHOSEN_EMBEDDING_OPTIONS } from './chosen-options';
import { evaluateProbabilities } from './evaluation';
import { EXPERIMENT_FOLDS } from './experiments';
import { type EmbeddingFitOptions, labelsOf, outOfFoldEmbeddingLogits } from './fit-embedding-model';
import { fuseOutOfGroup } from './fusion';

/** What one variant of the head reaches. */
export interface HeadExperiment {
  readonly name: string;
  readonly accuracy: number;
  readonly logLoss: number;
  /** Share of tickets above the lowest confidence whose accuracy is good enough to skip the review. */
  readonly coverage: number;
}

const { steps, learningRate } = CHOSEN_EMBEDDING_OPTIONS;

/** What was tried, each with one difference from what was chosen. */
const VARIANTS: readonly (readonly [name: string, change: Partial<EmbeddingFitOptions>])[] = [
  [`chosen: ${steps} steps, learning rate ${learningRate}`, {}],
  ['5 steps', { steps: 5 }],
  ['10 steps', { steps: 10 }],
  ['30 steps', { steps: 30 }],
  ['50 steps', { steps: 50 }],
  ['100 steps', { steps: 100 }],
  ['learning rate 0.00005', { learningRate: 0.00005 }],
  ['learning rate 0.0002', { learningRate: 0.0002 }],
];

/**
 * Trains every variant of the embedding's part over the same folds of topics and fuses it with the same words.
 * @param words - out-of-topic log-odds of the baseline
 */
export function runHeadExperiments(
  tickets: readonly LabelledTicket[],
  vectors: readonly Float32Array[],
  { words, seed }: { readonly words: readonly (readonly number[])[]; readonly seed: number },
): HeadExperiment[] {
  const folds = topicFolds(tickets, EXPERIMENT_FOLDS, seed);
  const groups = folds.map(({ test }) => test);
  const labels = labelsOf(tickets);
  return VARIANTS.map(([name, change]) => {
    const options = { ...CHOSEN_EMBEDDING_OPTIONS, ...change };
    const meaning = outOfFoldEmbeddingLogits({ vectors, labels }, folds, options);
    const fused = fuseOutOfGroup({ words, meaning }, labels, groups);
    const evaluation = evaluateProbabilities(
      labels,
      fused.map((row) => calibrated(row, 1)),
    );
    const { accuracy, logLoss, answers, reviewThreshold } = evaluation;
    return { name, accuracy, logLoss, coverage: atThreshold(answers, reviewThreshold).coverage };
  });
}
