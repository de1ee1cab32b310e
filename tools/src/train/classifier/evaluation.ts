import { CATEGORIES, type Category } from '@smart-support/contracts';
import { type Answer, atThreshold, calibrateOutOfFold, lowestThreshold } from '../calibration';
import { type Fold, pick } from '../cross-validation';
import { ACCURACY_WITHOUT_REVIEW } from '../field/calibrate-on-field';
import type { Measure } from '../figures';
import { accuracy, argmax, confusionMatrix, logLoss, macroF1 } from '../metrics';

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
  /** Lowest confidence above which the accuracy without review is reached on these tickets; the shipped one is chosen by strangers' texts. */
  readonly reviewThreshold: number;
}

/** Evaluates out-of-topic log-odds. The probabilities of a fold are calibrated with a scale from the other folds. */
export function evaluate(
  tickets: readonly { readonly category: Category }[],
  logits: readonly (readonly number[])[],
  folds: readonly Fold[],
): Evaluation {
  const truth = tickets.map(({ category }) => CATEGORIES.indexOf(category));
  return evaluateProbabilities(truth, calibrateOutOfFold(logits, truth, folds));
}

/** Evaluates probabilities. */
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
