/** A logistic model of the score: `1 / (1 + exp(-(bias + weights . signals)))`. */
export interface FittedWeights {
  readonly bias: number;
  readonly weights: Float64Array;
}

/** Data of a fit: one row of signals and one score in [0, 1] per ticket. */
export interface Observations {
  readonly vectors: readonly Float64Array[];
  readonly scores: readonly number[];
}

const MOST_STEPS = 25;
const MOST_SWEEPS = 200;
const CLOSE_ENOUGH = 1e-7;

/** The score of a vector by fitted weights, in (0, 1). */
export function predict({ bias, weights }: FittedWeights, vector: Float64Array): number {
  let logit = bias;
  for (let index = 0; index < weights.length; index++) logit += (weights[index] ?? 0) * (vector[index] ?? 0);
  return 1 / (1 + Math.exp(-logit));
}

/** What a weight may be: 1 not negative, -1 not positive, 0 anything. */
export type Sign = 1 | -1 | 0;

/**
 * Logistic regression on scores between 0 and 1 (cross-entropy) with a ridge penalty on the weights, not on the bias,
 * and a sign that each weight must keep. Newton steps, each solved by coordinate descent with the weights kept on their side of 0.
 * Deterministic.
 * @param signs - one for each weight
 */
export function fitWeights({ vectors, scores }: Observations, signs: readonly Sign[], ridge: number): FittedWeights {
  const size = signs.length + 1;
  const bias = size - 1;
  const weights = new Float64Array(size);
  for (let step = 0; step < MOST_STEPS; step++) {
    const before = weights.slice();
    const { gradient, curvature } = slopes(vectors, scores, weights);
    const moved = new Float64Array(size);
    for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
      let largest = 0;
      for (let j = 0; j < size; j++) {
        let slope = gradient[j] ?? 0;
        for (let k = 0; k < size; k++) slope -= (curvature[j * size + k] ?? 0) * (moved[k] ?? 0);
        const penalty = j === bias ? 0 : ridge;
        const current = weights[j] ?? 0;
        let wanted = current + (slope - penalty * current) / ((curvature[j * size + j] ?? 0) + penalty + 1e-9);
        if (wanted * (signs[j] ?? 0) < 0) wanted = 0;
        weights[j] = wanted;
        moved[j] = (moved[j] ?? 0) + wanted - current;
        largest = Math.max(largest, Math.abs(wanted - current));
      }
      if (largest < CLOSE_ENOUGH) break;
    }
    if (weights.every((weight, j) => Math.abs(weight - (before[j] ?? 0)) < CLOSE_ENOUGH * 10)) break;
  }
  return { bias: weights[bias] ?? 0, weights: weights.slice(0, bias) };
}

/** First and second derivative of the log-likelihood at some weights; the bias is the last coordinate. */
function slopes(vectors: readonly Float64Array[], scores: readonly number[], weights: Float64Array) {
  const size = weights.length;
  const gradient = new Float64Array(size);
  const curvature = new Float64Array(size * size);
  const columns = new Int32Array(size);
  const values = new Float64Array(size);
  const fitted: FittedWeights = { bias: weights[size - 1] ?? 0, weights: weights.subarray(0, size - 1) };
  vectors.forEach((vector, row) => {
    const score = predict(fitted, vector);
    const spread = Math.max(score * (1 - score), 1e-3);
    const error = (scores[row] ?? 0) - score;
    // Few signals are present at once: only their coordinates change.
    let present = 0;
    for (let j = 0; j < size; j++) {
      const value = j === size - 1 ? 1 : (vector[j] as number);
      if (value === 0) continue;
      columns[present] = j;
      values[present++] = value;
    }
    for (let n = 0; n < present; n++) {
      const j = columns[n] as number;
      const value = values[n] as number;
      gradient[j] = (gradient[j] as number) + value * error;
      const factor = spread * value;
      const start = j * size;
      for (let m = 0; m <= n; m++) {
        const at = start + (columns[m] as number);
        curvature[at] = (curvature[at] as number) + factor * (values[m] as number);
      }
    }
  });
  // The other half is the same.
  for (let j = 0; j < size; j++)
    for (let k = 0; k < j; k++) curvature[k * size + j] = curvature[j * size + k] as number;
  return { gradient, curvature };
}

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
