import { type ClassifierWeights } from '@smart-support/classifier';
import { encodeWeights } from '@smart-support/classifier/training';
import { foldsOf } from '../cross-validation';
import { dataHash, type LabelledTicket } from '../dataset';
import type { Calibrate } from '../field/calibrator';
import { rounded } from '../metrics';
import { evaluate, type Evaluation } from './evaluation';
import { CHOSEN_OPTIONS, fitClassifier, outOfFoldLogits, uncalibratedLogits } from './fit-classifier';

/** A trained classifier baseline. */
export interface ClassifierTraining {
  readonly weights: ClassifierWeights;
  /** Out-of-topic figures of models trained in the same way. */
  readonly evaluation: Evaluation;
  /** Uncalibrated log-odds behind the figures, by ticket and category: the head is fused with them. */
  readonly outOfTopicLogits: readonly (readonly number[])[];
  /** Uncalibrated log-odds of any text. */
  readonly logits: (text: string) => readonly number[];
}

/** How a classifier is trained. */
export interface ClassifierTrainingOptions {
  readonly seed: number;
  readonly calibrate: Calibrate;
  readonly options?: typeof CHOSEN_OPTIONS;
}

/** Evaluates out of topic, fits to all tickets, and calibrates. The same tickets give the same bytes. */
export function trainClassifier(
  tickets: readonly LabelledTicket[],
  { seed, calibrate, options = CHOSEN_OPTIONS }: ClassifierTrainingOptions,
): ClassifierTraining {
  const folds = foldsOf(tickets, seed);
  const logits = outOfFoldLogits(tickets, folds, options);
  const evaluation = evaluate(tickets, logits, folds);
  const fitted = fitClassifier(tickets, options);
  const logitsOf = uncalibratedLogits(fitted);
  const { scale, reviewThreshold } = calibrate('baseline', { logits: logitsOf });
  const weights = encodeWeights({
    ...fitted,
    biases: fitted.biases.map(rounded),
    prior: fitted.prior,
    scale: rounded(scale),
    reviewThreshold,
    training: {
      data: dataHash(tickets),
      seed,
      steps: options.steps,
      learningRate: options.learningRate,
      minimumTopics: options.minimumTopics,
      accuracy: rounded(evaluation.accuracy),
      macroF1: rounded(evaluation.macroF1),
    },
  });
  return { weights, evaluation, outOfTopicLogits: logits, logits: logitsOf };
}
