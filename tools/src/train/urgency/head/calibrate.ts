import { fitWeights, predict } from '../fit-weights';

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

/** The score of every ticket by a calibration that was fitted to the other groups. */
export function calibrateOutOfGroup(
  answers: readonly number[],
  labels: readonly number[],
  groups: readonly (readonly number[])[],
): number[] {
  const scores = new Array<number>(answers.length).fill(NaN);
  for (const group of groups) {
    const left = new Set(group);
    const others = [...answers.keys()].filter((i) => !left.has(i));
    const calibration = fitCalibration(
      others.map((i) => answers[i] ?? 0),
      others.map((i) => labels[i] ?? 0),
    );
    for (const i of group) scores[i] = calibrate(calibration, answers[i] ?? 0);
  }
  return scores;
}
