import type { ChallengeScore } from '../challenge';
import type { DoubleLabel } from '../dataset';
import { challengeSection } from './challenge-section';
import { type ClassifierFindings, classifierSection } from './classifier-section';
import { dataSection } from './data-section';

/** What the report is written from. */
export interface Findings {
  readonly classifier: ClassifierFindings;
  readonly labels: readonly DoubleLabel[] | undefined;
  readonly challenge: ChallengeScore | undefined;
  /** The urgency baseline's own part. */
  readonly urgencySection: string;
}

/** `data/report.md`. The same findings give the same text: no date, no duration. */
export function renderReport({ classifier, labels, challenge, urgencySection }: Findings): string {
  const version = classifier.weights.manifest.hash.slice(0, 12);
  return `# What the baseline models reach

Written by \`npx nx run tools:train\` (seed ${classifier.seed}); what the data are is said in [README.md](README.md) and [rubric.md](rubric.md).

${dataSection(classifier.tickets, labels)}

${challengeSection(challenge, version)}

${classifierSection(classifier)}

${urgencySection}
`;
}
