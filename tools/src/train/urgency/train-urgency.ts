import { createHash } from 'node:crypto';
import { findSignals, SIGNALS } from '@smart-support/urgency';
import { describeSignals, type UrgencyWeights } from '@smart-support/urgency/training';
import { leaveOneTopicOut } from '../cross-validation';
import type { LabelledTicket } from '../dataset';
import { meanAbsoluteError, spearman } from './agreement';
import { fitWeights } from './fit-weights';
import { predictOutOfTopic } from './out-of-topic';
import { urgencyReport } from './report-section';
import { topicInterval } from './topic-bootstrap';
import { weightsFile } from './weights-file';

/** What a training of the urgency baseline gives. */
export interface UrgencyTraining {
  /** New content of `libs/urgency/src/baseline/weights.ts`. */
  readonly weightsFileContent: string;
  /** Markdown for `data/report.md`. */
  readonly reportSection: string;
  /** Out-of-topic prediction per ticket, in the order of the tickets. */
  readonly crossValidated: readonly number[];
}

const RIDGES = [0.3, 1, 3, 10];

/** Weights are shipped with so many decimals: enough for any score, and free of the noise of the last bits. */
const rounded = (value: number): number => Number(value.toFixed(4)) + 0;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * Fits the weights of the urgency baseline: the ridge penalty by leave-one-topic-out rank correlation, then all tickets with it.
 * Deterministic: the same tickets and seed give the same bytes.
 * @param options - `seed` of the bootstrap intervals
 */
export function trainUrgency(tickets: readonly LabelledTicket[], options: { readonly seed: number }): UrgencyTraining {
  const signs = SIGNALS.map(({ direction }) => (direction === 'raises' ? 1 : -1));
  const labels = tickets.map(({ urgency }) => urgency);
  const vectors = tickets.map(({ text }) => findSignals(text).vector);
  const folds = leaveOneTopicOut(tickets);

  const tried = RIDGES.map((ridge) => {
    const predictions = predictOutOfTopic({ vectors, scores: labels }, folds, signs, ridge);
    const rho = spearman(predictions, labels);
    return { ridge, predictions, spearman: rho, error: meanAbsoluteError(predictions, labels) };
  });
  const best = tried.reduce((winner, next) => (next.spearman > winner.spearman ? next : winner));
  const interval = (measure: (predicted: number[], actual: number[]) => number): [number, number] =>
    topicInterval(
      tickets.map(({ topic }) => topic),
      (indices) =>
        measure(
          indices.map((index) => best.predictions[index] ?? 0),
          indices.map((index) => labels[index] ?? 0),
        ),
      options,
    );

  const fitted = fitWeights({ vectors, scores: labels }, signs, best.ridge);
  const bias = rounded(fitted.bias);
  const byName = Object.fromEntries(SIGNALS.map(({ name }, index) => [name, rounded(fitted.weights[index] ?? 0)]));
  const [low, high] = interval(spearman);
  const patterns = describeSignals();
  const weights: UrgencyWeights = {
    version: sha256(JSON.stringify({ bias, byName, patterns })).slice(0, 12),
    bias,
    weights: byName,
    manifest: {
      data_sha256: sha256(JSON.stringify(tickets.map(({ id, text, topic, urgency }) => [id, text, topic, urgency]))),
      patterns_sha256: sha256(patterns),
      tickets: tickets.length,
      topics: new Set(tickets.map(({ topic }) => topic)).size,
      seed: options.seed,
      ridge: best.ridge,
      leave_one_topic_out: {
        spearman: rounded(best.spearman),
        spearman_interval: [rounded(low), rounded(high)],
        mean_absolute_error: rounded(best.error),
      },
    },
  };
  const found = Object.fromEntries(
    SIGNALS.map(({ name }, index) => [name, vectors.filter((vector) => vector[index] !== 0).length]),
  );
  const findings = {
    tickets,
    predictions: best.predictions,
    errorInterval: interval(meanAbsoluteError),
    tried,
    weights,
    found,
  };
  return {
    weightsFileContent: weightsFile(weights),
    reportSection: urgencyReport(findings),
    crossValidated: best.predictions,
  };
}
