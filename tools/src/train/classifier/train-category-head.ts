import { type EmbedderName, type HeadWeights } from '@smart-support/classifier';
import { encodeHeadWeights } from '@smart-support/classifier/training';
import { calibrated } from '../calibration';
import { leaveOneTopicOut } from '../cross-validation';
import { dataHash, type LabelledTicket } from '../dataset';
import { rounded } from '../metrics';
import { evaluate, evaluateProbabilities, type Evaluation } from './evaluation';
import { CHOSEN_EMBEDDING_OPTIONS, fitEmbeddingModel, labelsOf, outOfFoldEmbeddingLogits } from './fit-embedding-model';
import { fitFusion, fuseOutOfFold } from './fusion';
import type { DescentOptions } from './linear-model';
import type { ClassifierTraining } from './train-classifier';

/** The two parts of the head and the whole. */
export const HEAD_PARTS = ['baseline', 'embedding', 'fused'] as const;

/** One of {@link HEAD_PARTS}. */
export type HeadPart = (typeof HEAD_PARTS)[number];

/** What the head is trained with. */
export interface HeadTrainingOptions {
  /** The baseline that it is fused with, trained on the same tickets. */
  readonly baseline: ClassifierTraining;
  /** The model of the vectors. */
  readonly embedder: EmbedderName;
  readonly seed: number;
  /** Hyperparameters of the embedding part; by default the chosen ones. */
  readonly descent?: DescentOptions;
}

/** A trained category head. */
export interface CategoryHeadTraining {
  readonly weights: HeadWeights;
  /** Leave-one-topic-out figures of the parts and the whole. */
  readonly evaluations: Readonly<Record<HeadPart, Evaluation>>;
}

/**
 * Evaluates the head out of topic, fuses it with the baseline by the out-of-topic answers, then fits to all tickets. For the figures of a topic, neither the parts nor the
 * factors that fuse them are fitted to it. The same tickets and vectors give the same bytes.
 * @param vectors - the embedding of each ticket, in the order of the tickets
 */
export function trainCategoryHead(
  tickets: readonly LabelledTicket[],
  vectors: readonly Float32Array[],
  { baseline, embedder, seed, descent = CHOSEN_EMBEDDING_OPTIONS }: HeadTrainingOptions,
): CategoryHeadTraining {
  if (vectors.length !== tickets.length) throw new Error(`${tickets.length} tickets, but ${vectors.length} vectors`);
  const labels = labelsOf(tickets);
  const folds = leaveOneTopicOut(tickets);
  const parts = {
    words: baseline.outOfTopicLogits,
    meaning: outOfFoldEmbeddingLogits({ vectors, labels }, folds, descent),
  };
  const fused = evaluateProbabilities(
    labels,
    fuseOutOfFold(parts, labels, folds).map((row) => calibrated(row, 1)),
  );
  const { wordsWeight, meaningWeight } = fitFusion(parts, labels);
  const fitted = fitEmbeddingModel({ vectors, labels }, descent);
  const weights = encodeHeadWeights({
    ...fitted,
    centres: fitted.centres.map(rounded),
    biases: fitted.biases.map(rounded),
    wordsWeight: rounded(wordsWeight),
    meaningWeight: rounded(meaningWeight),
    reviewThreshold: fused.reviewThreshold,
    embedder,
    baseline: baseline.weights.manifest.hash,
    training: {
      data: dataHash(tickets),
      tickets: tickets.length,
      seed,
      steps: descent.steps,
      learningRate: descent.learningRate,
      accuracy: rounded(fused.accuracy),
      macroF1: rounded(fused.macroF1),
      logLoss: rounded(fused.logLoss),
    },
  });
  const evaluations = { baseline: baseline.evaluation, embedding: evaluate(tickets, parts.meaning), fused };
  return { weights, evaluations };
}
