import { CATEGORIES, REVIEW_REASONS, type ReviewReason } from '@smart-support/contracts';
import {
  atThreshold,
  expectedCalibrationError,
  reliability,
  type ReliabilityBin,
  type ThresholdRow,
} from '../train/calibration';
import { pick } from '../train/cross-validation';
import { type Figure, figureOf, type Measure, spearmanAt } from '../train/figures';
import { accuracy, confusionMatrix, f1Scores, mean, meanAbsoluteError, sum } from '../train/metrics';
import { randomFrom, shuffled } from '../train/random';
import { hasReason, isCategory, type Outcomes, type WrongAnswer } from './outcomes';
import { LABELS, NONE } from './tickets/labels';

/** How tickets are measured. */
export interface MeasureOptions {
  /** Urgency strictly above which an alert is due, in [0, 1]. */
  readonly alertThreshold: number;
  /** The urgency label from which a ticket is an alert; by default above the threshold, where labels are in [0, 1]. */
  readonly alertFrom?: number | undefined;
  /** Whether urgencies are ranks of levels, also where they happen to be in [0, 1]. */
  readonly urgencyIsRank?: boolean | undefined;
  /** Draws the intervals. */
  readonly seed: number;
  /** Most tickets that an interval is drawn from, 10,000 by default: above, a sample of as many gives a slightly wider one within seconds. */
  readonly mostDrawn?: number;
}

/** What intervals are drawn by. */
type Drawing = Pick<MeasureOptions, 'seed' | 'mostDrawn'>;

/** How one label is recognised. */
export interface LabelResult {
  readonly label: string;
  readonly tickets: number;
  /** NaN where nothing is predicted as it, as `recall` where nothing is it. */
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** Tickets and the share of them that is right; NaN where none is labelled. */
export interface ReviewPart {
  readonly tickets: number;
  /** Of all tickets. */
  readonly share: number;
  readonly accuracy: number;
}

/** What could be measured of some tickets; `null` where there are no labels for it. */
export interface Results {
  readonly name: string;
  readonly tickets: number;
  /** Tickets that another model answered than the one that is measured, because that one failed. */
  readonly degraded: number;
  readonly category: {
    readonly tickets: number;
    /** A ticket labelled `none` is right if it is flagged for review. */
    readonly accuracy: Figure;
    /** Mean F1 of the categories that occur among the labels. */
    readonly macroF1: Figure;
    readonly labels: readonly LabelResult[];
    /** Rows are labels, columns predictions, both in the order of `LABELS`; the column `none` holds tickets labelled `none` that are flagged. */
    readonly confusion: readonly (readonly number[])[];
    /** Of the tickets that have one of our categories. */
    readonly calibration: {
      readonly bins: readonly ReliabilityBin[];
      readonly expectedCalibrationError: number;
      readonly thresholds: readonly ThresholdRow[];
    } | null;
    /** The tickets labelled `none`, and the share of them that is flagged. */
    readonly none: { readonly tickets: number; readonly flagged: number } | null;
  } | null;
  readonly review: {
    readonly flagged: ReviewPart;
    readonly unflagged: ReviewPart;
    /** A ticket may have several reasons. */
    readonly reasons: readonly (ReviewPart & { readonly reason: ReviewReason })[];
  };
  readonly urgency: {
    readonly tickets: number;
    /** `null` where all labels are equal. */
    readonly spearman: Figure | null;
    /** `null` where labels are not in [0, 1]. */
    readonly meanAbsoluteError: number | null;
    readonly alerts: {
      readonly threshold: number;
      readonly labelled: number;
      readonly predicted: number;
      readonly right: number;
      readonly precision: number;
      readonly recall: number;
    } | null;
  } | null;
  readonly mistakes: readonly WrongAnswer[];
}

const THRESHOLDS = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95];

const MOST_DRAWN = 10_000;

/** Measures some outcomes. */
export function measure(outcomes: Outcomes, options: MeasureOptions): Results {
  return {
    name: outcomes.file,
    tickets: outcomes.size,
    degraded: outcomes.degraded,
    category: categoryResults(outcomes, options),
    review: reviewResults(outcomes),
    urgency: urgencyResults(outcomes, options),
    mistakes: outcomes.mistakes,
  };
}

