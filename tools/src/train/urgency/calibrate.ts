import { crossValidate, type Fold, pick } from '../cross-validation';
import { fitWeights, predict } from './fit-weights';

/** From a regression's answer to the logit of a score: `bias + slope * answer`. The slope is never negative, so the order stays. */
export interface Calibration {
  readonly slope: number;
  readonly bias: number;
}

/** The calibration under which the scores are most likely (cross-entropy) to give the labels. */
export function fitCalibration(answers: readonly number[], labels: readonly number[]): Calibration {
  const vectors = answers.map((answer) => Float64Array.of(answer));
  const { weights, bias } = fitWeights({ vectors, scores: labels }, [1], 0);
  return { slope: weights[0] ?? 0, bias };
}

/** The score of an answer. */
export const calibrate = ({ slope, bias }: Calibration, answer: number): number =>
  predict({ bias, weights: Float64Array.of(slope) }, Float64Array.of(answer));

/** The score of every ticket, by a calibration that is fitted without the ticket's fold. */
export function calibrateOutOfFold(
  answers: readonly number[],
  labels: readonly number[],
  folds: readonly Fold[],
): number[] {
  return crossValidate(
    folds,
    (train) => fitCalibration(pick(answers, train), pick(labels, train)),
    (calibration, i) => calibrate(calibration, answers[i] ?? 0),
  );
}
