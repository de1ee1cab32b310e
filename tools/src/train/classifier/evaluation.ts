import { CATEGORIES, type Category } from '@smart-support/contracts';
import { type Answer, atThreshold, calibrateOutOfFold, fitScale, lowestThreshold } from '../calibration';
import { leaveOneTopicOut, pick } from '../cross-validation';
import type { Measure } from '../figures';
import { accuracy, argmax, confusionMatrix, logLoss, macroF1 } from '../metrics';

/** Accuracy that answers without review must reach out of topic. */
export const ACCURACY_WITHOUT_REVIEW = 0.95;

/** Out-of-topic figures of a classifier. */
export interface Evaluation {
  /** Numbers of categories, in the order of `CATEGORIES`. */
  readonly truth: readonly number[];
  readonly predicted: readonly number[];
  /** Calibrated probability of each category. */
  readonly probabilities: readonly (readonly number[])[];
  readonly answers: readonly Answer[];
  readonly accuracy: number;
  readonly macroF1: number;
  readonly logLoss: number;
  readonly confusion: readonly (readonly number[])[];
  /** Factor on the log-odds, fitted on all out-of-topic answers: the one that is shipped. 1 for answers that came calibrated. */
  readonly scale: number;
  /** Lowest confidence that needs no review. */
  readonly reviewThreshold: number;
}

/** Evaluates out-of-topic log-odds. The probabilities of a topic are calibrated with a scale from the other topics. */
export function evaluate(
  tickets: readonly { readonly category: Category; readonly topic: string }[],
  logits: readonly (readonly number[])[],
): Evaluation {
  const truth = tickets.map(({ category }) => CATEGORIES.indexOf(category));
  const probabilities = calibrateOutOfFold(logits, truth, leaveOneTopicOut(tickets));
  return { ...evaluateProbabilities(truth, probabilities), scale: fitScale(logits, truth) };
}

/** Evaluates probabilities that are calibrated out of topic already: their scale is 1. */
export function evaluateProbabilities(
  truth: readonly number[],
  probabilities: readonly (readonly number[])[],
): Evaluation {
  const predicted = probabilities.map(argmax);
  const answers = probabilities.map((row, i) => ({ confidence: Math.max(...row), right: predicted[i] === truth[i] }));
  return {
    truth,
    predicted,
    probabilities,
    answers,
    accuracy: accuracy(truth, predicted),
    macroF1: macroF1(truth, predicted, CATEGORIES.length),
    logLoss: logLoss(truth, probabilities),
    confusion: confusionMatrix(truth, predicted, CATEGORIES.length),
    scale: 1,
    reviewThreshold: lowestThreshold(answers, ACCURACY_WITHOUT_REVIEW),
  };
}

/** Measures of an evaluation, for {@link figureOf}. */
export const measuresOf = ({ truth, predicted, probabilities, answers, reviewThreshold }: Evaluation) =>
  ({
    accuracy: (at) => accuracy(pick(truth, at), pick(predicted, at)),
    macroF1: (at) => macroF1(pick(truth, at), pick(predicted, at), CATEGORIES.length),
    logLoss: (at) => logLoss(pick(truth, at), pick(probabilities, at)),
    /** Share of tickets without review, the threshold being given. */
    coverage: (at) => atThreshold(pick(answers, at), reviewThreshold).coverage,
  }) satisfies Record<string, Measure>;