function categoryResults(
  { truth, predicted, confidence, reasons, topics }: Outcomes,
  by: Drawing,
): Results['category'] {
  const labelled = positionsWhere(truth, (label) => label >= 0);
  if (labelled.length === 0) return null;
  const [is, said] = [pick(truth, labelled), pick(predicted, labelled)];
  const ofOurs = positionsWhere(truth, isCategory);
  const answers = ofOurs.map((i) => ({ confidence: confidence[i] ?? 0, right: truth[i] === predicted[i] }));
  const bins = reliability(answers);
  const none = positionsWhere(truth, (label) => label === LABELS.indexOf(NONE));
  const confusion = confusionMatrix(is, said, LABELS.length);
  const drawn = pick(topics, labelled);
  return {
    tickets: labelled.length,
    accuracy: drawnFigure(drawn, by, (at) => accuracy(pick(is, at), pick(said, at))),
    macroF1: drawnFigure(drawn, by, (at) =>
      macroF1OfOccurring(confusionMatrix(pick(is, at), pick(said, at), LABELS.length)),
    ),
    labels: labelResults(confusion),
    confusion,
    calibration:
      answers.length === 0
        ? null
        : {
            bins,
            expectedCalibrationError: expectedCalibrationError(bins),
            thresholds: THRESHOLDS.map((threshold) => atThreshold(answers, threshold)),
          },
    none:
      none.length === 0
        ? null
        : { tickets: none.length, flagged: none.filter((i) => reasons[i] !== 0).length / none.length },
  };
}

/** Of our categories, without those that no ticket has: they would count as never recognised. NaN where there is none. */
function macroF1OfOccurring(confusion: readonly (readonly number[])[]): number {
  const scores = f1Scores(confusion);
  return mean(scores.filter((_, k) => isCategory(k) && sum(confusion[k] ?? []) > 0));
}

function labelResults(confusion: readonly (readonly number[])[]): LabelResult[] {
  const scores = f1Scores(confusion);
  return CATEGORIES.map((label, k) => {
    const tickets = sum(confusion[k] ?? []);
    const right = confusion[k]?.[k] ?? 0;
    const predicted = sum(confusion.map((row) => row[k] ?? 0));
    return { label, tickets, precision: right / predicted, recall: right / tickets, f1: scores[k] ?? 0 };
  });
}

function reviewResults({ truth, predicted, reasons, size }: Outcomes): Results['review'] {
  const part = (positions: readonly number[]): ReviewPart => {
    const labelled = positions.filter((i) => (truth[i] ?? -1) >= 0);
    return {
      tickets: positions.length,
      share: positions.length / size,
      accuracy: accuracy(pick(truth, labelled), pick(predicted, labelled)),
    };
  };
  return {
    flagged: part(positionsWhere(reasons, (bits) => bits !== 0)),
    unflagged: part(positionsWhere(reasons, (bits) => bits === 0)),
    reasons: REVIEW_REASONS.map((reason) => ({
      reason,
      ...part(positionsWhere(reasons, (bits) => hasReason(bits, reason))),
    })),
  };
}

function urgencyResults(
  { urgencyScores, urgencyLabels, topics }: Outcomes,
  options: MeasureOptions,
): Results['urgency'] {
  const labelled = positionsWhere(urgencyLabels, (label) => !Number.isNaN(label));
  if (labelled.length === 0) return null;
  const [scores, labels] = [pick(urgencyScores, labelled), pick(urgencyLabels, labelled)];
  const { alertThreshold, alertFrom, urgencyIsRank = false } = options;
  const isShare = !urgencyIsRank && labels.every((label) => label >= 0 && label <= 1);
  const varies = labels.some((label) => label !== labels[0]);
  return {
    tickets: labelled.length,
    spearman: varies ? drawnFigure(pick(topics, labelled), options, spearmanAt(scores, labels)) : null,
    meanAbsoluteError: isShare ? meanAbsoluteError(scores, labels) : null,
    alerts: alertFrom !== undefined || isShare ? alertResults(scores, labels, alertThreshold, alertFrom) : null,
  };
}

function alertResults(
  scores: readonly number[],
  labels: readonly number[],
  threshold: number,
  from: number | undefined,
): NonNullable<Results['urgency']>['alerts'] {
  const isAlert = labels.map((label) => (from === undefined ? label > threshold : label >= from));
  const isPredicted = scores.map((score) => score > threshold);
  const labelled = isAlert.filter(Boolean).length;
  const predicted = isPredicted.filter(Boolean).length;
  const right = isAlert.filter((alert, i) => alert && isPredicted[i]).length;
  return { threshold, labelled, predicted, right, precision: right / predicted, recall: right / labelled };
}

/** A figure of all tickets, with its 95 % bootstrap interval. */
function drawnFigure(topics: readonly string[], { seed, mostDrawn = MOST_DRAWN }: Drawing, at: Measure): Figure {
  const everything = [...topics.keys()];
  const sample =
    everything.length <= mostDrawn ? everything : shuffled(everything, randomFrom(seed)).slice(0, mostDrawn);
  const names = sample.map((i) => topics[i] || `\n${i}`);
  const drawn = figureOf({ topics: names, seed }, (positions) => at(pick(sample, positions)));
  const value = at(everything);
  // Around the figure of all tickets, not of the sample.
  const [low, high] = drawn.interval.map((bound) => bound + (sample === everything ? 0 : value - drawn.value));
  return { value, interval: [low ?? NaN, high ?? NaN] };
}

function positionsWhere(column: readonly number[], holds: (value: number) => boolean): number[] {
  return column.flatMap((value, i) => (holds(value) ? [i] : []));
}
