import type { CategoryHeadTraining } from '../classifier/train-category-head';
import type { DoubleLabel } from '../dataset';
import { categoryHeadSection } from './category-head-section';
import { type ClassifierFindings, classifierSection } from './classifier-section';
import { dataSection } from './data-section';

/** What the report is written from. */
export interface Findings {
  readonly classifier: ClassifierFindings;
  readonly categoryHead: CategoryHeadTraining;
  readonly labels: readonly DoubleLabel[] | undefined;
  /** The parts about urgency, baseline first. */
  readonly urgencySections: readonly string[];
}

/** `data/report.md`. The same findings give the same text: no date, no duration. */
export function renderReport(findings: Findings): string {
  const { classifier, categoryHead, labels, urgencySections } = findings;
  return `# What the models reach

Written by \`npx nx run tools:train\` (seed ${classifier.seed}); what the data are is said in [README.md](README.md) and [rubric.md](rubric.md).
How the shipped models do on tickets that no training ever saw: [challenge/report.md](challenge/report.md).

${dataSection(classifier.tickets, labels)}

${classifierSection(classifier)}

${categoryHeadSection({ tickets: classifier.tickets, training: categoryHead })}

${urgencySections.join('\n\n')}
`;
}
