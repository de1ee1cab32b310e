import { createHash } from 'node:crypto';
import {
  createFailureBaseline,
  createFailureHead,
  type EmbedderName,
  type FailureBaselineWeights,
  type FailureHeadWeights,
} from '@smart-support/classifier';
import {
  encodeFailureBaseline,
  encodeFailureHead,
  type FailureTrainingRecord,
} from '@smart-support/classifier/training';
import { CHOSEN_EMBEDDING_OPTIONS, CHOSEN_OPTIONS } from '../classifier/chosen-options';
import { type FitOptions, fitWords } from '../classifier/fit-classifier';
import { type EmbeddingFitOptions, fitEmbeddingModel } from '../classifier/fit-embedding-model';
import { type Fold, topicFolds } from '../cross-validation';
import type { FailureText } from '../dataset';
import { accuracy, logLoss } from '../metrics';

/** Folds of the cross-validation; no text is like another, so any may be in any. */
export const FAILURE_FOLDS = 5;

/** How one model did on texts that it did not learn from. */
export interface FailureScore {
  /** Share of texts right at a probability of one half. */
  readonly accuracy: number;
  /** In nats. */
  readonly logLoss: number;
  /** Share of the reports found, and share of the other texts taken for reports, at a probability of one half. */
  readonly found: number;
  readonly falselyFound: number;
}

/** What a training of the two models of failure reports gives. */
export interface FailureTraining {
  readonly head: FailureHeadWeights;
  readonly baseline: FailureBaselineWeights;
  readonly scores: { readonly head: FailureScore; readonly baseline: FailureScore };
}

/** What the models are trained with. */
export interface FailureTrainingOptions {
  /** Which model made the vectors. */
  readonly embedder: EmbedderName;
  readonly seed: number;
  /** By default those of the category models: other numbers of steps were no better in cross-validation. */
  readonly words?: FitOptions;
  readonly meaning?: EmbeddingFitOptions;
}

/** What no record of a fold is needed for. */
const UNRECORDED: FailureTrainingRecord = {
  data: '',
  texts: 0,
  seed: 0,
  steps: 0,
  learningRate: 0,
  accuracy: 0,
  logLoss: 0,
};

const rounded = (number: number): number => Number(number.toFixed(4));

/**
 * Measures both models by cross-validation, then trains them on all texts. The same texts and vectors give the same bytes.
 * @param vectors - the embedding of each text, in the order of the texts
 */
export function trainFailures(
  texts: readonly FailureText[],
  vectors: readonly Float32Array[],
  { embedder, seed, words = CHOSEN_OPTIONS, meaning = CHOSEN_EMBEDDING_OPTIONS }: FailureTrainingOptions,
): FailureTraining {
  if (vectors.length !== texts.length) throw new Error(`${texts.length} texts, but ${vectors.length} vectors`);
  const every = texts.map((_, i) => i);
  const labels = texts.map(({ reports_failure }) => Number(reports_failure));
  const pick = <Item>(items: readonly Item[], indices: readonly number[]) => indices.map((i) => items[i] as Item);

  const fitHead = (indices: readonly number[], training: FailureTrainingRecord): FailureHeadWeights => {
    const fitted = fitEmbeddingModel({ vectors: pick(vectors, indices), labels: pick(labels, indices) }, meaning);
    const { dimensions, biases, centres } = fitted;
    const bias = rounded(ofReports(biases) - ofReports(centres));
    return encodeFailureHead({ dimensions, weights: everyOther(fitted.weights), bias, embedder, training });
  };
  const fitBaseline = (indices: readonly number[], training: FailureTrainingRecord): FailureBaselineWeights => {
    const lessons = pick(texts, indices).map(({ id, text }) => ({ text, topic: id }));
    const { vocabulary, weights, biases } = fitWords(lessons, pick(labels, indices), words);
    const bias = rounded(ofReports(biases));
    return encodeFailureBaseline({ vocabulary, weights: everyOther(weights), bias, training });
  };

  const folds = topicFolds(
    texts.map(({ id, reports_failure }) => ({ topic: id, category: String(reports_failure) })),
    FAILURE_FOLDS,
    seed,
  );
  const scores = {
    head: score(labels, folds, (train) => {
      const head = createFailureHead({ weights: fitHead(train, UNRECORDED) });
      return (i) => head.probability(vectors[i] as Float32Array);
    }),
    baseline: score(labels, folds, (train) => {
      const baseline = createFailureBaseline(fitBaseline(train, UNRECORDED));
      return (i) => baseline.probability(texts[i]?.text ?? '');
    }),
  };
  const record = ({ steps, learningRate }: EmbeddingFitOptions, result: FailureScore): FailureTrainingRecord => ({
    data: createHash('sha256').update(JSON.stringify(texts)).digest('hex'),
    texts: texts.length,
    seed,
    steps,
    learningRate,
    accuracy: rounded(result.accuracy),
    logLoss: rounded(result.logLoss),
  });
  return {
    head: fitHead(every, record(meaning, scores.head)),
    baseline: fitBaseline(every, record(words, scores.baseline)),
    scores,
  };
}

/** Of two classes, the second: of one that is 1 where the other is 0, one of the two says all. */
const ofReports = (perClass: readonly number[]): number => perClass[1] ?? 0;
const everyOther = (weights: Float64Array): Float64Array => weights.filter((_, i) => i % 2 === 1);

/** Asks models of the other folds, packed and unpacked as in production. */
function score(
  labels: readonly number[],
  folds: readonly Fold[],
  fit: (train: readonly number[]) => (i: number) => number,
): FailureScore {
  const probabilities: number[] = [];
  for (const { train, test } of folds) {
    const probability = fit(train);
    for (const i of test) probabilities[i] = probability(i);
  }
  const guesses = probabilities.map((probability) => Number(probability >= 0.5));
  const share = (label: number) => {
    const own = guesses.filter((_, i) => labels[i] === label);
    return own.filter((guess) => guess === 1).length / own.length;
  };
  return {
    accuracy: accuracy(labels, guesses),
    logLoss: logLoss(
      labels,
      probabilities.map((probability) => [1 - probability, probability]),
    ),
    found: share(1),
    falselyFound: share(0),
  };
}
