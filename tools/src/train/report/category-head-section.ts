import { CATEGORIES } from '@smart-support/contracts';
import { atThreshold, expectedCalibrationError, reliability } from '../calibration';
import { ACCURACY_WITHOUT_REVIEW, CHOSEN_EMBEDDING_OPTIONS } from '../classifier/chosen-options';
import { EXPERIMENT_FOLDS } from '../classifier/experiments';
import { type Figure, HEAD_PARTS, type HeadPart } from '../classifier/head-evaluation';
import type { CategoryHeadTraining } from '../classifier/train-category-head';
import type { LabelledTicket } from '../dataset';
import { between, figure, percent, table } from './markdown';

/** What the head's part of the report is written from. */
export interface CategoryHeadFindings {
  readonly tickets: readonly LabelledTicket[];
  readonly training: CategoryHeadTraining;
}

const NAMES: Readonly<Record<HeadPart, string>> = {
  baseline: 'words (the baseline)',
  embedding: 'embedding',
  fused: '**both, fused: the head**',
};

/** The head's part of `data/report.md`. */
export function categoryHeadSection({ tickets, training }: CategoryHeadFindings): string {
  const { manifest, data } = training.weights;
  const { gain, evaluations } = training;
  return `## Category head

The baseline and a logistic regression on the embedding (${manifest.embedder.name} \`${manifest.embedder.version}\`), their log-odds added (\`libs/classifier\`, weights \`${manifest.hash.slice(0, 12)}\`,
${Math.ceil(data.length / 1024)} KiB packed, fused with baseline \`${manifest.baseline.slice(0, 12)}\`): ${manifest.wordsWeight.toFixed(2)} x words + ${manifest.meaningWeight.toFixed(2)} x embedding. Every figure is out of topic: neither part saw the ticket's topic,
nor did the factors and the calibration. Intervals are 95 % topic-bootstrap intervals.

${overview(training)}

The head less the baseline on the same tickets: **${signed(gain.accuracy, points)}** of accuracy, ${signed(gain.logLoss, figure)} of log loss.
\`needs_review\` is set below **${manifest.reviewThreshold.toFixed(2)}** (baseline: ${evaluations.baseline.reviewThreshold.toFixed(2)}), the lowest confidence above which ${percent(ACCURACY_WITHOUT_REVIEW)} of the answers were right.

${confusion(training)}

${calibrationTable(training)}

${secondRoundPart(training)}

### Where the head is weak

The ${WEAKEST} topics it does worst on. A topic far below the others is one that the rest of the data say little about: more tickets near it would help most.

${perGroup(tickets, training, 'topic', ({ topic }) => topic, WEAKEST)}

By voice:

${perGroup(tickets, training, 'register', ({ register }) => register)}

${experimentsPart(training)}
`;
}

/** Topics in the table of the weakest. */
const WEAKEST = 12;

function overview({ evaluations, intervals }: CategoryHeadTraining): string {
  const rows = HEAD_PARTS.map((part) => {
    const { accuracy, macroF1, logLoss, answers, reviewThreshold } = evaluations[part];
    const range = intervals[part];
    return [
      NAMES[part],
      `${percent(accuracy)} (${between(range.accuracy, percent)})`,
      `${figure(macroF1)} (${between(range.macroF1, figure)})`,
      `${figure(logLoss)} (${between(range.logLoss, figure)})`,
      figure(expectedCalibrationError(reliability(answers))),
      `${percent(atThreshold(answers, reviewThreshold).coverage)} (${between(range.coverage, percent)})`,
    ];
  });
  return table(['', 'accuracy', 'macro-F1', 'log loss', 'calibration error', 'without review'], rows);
}

function confusion({ evaluations }: CategoryHeadTraining): string {
  const matrix = evaluations.fused.confusion;
  return table(
    ['is \\ was taken for', ...CATEGORIES],
    CATEGORIES.map((category, k) => [category, ...(matrix[k] ?? [])]),
  );
}

