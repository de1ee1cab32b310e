import type { ClassifierWeights } from '@smart-support/classifier';
import { CATEGORIES } from '@smart-support/contracts';
import { atThreshold, expectedCalibrationError, reliability } from '../calibration';
import { type Evaluation, measuresOf } from '../classifier/evaluation';
import { type CategoryHeadTraining, HEAD_PARTS, type HeadPart } from '../classifier/train-category-head';
import { positionsByName } from '../cross-validation';
import type { LabelledTicket } from '../dataset';
import { differenceOf, figureOf } from '../figures';
import { f1Scores } from '../metrics';
import { figure, percent, type Row, signedWithInterval, table, withInterval } from './markdown';

/** What the part about categories is written from. */
export interface CategoryFindings {
  readonly tickets: readonly LabelledTicket[];
  readonly classifier: { readonly weights: ClassifierWeights };
  readonly categoryHead: CategoryHeadTraining;
  readonly seed: number;
}

const NAMES: Readonly<Record<HeadPart, string>> = {
  baseline: 'words (the baseline)',
  embedding: 'embedding',
  fused: '**both, fused: the head**',
};

const WEAKEST_TOPICS = 12;
const THRESHOLDS = [0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95];

/** The part of `data/report.md` about the classifier baseline and the category head. */
export function categorySection(findings: CategoryFindings): string {
  const { tickets, classifier, categoryHead, seed } = findings;
  const { manifest, data } = classifier.weights;
  const { manifest: head, data: headData } = categoryHead.weights;
  const { baseline, fused } = categoryHead.evaluations;
  const by = { topics: tickets.map(({ topic }) => topic), seed };
  const [better, worse] = [measuresOf(fused), measuresOf(baseline)];
  const gain = (name: 'accuracy' | 'logLoss') => figureOf(by, differenceOf(better[name], worse[name]));
  const rows = HEAD_PARTS.map((part) => {
    const { accuracy, macroF1, logLoss, coverage } = measuresOf(categoryHead.evaluations[part]);
    return [
      NAMES[part],
      withInterval(figureOf(by, accuracy), percent),
      withInterval(figureOf(by, macroF1)),
      withInterval(figureOf(by, logLoss)),
      figure(expectedCalibrationError(reliability(categoryHead.evaluations[part].answers))),
      withInterval(figureOf(by, coverage), percent),
    ];
  });
  return `## Category

- Baseline: TF-IDF of words, word pairs and character n-grams, and logistic regression (\`libs/classifier\`, weights \`${manifest.hash.slice(0, 12)}\`): ${manifest.features} features, ${kib(data)} KiB packed.
- Head: a logistic regression on the embedding (${head.embedder.name} \`${head.embedder.version}\`) fused with the log-odds of baseline \`${head.baseline.slice(0, 12)}\` (weights \`${head.hash.slice(0, 12)}\`, ${kib(headData)} KiB packed): ${head.wordsWeight.toFixed(2)} x words + ${head.meaningWeight.toFixed(2)} x embedding.

${table(['', 'accuracy', 'macro-F1', 'log loss', 'calibration error', 'without review'], rows)}

The head less the baseline: **${signedWithInterval(gain('accuracy'), points)}** of accuracy, ${signedWithInterval(gain('logLoss'))} of log loss.

${modelPart('Baseline', baseline, manifest.reviewThreshold)}

${modelPart('Head', fused, head.reviewThreshold)}

### Weakest topics

The ${WEAKEST_TOPICS} topics with the lowest accuracy of the head. The other topics teach little about them: more tickets of similar topics would help most.

${perGroup(findings, 'topic', ({ topic }) => topic, WEAKEST_TOPICS)}

### By voice

${perGroup(findings, 'register', ({ register }) => register)}

### Hard and ordinary

${perGroup(findings, '', ({ hard }) => (hard === undefined ? 'ordinary' : 'hard'))}`;
}

const kib = (data: string): number => Math.ceil(data.length / 1024);
const points = (share: number): string => `${(100 * share).toFixed(1)} points`;

function modelPart(name: string, { confusion, answers }: Evaluation, reviewThreshold: number): string {
  const f1 = f1Scores(confusion);
  const bins = reliability(answers).map((bin) => [
    `${bin.from.toFixed(1)} - ${bin.to.toFixed(1)}`,
    bin.tickets,
    percent(bin.meanConfidence),
    percent(bin.accuracy),
  ]);
  const thresholds = [...new Set([...THRESHOLDS, reviewThreshold])].sort((a, b) => a - b);
  const reviews = thresholds.map((threshold) => {
    const row = atThreshold(answers, threshold);
    const shown = threshold === reviewThreshold ? `**${threshold.toFixed(2)}**` : threshold.toFixed(2);
    return [shown, percent(row.coverage), percent(row.accuracy), percent(row.accuracyBelow)];
  });
  return `### ${name}

${table(
  ['is \\ predicted', ...CATEGORIES, 'F1'],
  CATEGORIES.map((category, k) => [category, ...(confusion[k] ?? []), figure(f1[k] ?? 0)]),
)}

For this table the log-odds are multiplied by one factor, fitted on the other folds. The shipped factor and threshold are chosen by strangers' texts: [field/report.md](field/report.md).

${table(['confidence', 'tickets', 'mean confidence', 'accuracy'], bins)}

\`needs_review\` is set below **${reviewThreshold.toFixed(2)}**.

${table(['threshold', 'without review', 'right among them', 'right among the reviewed'], reviews)}`;
}

function perGroup(
  { tickets, categoryHead: { evaluations } }: CategoryFindings,
  head: string,
  nameOf: (ticket: LabelledTicket) => string,
  most = Infinity,
): string {
  const share = (part: HeadPart, positions: readonly number[]) =>
    positions.filter((i) => evaluations[part].answers[i]?.right).length / positions.length;
  const { truth, predicted } = evaluations.fused;
  const mistakes = (positions: readonly number[]) => {
    const counts = CATEGORIES.map((_, k) => positions.filter((i) => predicted[i] === k && truth[i] !== k).length);
    return CATEGORIES.flatMap((category, k) => ((counts[k] ?? 0) > 0 ? `${category} ${counts[k]}` : [])).join(', ');
  };
  const groups = [...positionsByName(tickets.map(nameOf))]
    .map(([name, positions]) => ({ name, positions, right: share('fused', positions) }))
    .sort((a, b) => a.right - b.right || (a.name < b.name ? -1 : 1))
    .slice(0, most);
  return table(
    [head, 'tickets', 'head', 'baseline', 'embedding', 'the head wrongly predicts'],
    groups.map(({ name, positions, right }): Row => [
      name,
      positions.length,
      percent(right),
      percent(share('baseline', positions)),
      percent(share('embedding', positions)),
      mistakes(positions) || 'nothing',
    ]),
  );
}
