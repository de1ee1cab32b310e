import { type EmbedderName, type HeadWeights } from '@smart-support/classifier';
import { encodeHeadWeights } from '@smart-support/classifier/training';
import { calibrated } from '../calibration';
import { leaveOneTopicOut } from '../cross-validation';
import { dataHash, type LabelledTicket } from '../dataset';
import { CHOSEN_EMBEDDING_OPTIONS, CHOSEN_OPTIONS } from './chosen-options';
import { evaluate, evaluateProbabilities, type Evaluation, topicGroups } from './evaluation';
import type { FitOptions } from './fit-classifier';
import { type EmbeddingFitOptions, fitEmbeddingModel, labelsOf, outOfFoldEmbeddingLogits } from './fit-embedding-model';
import { fitFusion, fuseOutOfGroup } from './fusion';
import {
  type EvaluationIntervals,
  evaluationIntervals,
  type Figure,
  type HeadPart,
  pairedDifference,
} from './head-evaluation';
import { type HeadExperiment, runHeadExperiments } from './head-experiments';
import { judgeSecondRound, type SecondRound } from './second-round';
import type { ClassifierTraining } from './train-classifier';

/** What the head is trained with. */
export interface HeadTrainingOptions {
  /** The baseline that it is fused with, trained on the same tickets. */
  readonly baseline: ClassifierTraining;
  /** Which model made the vectors. */
  readonly embedder: EmbedderName;
  readonly seed: number;
  /** What the baseline was trained with, and what the embedding's part is; by default the chosen ones. */
  readonly words?: FitOptions;
  readonly meaning?: EmbeddingFitOptions;
}

/** What a training of the category head gives. */
export interface CategoryHeadTraining {
  readonly weights: HeadWeights;
  /** New content of `libs/classifier/src/head/head-weights.ts`. */
  readonly weightsFileContent: string;
  /** Leave-one-topic-out figures of the parts and the whole. */
  readonly evaluations: Readonly<Record<HeadPart, Evaluation>>;
  readonly intervals: Readonly<Record<HeadPart, EvaluationIntervals>>;
  /** The whole less the baseline, on the same tickets. */
  readonly gain: { readonly accuracy: Figure; readonly logLoss: Figure };
  readonly secondRound: SecondRound | undefined;
  readonly experiments: readonly HeadExperiment[];
}

const rounded = (number: number): number => Number(number.toFixed(4));

/**
 * Measures the head out of topic, fuses it with the baseline on those answers, then learns from all tickets. For the figures of a
 * topic, neither the parts nor the factors that fuse them saw it. The same tickets and vectors give the same bytes.
 * @param vectors - the embedding of each ticket, in the order of the tickets
 */
export function trainCategoryHead(
  tickets: readonly LabelledTicket[],
  vectors: readonly Float32Array[],
  options: HeadTrainingOptions,
): CategoryHeadTraining {
  const { baseline, embedder, seed, words = CHOSEN_OPTIONS, meaning = CHOSEN_EMBEDDING_OPTIONS } = options;
  if (vectors.length !== tickets.length) throw new Error(`${tickets.length} tickets, but ${vectors.length} vectors`);
  const labels = labelsOf(tickets);
  const parts = {
    words: baseline.outOfTopicLogits,
    meaning: outOfFoldEmbeddingLogits({ vectors, labels }, leaveOneTopicOut(tickets), meaning),
  };
  const fused = fuseOutOfGroup(parts, labels, topicGroups(tickets));
  const evaluations = {
    baseline: baseline.evaluation,
    embedding: evaluate(tickets, parts.meaning),
    fused: evaluateProbabilities(
      labels,
      fused.map((row) => calibrated(row, 1)),
    ),
  };
  const { wordsWeight, meaningWeight } = fitFusion(parts, labels);
  const fitted = fitEmbeddingModel({ vectors, labels }, meaning);
  const weights = encodeHeadWeights({
    ...fitted,
    centres: fitted.centres.map(rounded),
    biases: fitted.biases.map(rounded),
    wordsWeight: rounded(wordsWeight),
    meaningWeight: rounded(meaningWeight),
    reviewThreshold: evaluations.fused.reviewThreshold,
    embedder,
    baseline: baseline.weights.manifest.hash,
    training: {
      data: dataHash(tickets),
      tickets: tickets.length,
      seed,
      steps: meaning.steps,
      learningRate: meaning.learningRate,
      accuracy: rounded(evaluations.fused.accuracy),
      macroF1: rounded(evaluations.fused.macroF1),
      logLoss: rounded(evaluations.fused.logLoss),
    },
  });
  const topics = tickets.map(({ topic }) => topic);
  return {
    weights,
    weightsFileContent: headWeightsFile(weights),
    evaluations,
    intervals: {
      baseline: evaluationIntervals(topics, evaluations.baseline, seed),
      embedding: evaluationIntervals(topics, evaluations.embedding, seed),
      fused: evaluationIntervals(topics, evaluations.fused, seed),
    },
    gain: pairedDifference(topics, evaluations.fused, evaluations.baseline, seed),
    secondRound: judgeSecondRound(tickets, vectors, { evaluations, words, meaning, seed }),
    experiments: runHeadExperiments(tickets, vectors, { words: parts.words, seed }),
  };
}

function headWeightsFile({ manifest, data }: HeadWeights): string {
  return `import type { HeadWeights } from './head-weights-format';

/** The shipped head. Written by \`npx nx run tools:train\`; never edited by hand. */
export const HEAD_WEIGHTS: HeadWeights = {
  manifest: ${JSON.stringify(manifest)},
  data: '${data}',
};
`;
}
