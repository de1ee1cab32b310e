import type { FailureTraining } from './train-failures';
import { FAILURE_FOLDS } from './train-failures';
import { figure, percent, table } from '../report/markdown';

/** `libs/classifier/src/failure/failure-head-weights.ts`. */
export function failureHeadFile({ head: { manifest, data } }: FailureTraining): string {
  return weightsFile('FAILURE_HEAD_WEIGHTS', 'FailureHeadWeights', 'head', JSON.stringify(manifest), data);
}

/** `libs/classifier/src/failure/failure-baseline-weights.ts`. */
export function failureBaselineFile({ baseline: { manifest, data } }: FailureTraining): string {
  return weightsFile('FAILURE_BASELINE_WEIGHTS', 'FailureBaselineWeights', 'baseline', JSON.stringify(manifest), data);
}

function weightsFile(name: string, type: string, what: string, manifest: string, data: string): string {
  return `import type { ${type} } from './failure-weights-format';

/** The shipped failure ${what}. Written by \`npx nx run tools:train\`; never edited by hand. */
export const ${name}: ${type} = {
  manifest: ${manifest},
  data: '${data}',
};
`;
}

const HEADING = '## Reports of failures';

/** The part about reports of failures of `data/report.md`, its last one. */
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
