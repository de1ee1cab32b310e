import type { Activation, NliOutputs } from '../directory/labels';

/** Shares of 1 in proportion to e to the power of each logit. */
export function softmax(logits: readonly number[]): number[] {
  const highest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - highest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** The probability that belongs to log-odds. */
export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

/** Numbers by label. A label may have any name, `__proto__` included. */
function byLabel(labels: readonly string[], scores: readonly number[]): Record<string, number> {
  return Object.fromEntries(labels.map((label, at) => [label, scores[at] ?? Number.NaN]));
}

/** The scores of a classifier's labels. */
export function labelScores(
  labels: readonly string[],
  logits: Float32Array,
  activation: Activation,
): Record<string, number> {
  return byLabel(labels, activation === 'softmax' ? softmax([...logits]) : Array.from(logits, sigmoid));
}

/**
 * How far a text entails a hypothesis about each label, as the transformers library's zero-shot pipeline scores it:
 * labels against each other by their entailment, or each by itself by entailment against contradiction.
 * A single label is always judged by itself.
 * @param logits - the network's outputs for each label
 */
export function zeroShotScores(
  labels: readonly string[],
  logits: readonly Float32Array[],
  { entailment, contradiction }: NliOutputs,
  multiLabel: boolean,
): Record<string, number> {
  const entailed = logits.map((outputs) => outputs[entailment] ?? Number.NaN);
  if (!multiLabel && labels.length > 1) return byLabel(labels, softmax(entailed));
  const alone = logits.map((outputs, at) =>
    sigmoid((entailed[at] ?? Number.NaN) - (outputs[contradiction] ?? Number.NaN)),
  );
  return byLabel(labels, alone);
}
