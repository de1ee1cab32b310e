import type { Row } from '../../train/report/markdown';
import { figure, percent, withInterval } from '../../train/report/markdown';
import type { Evaluation, ShownMistake, ShownResults } from '../evaluate';
import { confusionRows, labelRows, reasonRows, reliabilityRows, summaryRows, thresholdRows, warningsOf } from './rows';

/** The results as text for a terminal. */
export function renderText({ models, files, together }: Evaluation): string {
  const shown = together ? [...files, together] : files;
  const last = together ?? files[0];
  const rows = summaryRows(shown);
  // Few files stand side by side, which a terminal is wide enough for.
  const summary = shown.length <= MOST_SIDE_BY_SIDE ? turned(rows) : rows;
  return [
    `Models: ${models.join(', ')}`,
    aligned(summary[0] ?? [], summary.slice(1)),
    ...(last ? details(last, together !== null) : []),
  ].join('\n\n');
}

const MOST_SIDE_BY_SIDE = 3;

const turned = (rows: readonly Row[]): Row[] => (rows[0] ?? []).map((_, k) => rows.map((cells) => cells[k] ?? ''));

function details(results: ShownResults, areAll: boolean): string[] {
  const { category, urgency, mistakes } = results;
  const parts: string[] = [];
  if (areAll) parts.push('All files together:');
  const warnings = warningsOf(results);
  if (warnings.length > 0) parts.push(warnings.join('\n'));
  if (category) {
    parts.push(titled('Label (row) and prediction (column)', confusionRows(results)));
    parts.push(titled('Recognised', labelRows(results)));
    if (category.calibration) {
      const { expectedCalibrationError } = category.calibration;
      parts.push(
        titled(`Confidence; expected calibration error ${figure(expectedCalibrationError)}`, reliabilityRows(results)),
      );
      parts.push(titled('If only tickets from some confidence on went without review', thresholdRows(results)));
    }
  }
  parts.push(titled('Flagged for review', reasonRows(results)));
  if (urgency) {
    const { spearman, alerts } = urgency;
    parts.push(
      [
        `Urgency of ${urgency.tickets} tickets: rank correlation ${spearman ? withInterval(spearman) : '-'}` +
          (urgency.meanAbsoluteError === null ? '' : `, mean absolute error ${figure(urgency.meanAbsoluteError)}`),
        ...(alerts
          ? [
              `Alerts above ${alerts.threshold}: ${alerts.predicted} predicted, ${alerts.labelled} by label, ${alerts.right} both; ` +
                `precision ${percent(alerts.precision)}, recall ${percent(alerts.recall)}`,
            ]
          : []),
      ].join('\n'),
    );
  }
  if (mistakes.length > 0) parts.push(['The most confident mistakes', ...mistakes.map(mistakeLines)].join('\n'));
  return parts;
}

function mistakeLines({ file, line, excerpt, label, predicted, confidence, terms }: ShownMistake): string {
  const reasons = terms.map(({ term, weight }) => `${term} ${weight > 0 ? '+' : ''}${weight.toFixed(2)}`).join(', ');
  return [
    `  ${file}:${line}  ${label}, predicted ${predicted} (${figure(confidence)})`,
    `    ${printable(excerpt)}`,
    ...(reasons === '' ? [] : [`    ${printable(reasons)}`]),
  ].join('\n');
}

/** Text of strangers must not steer the terminal. */
// eslint-disable-next-line no-control-regex
const printable = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ');

const titled = (title: string, [head = [], ...rows]: readonly Row[]): string =>
  `${title}\n${aligned(head, rows, '  ')}`;

/** Columns of equal width: the first to the left, the others to the right. */
function aligned(head: Row, rows: readonly Row[], indent = ''): string {
  const lines = [head, ...rows].map((cells) => cells.map(String));
  const widths = head.map((_, k) => Math.max(...lines.map((cells) => cells[k]?.length ?? 0)));
  return lines
    .map((cells) => cells.map((cell, k) => (k === 0 ? cell.padEnd(widths[k] ?? 0) : cell.padStart(widths[k] ?? 0))))
    .map((cells) => indent + cells.join('  ').trimEnd())
    .join('\n');
}
