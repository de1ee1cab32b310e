import { crossValidate, type Fold, pick } from './cross-validation';
import { logLoss, mean, sum } from './metrics';

/** Softmax of log-odds times a scale. */
export function calibrated(logits: readonly number[], scale: number): number[] {
  const top = Math.max(...logits);
  const parts = logits.map((logit) => Math.exp(scale * (logit - top)));
  const total = sum(parts);
  return parts.map((part) => part / total);
}

const LOWEST_SCALE = 1 / 20;
const HIGHEST_SCALE = 20;
const STEPS = 60;

/**
 * Temperature scaling (Guo et al. 2017, "On calibration of modern neural networks"): the one factor on all log-odds
 * that makes the labels most likely. The loss has a single minimum in the factor, found by golden-section search.
 */
export function fitScale(logits: readonly (readonly number[])[], truth: readonly number[]): number {
  const loss = (logScale: number) => {
    const scale = Math.exp(logScale);
    return logLoss(
      truth,
      logits.map((row) => calibrated(row, scale)),
    );
  };
  const golden = (Math.sqrt(5) - 1) / 2;
  let low = Math.log(LOWEST_SCALE);
  let high = Math.log(HIGHEST_SCALE);
  let left = high - golden * (high - low);
  let right = low + golden * (high - low);
  let lossLeft = loss(left);
  let lossRight = loss(right);
  for (let step = 0; step < STEPS; step++) {
    if (lossLeft <= lossRight) {
      [high, right, lossRight] = [right, left, lossLeft];
      left = high - golden * (high - low);
      lossLeft = loss(left);
    } else {
      [low, left, lossLeft] = [left, right, lossRight];
      right = low + golden * (high - low);
      lossRight = loss(right);
    }
  }
  return Math.exp((low + high) / 2);
}

/** Probabilities of tickets, each by a scale that is fitted without the ticket's fold. */
export function calibrateOutOfFold(
  logits: readonly (readonly number[])[],
  truth: readonly number[],
  folds: readonly Fold[],
): number[][] {
  return crossValidate(
    folds,
    (train) => fitScale(pick(logits, train), pick(truth, train)),
    (scale, i) => calibrated(logits[i] ?? [], scale),
  );
}

/** The confidence of a prediction, and whether it is right. */
export interface Answer {
  readonly confidence: number;
  readonly right: boolean;
}

/** One row of a reliability table. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly tickets: number;
  readonly meanConfidence: number;
  readonly accuracy: number;
}

/** Answers in bins of confidence from 0 to 1, without empty bins. */
export function reliability(answers: readonly Answer[], bins = 10): ReliabilityBin[] {
  const rows: ReliabilityBin[] = [];
  for (let bin = 0; bin < bins; bin++) {
    const inside = answers.filter(({ confidence }) => Math.min(bins - 1, Math.floor(confidence * bins)) === bin);
    if (inside.length === 0) continue;
    rows.push({
      from: bin / bins,
      to: (bin + 1) / bins,
      tickets: inside.length,
      meanConfidence: mean(inside.map(({ confidence }) => confidence)),
      accuracy: inside.filter(({ right }) => right).length / inside.length,
    });
  }
  return rows;
}

/** Expected calibration error: the mean distance of confidence from accuracy over the bins, weighted by their tickets. */
export function expectedCalibrationError(bins: readonly ReliabilityBin[]): number {
  const total = sum(bins.map(({ tickets }) => tickets));
  return sum(bins.map((bin) => bin.tickets * Math.abs(bin.accuracy - bin.meanConfidence))) / total;
}

/** The effect of a review threshold. */
export interface ThresholdRow {
  readonly threshold: number;
  /** Share of tickets that need no review. */
  readonly coverage: number;
  /** Accuracy among them; NaN if there are none. */
  readonly accuracy: number;
  /** Accuracy among those sent to review; NaN if there are none. */
  readonly accuracyBelow: number;
}

/** Coverage and accuracy on either side of a threshold. */
export function atThreshold(answers: readonly Answer[], threshold: number): ThresholdRow {
  const above = answers.filter(({ confidence }) => confidence >= threshold);
  const below = answers.filter(({ confidence }) => confidence < threshold);
  const share = (some: readonly Answer[]) => some.filter(({ right }) => right).length / some.length;
  return { threshold, coverage: above.length / answers.length, accuracy: share(above), accuracyBelow: share(below) };
}

/** The lowest threshold, in steps of 0.01, above which the accuracy reaches the target; 1 if none does. */
export function lowestThreshold(answers: readonly Answer[], target: number): number {
  for (let percent = 34; percent < 100; percent++) {
    if (atThreshold(answers, percent / 100).accuracy >= target) return percent / 100;
  }
  return 1;
}
