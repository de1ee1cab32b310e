import { CATEGORIES, type Classifier, type UrgencyScorer } from '@smart-support/contracts';
import { expectedCalibrationError, reliability } from './calibration';
import { evaluateProbabilities, measuresOf } from './classifier/evaluation';
import type { ChallengeTicket } from './dataset';
import { differenceOf, errorAt, figureOf, spearmanAt } from './figures';
import { mean } from './metrics';
import { figure, percent, signedWithInterval, table, withInterval } from './report/markdown';

/** Two models that answer for tickets. */
export interface ChallengedModels {
  readonly classifier: Classifier;
  readonly urgency: UrgencyScorer;
}

/**
 * Scores the shipped models on the challenge set: the content of `data/challenge/report.md`. The intervals draw single tickets, for the set has no topics.
 * @param vectors - the embedding of each ticket, in the order of the tickets
 */
export async function challengeReport(
  tickets: readonly ChallengeTicket[],
  vectors: readonly Float32Array[],
  models: { readonly baseline: ChallengedModels; readonly heads: ChallengedModels },
  { seed }: { readonly seed: number },
): Promise<string> {
  const by = { topics: tickets.map(({ id }) => id), seed };
  const labels = tickets.map(({ urgency }) => urgency);
  const scoreOf = async ({ classifier, urgency }: ChallengedModels) => {
    const inputs = tickets.map(({ text }, i) => ({ text, vector: vectors[i] ?? new Float32Array() }));
    const predictions = await Promise.all(inputs.map((input) => classifier.classify(input)));
    const evaluation = evaluateProbabilities(
      tickets.map(({ category }) => CATEGORIES.indexOf(category)),
      predictions.map(({ scores }) => CATEGORIES.map((category) => scores[category])),
    );
    const unreviewed = evaluation.answers.filter((_, i) => predictions[i]?.needs_review === false);
    const measures = measuresOf(evaluation);
    const urgencies = await Promise.all(inputs.map(async (input) => (await urgency.score(input)).urgency_score));
    const error = errorAt(urgencies, labels)([...labels.keys()]);
    const cells = [
      `\`${classifier.model.version}\`, \`${urgency.model.version}\``,
      bold(withInterval(figureOf(by, measures.accuracy), percent)),
      withInterval(figureOf(by, measures.macroF1)),
      figure(expectedCalibrationError(reliability(evaluation.answers))),
      percent(unreviewed.length / tickets.length),
      percent(mean(unreviewed.map(({ right }) => Number(right)))),
      bold(withInterval(figureOf(by, spearmanAt(urgencies, labels)))),
      figure(error),
    ];
    return { confusion: evaluation.confusion, urgencies, cells };
  };
  const baseline = await scoreOf(models.baseline);
  const heads = await scoreOf(models.heads);
  const gain = figureOf(by, differenceOf(spearmanAt(heads.urgencies, labels), spearmanAt(baseline.urgencies, labels)));
  return `# The challenge set

Written by \`npx nx run tools:train -- --challenge\`, which scores the weights that the libraries ship.

${tickets.length} tickets by a writer who knew only the rubric, scored once per milestone and never looked into for training.
Intervals are 95 % bootstrap intervals over single tickets.

${table(
  ['', 'baseline', 'heads on the embedding'],
  ROWS.map((name, i) => [name, baseline.cells[i] ?? '', heads.cells[i] ?? '']),
)}

Urgency head less baseline: ${signedWithInterval(gain)} of rank correlation.

Predictions of the category head:

${table(
  ['is \\ predicted', ...CATEGORIES],
  CATEGORIES.map((category, k) => [category, ...(heads.confusion[k] ?? [])]),
)}
`;
}

const ROWS = [
  'weights',
  'accuracy',
  'macro-F1',
  'calibration error',
  'without review',
  'right among those',
  'urgency, rank correlation',
  'urgency, mean absolute error',
];

/** The value in bold, its interval not. */
const bold = (text: string): string => text.replace(/^[^(]+(?= \()/, (value) => `**${value}**`);
