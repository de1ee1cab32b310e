import { FAILURE_FOLDS, type FailureTraining } from '../failure/train-failures';
import { figure, percent, table } from './markdown';

const HEADING = '## Reports of failures';

/** The last part of `data/report.md`, about the models of failure reports. */
export function failureSection({ head, baseline, scores }: FailureTraining): string {
  const rows = [
    ['words (the baseline)', baseline, scores.baseline] as const,
    ['**embedding: the head**', head, scores.head] as const,
  ].map(([name, { manifest, data }, score]) => [
    name,
    `\`${manifest.hash.slice(0, 12)}\``,
    `${(data.length / 1024).toFixed(1)} KiB`,
    percent(score.accuracy),
    percent(score.found),
    percent(score.falselyFound),
    figure(score.logLoss),
  ]);
  return `${HEADING}

Does a ticket report that something does not work? Two logistic regressions on the ${head.manifest.training.texts} texts of \`failure-reports.jsonl\` (\`libs/classifier\`), by ${FAILURE_FOLDS}-fold
cross-validation, at a probability of one half. The settings are those of the category models.

${table(['', 'weights', 'packed', 'accuracy', 'reports found', 'others taken for reports', 'log loss'], rows)}
`;
}

/** A report with a new part about reports of failures. */
export function withFailureSection(report: string, section: string): string {
  const at = report.indexOf(`\n${HEADING}\n`);
  return `${(at < 0 ? report : report.slice(0, at)).trimEnd()}\n\n${section}`;
}
