import { createHash } from 'node:crypto';
import { findSignals, SIGNALS } from '@smart-support/urgency';
import { describeSignals, type UrgencyWeights } from '@smart-support/urgency/training';
import { crossValidate, foldsOf, pick } from '../cross-validation';
import type { LabelledTicket } from '../dataset';
import { figureOf, spearmanAt } from '../figures';
import { meanAbsoluteError, rounded, spearman } from '../metrics';
import { fitWeights, predict } from './fit-weights';

/** A trained urgency baseline. */
export interface UrgencyTraining {
  readonly weights: UrgencyWeights;
  /** Out-of-topic score of each ticket, in the order of the tickets. */
  readonly scores: readonly number[];
  /** Out-of-topic rank correlation and mean absolute error of each ridge penalty that was tried. */
  readonly tried: readonly { readonly ridge: number; readonly spearman: number; readonly error: number }[];
  /** Number of tickets that have each signal. */
  readonly found: Readonly<Record<string, number>>;
}

const RIDGES = [0.3, 1, 3, 10];

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * Fits the weights of the urgency baseline: the ridge penalty by out-of-topic rank correlation, then all tickets with it. The same tickets and seed give the same bytes.
 * @param options - `seed` of the bootstrap intervals
 */
export function trainUrgency(tickets: readonly LabelledTicket[], options: { readonly seed: number }): UrgencyTraining {
  const labels = tickets.map(({ urgency }) => urgency);
  const vectors = tickets.map(({ text }) => findSignals(text).vector);
  const signs = SIGNALS.map(({ direction }) => (direction === 'raises' ? 1 : -1));
  const folds = foldsOf(tickets, options.seed);
  const tried = RIDGES.map((ridge) => {
    const scores = crossValidate(
      folds,
      (train) => fitWeights({ vectors: pick(vectors, train), scores: pick(labels, train) }, signs, ridge),
      (fitted, i) => predict(fitted, vectors[i] ?? new Float64Array()),
    );
    return { ridge, scores, spearman: spearman(scores, labels), error: meanAbsoluteError(scores, labels) };
  });
  const best = tried.reduce((winner, next) => (next.spearman > winner.spearman ? next : winner));
  const fitted = fitWeights({ vectors, scores: labels }, signs, best.ridge);
  const bias = rounded(fitted.bias);
  const byName = Object.fromEntries(SIGNALS.map(({ name }, index) => [name, rounded(fitted.weights[index] ?? 0)]));
  const topics = tickets.map(({ topic }) => topic);
  const [low, high] = figureOf({ topics, seed: options.seed }, spearmanAt(best.scores, labels)).interval;
  const patterns = describeSignals();
  const weights: UrgencyWeights = {
    version: sha256(JSON.stringify({ bias, byName, patterns })).slice(0, 12),
    bias,
    weights: byName,
    manifest: {
      data_sha256: sha256(JSON.stringify(tickets.map(({ id, text, topic, urgency }) => [id, text, topic, urgency]))),
      patterns_sha256: sha256(patterns),
      tickets: tickets.length,
      topics: new Set(topics).size,
      seed: options.seed,
      ridge: best.ridge,
      out_of_topic: {
        spearman: rounded(best.spearman),
        spearman_interval: [rounded(low), rounded(high)],
        mean_absolute_error: rounded(best.error),
      },
    },
  };
  const found = Object.fromEntries(
    SIGNALS.map(({ name }, index) => [name, vectors.filter((vector) => vector[index] !== 0).length]),
  );
  return { weights, scores: best.scores, tried, found };
}

/** Source of `libs/urgency/src/baseline/weights.ts`: a TypeScript constant, which works from the sources and from the compiled package. */
export function renderUrgencyWeights(weights: UrgencyWeights): string {
  return `import type { UrgencyWeights } from './weights-format';

/** Fitted by \`npx nx run tools:train\`. Not edited by hand: the next training overwrites it. */
export const URGENCY_WEIGHTS: UrgencyWeights = ${JSON.stringify(weights, null, 2)};
`;
}
