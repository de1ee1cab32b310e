import type { ChallengeScore } from '../challenge';
import type { CategoryHeadTraining } from '../classifier/train-category-head';
import type { DoubleLabel } from '../dataset';
import { categoryHeadSection } from './category-head-section';
import { challengeSection } from './challenge-section';
import { type ClassifierFindings, classifierSection } from './classifier-section';
import { dataSection } from './data-section';

/** What the report is written from. */
export interface Findings {
  readonly classifier: ClassifierFindings;
  readonly categoryHead: CategoryHeadTraining;
  readonly labels: readonly DoubleLabel[] | undefined;
  readonly challenge: ChallengeScore | undefined;
  /** The parts about urgency, baseline first. */
  readonly urgencySections: readonly string[];
  /** Versions of the urgency models that were trained. */
  readonly urgencyVersions: readonly string[];
}

/** `data/report.md`. The same findings give the same text: no date, no duration. */
export function renderReport(findings: Findings): string {
  const { classifier, categoryHead, labels, challenge, urgencySections, urgencyVersions } = findings;
  const versions = [classifier.weights, categoryHead.weights].map(({ manifest }) => manifest.hash.slice(0, 12));
  return `# What the models reach

Written by \`npx nx run tools:train\` (seed ${classifier.seed}); what the data are is said in [README.md](README.md) and [rubric.md](rubric.md).

${dataSection(classifier.tickets, labels)}

${challengeSection(challenge, [...versions, ...urgencyVersions])}

${classifierSection(classifier)}

${categoryHeadSection({ tickets: classifier.tickets, training: categoryHead })}

${urgencySections.join('\n\n')}
`;
}