function calibrationTable({ evaluations }: CategoryHeadTraining): string {
  return table(
    ['confidence', 'tickets', 'mean confidence', 'accuracy'],
    reliability(evaluations.fused.answers).map((bin) => [
      `${bin.from.toFixed(1)} - ${bin.to.toFixed(1)}`,
      bin.tickets,
      percent(bin.meanConfidence),
      percent(bin.accuracy),
    ]),
  );
}

function secondRoundPart({ secondRound }: CategoryHeadTraining): string {
  if (secondRound === undefined) return '';
  const cell = ({ value, interval }: Figure) => `${percent(value)} (${between(interval, percent)})`;
  return `### The second round of tickets

Accuracy on the ${secondRound.tickets} tickets of the second round, by models that learnt from everything but the ticket's topic, and by models that learnt from the first round only.

${table(
  ['', 'its topic left out', 'first round only'],
  HEAD_PARTS.map((part) => [NAMES[part], cell(secondRound.leftOut[part]), cell(secondRound.untaught[part])]),
)}`;
}

function perGroup(
  tickets: readonly LabelledTicket[],
  { evaluations }: CategoryHeadTraining,
  head: string,
  groupOf: (ticket: LabelledTicket) => string,
  most = Infinity,
): string {
  const groups = new Map<string, number[]>();
  tickets.forEach((ticket, i) => groups.set(groupOf(ticket), [...(groups.get(groupOf(ticket)) ?? []), i]));
  const share = (part: HeadPart, indices: readonly number[]) =>
    indices.filter((i) => evaluations[part].answers[i]?.right).length / indices.length;
  const rows = [...groups].map(([name, indices]) => ({
    name,
    count: indices.length,
    fused: share('fused', indices),
    baseline: share('baseline', indices),
    embedding: share('embedding', indices),
    mistakes: mistakes(evaluations.fused, indices),
  }));
  rows.sort((a, b) => a.fused - b.fused || (a.name < b.name ? -1 : 1));
  return table(
    [head, 'tickets', 'head', 'baseline', 'embedding', 'the head wrongly took for'],
    rows
      .slice(0, most)
      .map((row) => [
        row.name,
        row.count,
        percent(row.fused),
        percent(row.baseline),
        percent(row.embedding),
        row.mistakes,
      ]),
  );
}

function mistakes(
  { truth, predicted }: CategoryHeadTraining['evaluations'][HeadPart],
  indices: readonly number[],
): string {
  const counts = CATEGORIES.map((category, k) => ({
    category,
    count: indices.filter((i) => predicted[i] === k && truth[i] !== k).length,
  }));
  const named = counts.filter(({ count }) => count > 0).map(({ category, count }) => `${category} ${count}`);
  return named.join(', ') || 'nothing';
}

function experimentsPart({ experiments }: CategoryHeadTraining): string {
  return `### What was tried for the head

The embedding's part was trained in ${EXPERIMENT_FOLDS} folds of whole topics and fused with the same words, each row with one difference from the chosen settings
(${CHOSEN_EMBEDDING_OPTIONS.steps} steps, learning rate ${CHOSEN_EMBEDDING_OPTIONS.learningRate}). Compare the rows with each other only; differences of less than a point are noise.

${table(
  ['', 'accuracy', 'log loss', 'without review'],
  experiments.map(({ name, accuracy, logLoss, coverage }) => [
    name,
    percent(accuracy),
    figure(logLoss),
    percent(coverage),
  ]),
)}

Tried in a throw-away program before this one and dropped, hence without figures: embeddings that are centred but not standardised (no better, two to four times
the steps), a bias for each category in the fusion (a little worse out of topic), and one model over words and embedding at once (worse than adding their log-odds).`;
}

const points = (share: number): string => `${(100 * share).toFixed(1)} points`;

const signed = ({ value, interval }: Figure, show: (number: number) => string): string => {
  const withSign = (number: number) => `${number > 0 ? '+' : ''}${show(number)}`;
  return `${withSign(value)} (${between(interval, withSign)})`;
};
