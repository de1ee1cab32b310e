import { calibrated, fitScale } from '../calibration';
import { argmax, mean } from '../metrics';

/** Share of the answers without review that must be right. */
export const ACCURACY_WITHOUT_REVIEW = 0.95;

/** Share of the texts that are no ticket that a person must be asked about. */
export const NONE_REVIEWED = 0.7;

/** The answers of a model to one collection, before calibration. */
export interface FieldAnswers {
  readonly name: string;
  /** Number of each text's category; -1 for a text that is no ticket. */
  readonly truth: readonly number[];
  /** Log-odds of each category. */
  readonly logits: readonly (readonly number[])[];
  /** Log-odds of being no ticket; left out by a model that does not know. */
  readonly none?: readonly number[];
}

/** What is chosen by the collections. */
export interface FieldCalibration {
  /** Factor on the log-odds. */
  readonly scale: number;
  /** Confidence below which a person should look. */
  readonly reviewThreshold: number;
  /** Log-odds of being no ticket from which on a person should look; `null` of a model that does not know. */
  readonly noneThreshold: number | null;
}

/** How a calibrated model does on one collection. */
export interface FieldScore {
  readonly name: string;
  readonly texts: number;
  /** NaN for texts that are no tickets. */
  readonly accuracy: number;
  /** Share of the texts that a person is asked to look at. */
  readonly reviewed: number;
  /** Share of right answers among the others. */
  readonly accuracyWithoutReview: number;
}

/** Values of the threshold of `none` that are tried, over the range of the log-odds; one more is above all of them. */
const NONE_STEPS = 60;

/**
 * Calibrates a model by the answers to several collections, each of which counts the same: the scale that makes the labels most likely, and the two thresholds by which the
 * fewest tickets are reviewed while the shares that must be right, or reviewed, are reached.
 */
export function calibrateOnField(files: readonly FieldAnswers[]): FieldCalibration {
  const tickets = files.flatMap(({ truth, logits }) =>
    truth.flatMap((label, i) => (label >= 0 ? [{ label, row: logits[i] ?? [] }] : [])),
  );
  const scale = fitScale(
    tickets.map(({ row }) => row),
    tickets.map(({ label }) => label),
  );
  const knows = files.every(({ none }) => none !== undefined);
  let best: (FieldCalibration & { readonly reviewed: number }) | undefined;
  for (const noneThreshold of knows ? stepsOf(files.flatMap(({ none }) => none ?? [])) : [null]) {
    for (let percent = 34; percent < 100; percent++) {
      const calibration = { scale, reviewThreshold: percent / 100, noneThreshold };
      const scores = files.map((file) => scoreOnField(file, calibration));
      const ofNone = scores.filter(({ accuracy }) => Number.isNaN(accuracy));
      if (knows && ofNone.length > 0 && mean(ofNone.map(({ reviewed }) => reviewed)) < NONE_REVIEWED) continue;
      const ofTickets = scores.filter(({ accuracy }) => !Number.isNaN(accuracy));
      const answered = ofTickets.filter(({ reviewed }) => reviewed < 1);
      if (mean(answered.map((score) => score.accuracyWithoutReview)) < ACCURACY_WITHOUT_REVIEW) continue;
      const reviewed = mean(ofTickets.map((score) => score.reviewed));
      if (best === undefined || reviewed < best.reviewed) best = { ...calibration, reviewed };
      break;
    }
  }
  const { reviewThreshold, noneThreshold } = best ?? { reviewThreshold: 1, noneThreshold: null };
  return { scale, reviewThreshold, noneThreshold };
}

/** How a calibrated model does on one collection. */
export function scoreOnField(
  { name, truth, logits, none }: FieldAnswers,
  { scale, reviewThreshold, noneThreshold }: FieldCalibration,
): FieldScore {
  const isRight = logits.map((row, i) => argmax(row) === truth[i]);
  const isReviewed = logits.map(
    (row, i) =>
      Math.max(...calibrated(row, scale)) < reviewThreshold ||
      (noneThreshold !== null && (none?.[i] ?? -Infinity) >= noneThreshold),
  );
  const share = (flags: readonly boolean[]): number => mean(flags.map(Number));
  const areTickets = truth.some((label) => label >= 0);
  return {
    name,
    texts: truth.length,
    accuracy: areTickets ? share(isRight) : NaN,
    reviewed: share(isReviewed),
    accuracyWithoutReview: areTickets ? share(isRight.filter((_, i) => isReviewed[i] === false)) : NaN,
  };
}

/** Calibrates without each collection in turn and scores on it: what other collections can expect. */
export function scoreLeavingOneFileOut(files: readonly FieldAnswers[]): FieldScore[] {
  return files.map((file) => scoreOnField(file, calibrateOnField(files.filter((other) => other !== file))));
}

function stepsOf(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  const steps = Array.from(
    { length: NONE_STEPS },
    (_, i) => sorted[Math.floor(((i + 1) / (NONE_STEPS + 1)) * sorted.length)] ?? 0,
  );
  return [...steps, (sorted.at(-1) ?? 0) + 1];
}
