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
import { CHOSEN_OPTIONS, type FitOptions, fitWords } from '../classifier/fit-classifier';
import { type EmbeddingOptions, fitEmbeddingModel } from '../classifier/fit-embedding-model';
import type { DescentOptions } from '../classifier/linear-model';
import { crossValidate, pick, topicFolds } from '../cross-validation';
import type { FailureText } from '../dataset';
import { accuracy, logLoss, mean, rounded } from '../metrics';

/** Folds of the cross-validation. No text is like another, so any text may be in any fold. */
export const FAILURE_FOLDS = 5;

/** Figures of one model on texts that it is not fitted to. */
export interface FailureScore {
  /** Share of texts right at a probability of one half. */
  readonly accuracy: number;
  /** In nats. */
  readonly logLoss: number;
  /** Share of the reports found, and share of the other texts taken for reports, at a probability of one half. */
  readonly found: number;
  readonly falselyFound: number;
}

/** The two trained models of failure reports. */
export interface FailureTraining {
  readonly head: FailureHeadWeights;
  readonly baseline: FailureBaselineWeights;
  readonly scores: { readonly head: FailureScore; readonly baseline: FailureScore };
}

/** What the models are trained with. */
export interface FailureTrainingOptions {
  /** The model of the vectors. */
  readonly embedder: EmbedderName;
  readonly seed: number;
  /** By default those that were best in cross-validation. */
  readonly words?: FitOptions;
  readonly meaning?: EmbeddingOptions;
}

/** The hyperparameters of the shipped head. */
const CHOSEN_MEANING: EmbeddingOptions = { steps: 20, learningRate: 0.0001, standardised: true };

/** In place of the record of a fold's model, which is never read. */
const UNRECORDED: FailureTrainingRecord = {
  data: '',
  texts: 0,
  seed: 0,
  steps: 0,
  learningRate: 0,
  accuracy: 0,
  logLoss: 0,
};

/**
 * Evaluates both models by cross-validation, then fits them to all texts. The same texts and vectors give the same bytes.
 * @param vectors - the embedding of each text, in the order of the texts
 */
export function trainFailures(
  texts: readonly FailureText[],
  vectors: readonly Float32Array[],
  { embedder, seed, words = CHOSEN_OPTIONS, meaning = CHOSEN_MEANING }: FailureTrainingOptions,
): FailureTraining {
  if (vectors.length !== texts.length) throw new Error(`${texts.length} texts, but ${vectors.length} vectors`);
  const every = texts.map((_, i) => i);
  const labels = texts.map(({ reports_failure }) => Number(reports_failure));

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
    head: scoreOf(
      labels,
      crossValidate(
        folds,
        (train) => createFailureHead({ weights: fitHead(train, UNRECORDED) }),
        (head, i) => head.probability(vectors[i] as Float32Array),
      ),
    ),
    baseline: scoreOf(
      labels,
      crossValidate(
        folds,
        (train) => createFailureBaseline(fitBaseline(train, UNRECORDED)),
        (baseline, i) => baseline.probability(texts[i]?.text ?? ''),
      ),
    ),
  };
  const record = ({ steps, learningRate }: DescentOptions, result: FailureScore): FailureTrainingRecord => ({
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

/** Of two classes, the second: the first one is its complement. */
const ofReports = (perClass: readonly number[]): number => perClass[1] ?? 0;
const everyOther = (weights: Float64Array): Float64Array => weights.filter((_, i) => i % 2 === 1);

function scoreOf(labels: readonly number[], probabilities: readonly number[]): FailureScore {
  const guesses = probabilities.map((probability) => Number(probability >= 0.5));
  const share = (label: number) => mean(guesses.filter((_, i) => labels[i] === label));
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
