import { CATEGORIES } from '@smart-support/contracts';
import type { ChallengeScore, ModelScore } from '../challenge';
import { between, figure, percent, table } from './markdown';

/** The last score on the challenge set, and which weights it belongs to. */
export function challengeSection(score: ChallengeScore | undefined, current: readonly string[]): string {
  const head = '## Challenge set';
  if (score === undefined) return `${head}\n\nNot scored yet: \`npx nx run tools:train -- --challenge\`.\n`;
  const { baseline, heads, urgencyGain } = score;
  const scored = [baseline, heads].flatMap(({ classifier, urgency }) => [classifier.version, urgency.version]);
  const stale = scored.every((version) => current.includes(version))
    ? ''
    : ' Some weights have been trained again since; the figures are those of the older ones.';
  const row = (name: string, of: (score: ModelScore) => string) => [name, of(baseline), of(heads)];
  return `${head}

${score.tickets} tickets by a writer who knew only the rubric; scored once per milestone with \`npx nx run tools:train -- --challenge\`.${stale}
Intervals are 95 % bootstrap intervals over single tickets.

${table(
  ['', 'baseline', 'heads on the embedding'],
  [
    row('weights', ({ classifier, urgency }) => `\`${classifier.version}\`, \`${urgency.version}\``),
    row('accuracy', ({ classifier: c }) => `**${percent(c.accuracy)}** (${between(c.accuracyInterval, percent)})`),
    row('macro-F1', ({ classifier: c }) => `${figure(c.macroF1)} (${between(c.macroF1Interval, figure)})`),
    row('calibration error', ({ classifier: c }) => figure(c.calibrationError)),
    row('without review', ({ classifier: c }) => percent(c.coverage)),
    row('right among those', ({ classifier: c }) => percent(c.accuracyWithoutReview ?? NaN)),
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
