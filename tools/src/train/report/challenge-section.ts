import { CATEGORIES } from '@smart-support/contracts';
import type { ChallengeScore } from '../challenge';
import { between, figure, percent, table } from './markdown';

/** The last score on the challenge set and which weights it belongs to. */
export function challengeSection(score: ChallengeScore | undefined, classifierVersion: string): string {
  const head = '## Challenge set';
  if (score === undefined) return `${head}\n\nNot scored yet: \`npx nx run tools:train -- --challenge\`.\n`;
  const { classifier, urgency } = score;
  const stale =
    classifier.version === classifierVersion
      ? ''
      : ` The classifier has been trained again since (now \`${classifierVersion}\`); the figures are those of the older weights.`;
  return `${head}

${score.tickets} tickets by a writer who knew only the rubric; scored once per milestone with \`npx nx run tools:train -- --challenge\`.
Scored: classifier \`${classifier.version}\`, urgency \`${urgency.version}\`.${stale} Intervals are 95 % bootstrap intervals over single tickets.

- Accuracy: **${percent(classifier.accuracy)}** (${between(classifier.accuracyInterval, percent)}), macro-F1 **${figure(classifier.macroF1)}** (${between(classifier.macroF1Interval, figure)})
- Expected calibration error: ${figure(classifier.calibrationError)}
- Without review: ${percent(classifier.coverage)} of the tickets, ${percent(classifier.accuracyWithoutReview ?? NaN)} of them right
- Urgency: rank correlation **${figure(urgency.spearman)}** (${between(urgency.spearmanInterval, figure)}), mean absolute error **${figure(urgency.meanAbsoluteError)}**

${table(
  ['is \\ was taken for', ...CATEGORIES],
  CATEGORIES.map((category, k) => [category, ...(classifier.confusion[k] ?? [])]),
)}
`;
}
