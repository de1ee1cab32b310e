import { CATEGORIES } from '@smart-support/contracts';
import type { ClassifierWeights } from '@smart-support/classifier';
import { atThreshold, expectedCalibrationError, reliability } from '../calibration';
import { ACCURACY_WITHOUT_REVIEW } from '../classifier/chosen-options';
import { type Evaluation, intervals } from '../classifier/evaluation';
import { EXPERIMENT_FOLDS, type Experiments } from '../classifier/experiments';
import type { LabelledTicket } from '../dataset';
import { f1Scores } from '../metrics';
import { between, figure, percent, table } from './markdown';

/** What the classifier's part of the report is written from. */
export interface ClassifierFindings {
  readonly tickets: readonly LabelledTicket[];
  readonly evaluation: Evaluation;
  readonly weights: ClassifierWeights;
  readonly experiments: Experiments | undefined;
  readonly seed: number;
}

/** The classifier's part of `data/report.md`. */
export function classifierSection(findings: ClassifierFindings): string {
  const { tickets, evaluation, weights, seed } = findings;
  const { manifest, data } = weights;
  const topics = tickets.map(({ topic }) => topic);
  const interval = intervals(topics, evaluation, seed);
  return `## Classifier baseline

TF-IDF of words, word pairs and character n-grams, and logistic regression (\`libs/classifier\`, weights \`${manifest.hash.slice(0, 12)}\`): ${manifest.features} features,
${Math.round(data.length / 1024)} KiB packed. Every figure is out of topic: a ticket is sorted by a model (vocabulary, frequencies, weights and calibration) that saw nothing of its topic.

- Accuracy: **${percent(evaluation.accuracy)}**, 95 % topic-bootstrap interval ${between(interval.accuracy, percent)}
- Macro-F1: **${figure(evaluation.macroF1)}**, interval ${between(interval.macroF1, figure)}
- Log loss: ${figure(evaluation.logLoss)}

The settings were chosen with the same topics, so expect a little less elsewhere; the challenge set below was never used for choosing.

${confusion(evaluation)}

${calibrationPart(evaluation)}

### Hard and ordinary

${perGroup(findings, '', ({ hard }) => (hard === undefined ? 'ordinary' : 'hard'))}

### By voice

${perGroup(findings, 'register', ({ register }) => register)}

${experimentsPart(findings)}

### By topic, worst first

${perGroup(findings, 'topic', ({ topic }) => topic)}
`;
}

function confusion({ confusion: matrix }: Evaluation): string {
  const f1 = f1Scores(matrix);
  return `${table(
    ['is \\ was taken for', ...CATEGORIES, 'F1'],
    CATEGORIES.map((category, k) => [category, ...(matrix[k] ?? []), figure(f1[k] ?? 0)]),
  )}`;
}

const THRESHOLDS = [0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95];

function calibrationPart({ answers, scale, reviewThreshold }: Evaluation): string {
  const bins = reliability(answers);
  const thresholds = [...new Set([...THRESHOLDS, reviewThreshold])].sort((a, b) => a - b);
  return `### How far the confidence can be trusted

The log-odds are multiplied by one number fitted on the out-of-topic answers (${scale.toFixed(2)}); for this table, on those of the other topics.
Expected calibration error over ten bins: **${figure(expectedCalibrationError(bins))}**.

${table(
  ['confidence', 'tickets', 'mean confidence', 'accuracy'],
  bins.map((bin) => [
    `${bin.from.toFixed(1)} - ${bin.to.toFixed(1)}`,
    bin.tickets,
    percent(bin.meanConfidence),
    percent(bin.accuracy),
  ]),
)}

### When a person should look

\`needs_review\` is set below **${reviewThreshold.toFixed(2)}**: the lowest confidence, in steps of 0.01, above which ${percent(ACCURACY_WITHOUT_REVIEW)} of the answers were right.

${table(
  ['threshold', 'without review', 'right among them', 'right among the reviewed'],
  thresholds.map((threshold) => {
    const row = atThreshold(answers, threshold);
    const name = threshold === reviewThreshold ? `**${threshold.toFixed(2)}**` : threshold.toFixed(2);
    return [name, percent(row.coverage), percent(row.accuracy), percent(row.accuracyBelow)];
  }),
)}`;
}

function perGroup(
  { tickets, evaluation }: ClassifierFindings,
  head: string,
  groupOf: (ticket: LabelledTicket) => string,
): string {
  const groups = new Map<string, number[]>();
  tickets.forEach((ticket, i) => groups.set(groupOf(ticket), [...(groups.get(groupOf(ticket)) ?? []), i]));
  const rows = [...groups].map(([name, indices]) => {
    const right = indices.filter((i) => evaluation.answers[i]?.right).length;
    const wrong = CATEGORIES.map((category, k) => ({
      category,
      count: indices.filter((i) => evaluation.predicted[i] === k && evaluation.truth[i] !== k).length,
    })).filter(({ count }) => count > 0);
    const mistakes = wrong.map(({ category, count }) => `${category} ${count}`).join(', ');
    return { name, count: indices.length, share: right / indices.length, mistakes: mistakes || 'none' };
  });
  rows.sort((a, b) => a.share - b.share || (a.name < b.name ? -1 : 1));
  return table(
    [head, 'tickets', 'accuracy', 'wrongly taken for'],
    rows.map(({ name, count, share, mistakes }) => [name, count, percent(share), mistakes]),
  );
}

function experimentsPart({ experiments, weights }: ClassifierFindings): string {
  if (experiments === undefined) return '### What was tried\n\nNot run yet: `npx nx run tools:train -- --experiments`.';
  const outdated =
    experiments.data === weights.manifest.training.data ? '' : ' They were run on an earlier state of the tickets.';
  return `### What was tried

\`npx nx run tools:train -- --experiments\`: ${EXPERIMENT_FOLDS} folds of whole topics, each row with one difference from the chosen settings (${weights.manifest.training.steps} steps,
learning rate ${weights.manifest.training.learningRate}, features of ${weights.manifest.training.minimumTopics} topics and more).${outdated} The split is another than above, so compare the rows with each other only.
"Without review" is the share of tickets above the confidence from which ${percent(ACCURACY_WITHOUT_REVIEW)} are right. Differences in accuracy of less than a point are noise;
among equals the smaller and quicker one was taken.

${table(
  ['', 'accuracy', 'macro-F1', 'log loss', 'without review'],
  experiments.results.map(({ name, accuracy, macroF1, logLoss, coverage }) => [
    name,
    percent(accuracy),
    figure(macroF1),
    figure(logLoss),
    percent(coverage),
  ]),
)}

Tried in a throw-away program before this one and dropped, hence without figures: n-grams across word borders (no better, twice the features), training in
100 to 400 singular vectors (worse: the rare features are needed), and weights by how unevenly a feature is spread over the categories (worse out of topic).`;
}
