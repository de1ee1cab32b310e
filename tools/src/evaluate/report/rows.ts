import { figure, percent, type Row, withInterval } from '../../train/report/markdown';
import type { ShownResults } from '../evaluate';
import { LABELS, NONE } from '../tickets/labels';

type SummaryColumn = readonly [name: string, show: (results: ShownResults) => string | null | undefined];

/** One row a file, of what is measured on any of them. Rows of all tables: the head first. */
export function summaryRows(results: readonly ShownResults[]): Row[] {
  const columns: readonly SummaryColumn[] = [
    ['file', ({ name }) => name],
    ['tickets', ({ tickets }) => whole(tickets)],
    ['accuracy (95 %)', ({ category }) => category && withInterval(category.accuracy, percent)],
    ['macro-F1', ({ category }) => category && figure(category.macroF1.value)],
    ['ECE', ({ category }) => category?.calibration && figure(category.calibration.expectedCalibrationError)],
    ['flagged', ({ review }) => percent(review.flagged.share)],
    ['right unflagged', ({ category, review }) => category && percent(review.unflagged.accuracy)],
    ['none flagged', ({ category }) => category?.none && percent(category.none.flagged)],
    ['urgency rank corr.', ({ urgency }) => urgency?.spearman && withInterval(urgency.spearman)],
    ['alert precision', ({ urgency }) => urgency?.alerts && percent(urgency.alerts.precision)],
    ['alert recall', ({ urgency }) => urgency?.alerts && percent(urgency.alerts.recall)],
  ];
  const measured = columns.filter(([, show]) => results.some((some) => show(some)));
  return [measured.map(([name]) => name), ...results.map((some) => measured.map(([, show]) => show(some) ?? ''))];
}

/** Labels and predictions; the label and the column `none` only where there are such tickets. */
export function confusionRows({ category }: ShownResults): Row[] {
  if (!category) return [];
  const shown = LABELS.map((_, k) => k).filter((k) => LABELS[k] !== NONE || category.none);
  const head = shown.map((k) => (LABELS[k] === NONE ? 'flagged' : (LABELS[k] ?? '')));
  return [['', ...head], ...shown.map((k) => [LABELS[k] ?? '', ...shown.map((j) => category.confusion[k]?.[j] ?? 0)])];
}

/** How each category is recognised. */
export function labelRows({ category }: ShownResults): Row[] {
  return [
    ['', 'tickets', 'precision', 'recall', 'F1'],
    ...(category?.labels ?? []).map(({ label, tickets, precision, recall, f1 }): Row => [
      label,
      whole(tickets),
      percent(precision),
      percent(recall),
      tickets === 0 ? '-' : figure(f1),
    ]),
  ];
}

/** The reliability table. */
export function reliabilityRows({ category }: ShownResults): Row[] {
  return [
    ['confidence', 'tickets', 'mean', 'accuracy'],
    ...(category?.calibration?.bins ?? []).map(({ from, to, tickets, meanConfidence, accuracy }): Row => [
      `${from.toFixed(1)} to ${to.toFixed(1)}`,
      whole(tickets),
      figure(meanConfidence),
      figure(accuracy),
    ]),
  ];
}

/** What other review thresholds would give. */
export function thresholdRows({ category }: ShownResults): Row[] {
  return [
    ['from', 'without review', 'right among them', 'right below'],
    ...(category?.calibration?.thresholds ?? []).map(({ threshold, coverage, accuracy, accuracyBelow }): Row => [
      threshold.toFixed(2),
      percent(coverage),
      percent(accuracy),
      percent(accuracyBelow),
    ]),
  ];
}

/** Flagged tickets by reason, and the others. */
export function reasonRows({ review, category }: ShownResults): Row[] {
  const row = (name: string, { tickets, share, accuracy }: ShownResults['review']['flagged']): Row => [
    name,
    whole(tickets),
    percent(share),
    ...(category ? [percent(accuracy)] : []),
  ];
  return [
    ['', 'tickets', 'share', ...(category ? ['right'] : [])],
    row('any reason', review.flagged),
    ...review.reasons.map((part) => row(part.reason, part)),
    row('not flagged', review.unflagged),
  ];
}

/** A whole number with its thousands apart. */
export const whole = (number: number): string => number.toLocaleString('en');

/** What a reader must know of the figures before believing them. */
export function warningsOf({ degraded, tickets, category, urgency }: ShownResults): string[] {
  const only = (labelled: number, label: string): string[] =>
    labelled < tickets ? [`Only ${whole(labelled)} of ${whole(tickets)} tickets have ${label}.`] : [];
  return [
    ...(degraded > 0 ? [`For ${whole(degraded)} tickets the baseline answered, because a model failed.`] : []),
    ...only(category?.tickets ?? 0, 'a category'),
    ...only(urgency?.tickets ?? 0, 'an urgency'),
  ];
}
