import { CATEGORIES } from '@smart-support/contracts';
import type { ChallengeScore, ModelScore } from '../challenge';
import { between, figure, percent, table } from './markdown';

/** `data/challenge/report.md`. */
export function renderChallengeReport({ tickets, baseline, heads, urgencyGain }: ChallengeScore): string {
  const row = (name: string, of: (score: ModelScore) => string) => [name, of(baseline), of(heads)];
  return `# The challenge set

Written by \`npx nx run tools:train -- --challenge\`, which scores the weights that the libraries ship.

${tickets} tickets by a writer who knew only the rubric, scored once per milestone; nobody who trains looks into them.
Intervals are 95 % bootstrap intervals over single tickets.

${table(
  ['', 'baseline', 'heads on the embedding'],
  [
    row('weights', ({ classifier, urgency }) => `\`${classifier.version}\`, \`${urgency.version}\``),
    row('accuracy', ({ classifier: c }) => `**${percent(c.accuracy)}** (${between(c.accuracyInterval, percent)})`),
    row('macro-F1', ({ classifier: c }) => `${figure(c.macroF1)} (${between(c.macroF1Interval, figure)})`),
    row('calibration error', ({ classifier: c }) => figure(c.calibrationError)),
    row('without review', ({ classifier: c }) => percent(c.coverage)),
    row('right among those', ({ classifier: c }) => percent(c.accuracyWithoutReview)),
    row(
      'urgency, rank correlation',
      ({ urgency: u }) => `**${figure(u.spearman)}** (${between(u.spearmanInterval, figure)})`,
    ),
    row('urgency, mean absolute error', ({ urgency: u }) => figure(u.meanAbsoluteError)),
  ],
)}

Urgency head less baseline: ${figure(urgencyGain.value)} (${between(urgencyGain.interval, figure)}) of rank correlation.

What the category head took for what:

${table(
  ['is \\ was taken for', ...CATEGORIES],
  CATEGORIES.map((category, k) => [category, ...(heads.classifier.confusion[k] ?? [])]),
)}
`;
}
