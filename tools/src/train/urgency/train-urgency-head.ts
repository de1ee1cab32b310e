import { createHash } from 'node:crypto';
import { createUrgencyHead, type EmbedderName, findSignals, type UrgencyHeadWeights } from '@smart-support/urgency';
import {
  encodeUrgencyHead,
  signalStrengths,
  type TrainedUrgencyHead,
  WordingVocabulary,
} from '@smart-support/urgency/training';
import { leaveOneTopicOut } from '../cross-validation';
import type { LabelledTicket } from '../dataset';
import { figureOf, spearmanAt } from '../figures';
import { meanAbsoluteError, rounded } from '../metrics';
import { type Calibration, calibrate, calibrateOutOfFold, fitCalibration } from './calibrate';
import { kernelOf, type KernelSettings, measure, placesOf, type TicketMeasures } from './kernel';
import { KernelRidge } from './kernel-ridge';

/** Hyperparameters of the head. */
interface HeadSettings extends KernelSettings {
  /** Principal directions of the embedding that are kept. */
  readonly components: number;
  readonly ridge: number;
  /** Labels are kept this far from 0 and 1 before their logit is taken. */
  readonly labelMargin: number;
}

/** The hyperparameters of the shipped head: docs/decisions/0029-what-the-tools-keep.md has the figures of the alternatives. */
export const CHOSEN_SETTINGS: HeadSettings = {
  components: 32,
  meaningWidth: 1,
  signalWidth: 0.005,
  wordingWeight: 1.2,
  ridge: 0.3,
  labelMargin: 0.08,
};

/** A trained urgency head. */
export interface UrgencyHeadTraining {
  readonly weights: UrgencyHeadWeights;
  /** Out-of-topic score of each ticket, in the order of the tickets. */
  readonly scores: readonly number[];
  /** The largest change of a training ticket's score by packing. */
  readonly shift: number;
}

/** Packing must move the score of every training ticket by less. */
const LARGEST_SHIFT = 0.01;

/**
 * Trains the urgency head on all tickets, and scores every ticket out of topic. The same input gives the same bytes.
 * @param vectors - the embedding of each ticket, in the order of the tickets
 * @throws Error when packing changes a score by 0.01 or more
 */
export function trainUrgencyHead(
  tickets: readonly LabelledTicket[],
  vectors: readonly Float32Array[],
  { embedder, seed }: { readonly embedder: EmbedderName; readonly seed: number },
): UrgencyHeadTraining {
  if (vectors.length !== tickets.length) throw new Error(`${tickets.length} tickets, but ${vectors.length} vectors`);
  const settings = CHOSEN_SETTINGS;
  const labels = tickets.map(({ urgency }) => urgency);
  const targets = labels.map((label) => logitOf(label, settings.labelMargin));
  const folds = leaveOneTopicOut(tickets);
  const measures = measure(tickets, vectors, settings.components);
  const fitted = KernelRidge.fit(kernelOf(tickets, vectors, measures, settings), targets, settings.ridge);
  const answers = fitted.answersLeavingOut(folds.map(({ test }) => test));
  const scores = calibrateOutOfFold(answers, labels, folds);
  const calibration = fitCalibration(answers, labels);
  const { value, interval } = figureOf({ topics: tickets.map(({ topic }) => topic), seed }, spearmanAt(scores, labels));
  const weights = encodeUrgencyHead({
    ...assemble(tickets, vectors, { measures, settings, fitted, calibration }),
    embedder,
    training: {
      data_sha256: createHash('sha256')
        .update(JSON.stringify(tickets.map(({ id, text, topic, urgency }) => [id, text, topic, urgency])))
        .digest('hex'),
      topics: folds.length,
      seed,
      ridge: settings.ridge,
      wording_weight: settings.wordingWeight,
      label_margin: settings.labelMargin,
      leave_one_topic_out: {
        spearman: rounded(value),
        spearman_interval: [rounded(interval[0]), rounded(interval[1])],
        mean_absolute_error: rounded(meanAbsoluteError(scores, labels)),
      },
    },
  });
  // For a training ticket the regression answers its target less its relevance times the penalty.
  const exact = targets.map((target, i) =>
    calibrate(calibration, target - settings.ridge * (fitted.relevances[i] ?? 0)),
  );
  return { weights, scores, shift: largestShift(tickets, vectors, weights, exact) };
}

/** The regression's target for a label: its logit, kept away from the infinite ends. */
function logitOf(label: number, margin: number): number {
  const kept = Math.min(Math.max(label, margin), 1 - margin);
  return Math.log(kept / (1 - kept));
}

function assemble(
  tickets: readonly LabelledTicket[],
  vectors: readonly Float32Array[],
  learnt: {
    readonly measures: TicketMeasures;
    readonly settings: HeadSettings;
    readonly fitted: KernelRidge;
    readonly calibration: Calibration;
  },
): Omit<TrainedUrgencyHead, 'embedder' | 'training'> {
  const { measures, settings, fitted, calibration } = learnt;
  const { features, frequencies, components, directions, signalScales } = measures;
  const vocabulary = new WordingVocabulary(features, frequencies, tickets.length);
  const featureWeights = new Float64Array(features.length);
  tickets.forEach(({ text }, i) => {
    const { positions, values } = vocabulary.vectorOf(text);
    const factor = settings.wordingWeight * (fitted.relevances[i] ?? 0);
    positions.forEach(
      (position, k) => (featureWeights[position] = (featureWeights[position] ?? 0) + factor * (values[k] ?? 0)),
    );
  });
  return {
    dimensions: vectors[0]?.length ?? 0,
    components,
    tickets: tickets.length,
    meaningWidth: settings.meaningWidth,
    signalWidth: settings.signalWidth,
    signalScales,
    slope: rounded(calibration.slope),
    bias: rounded(calibration.bias + calibration.slope * fitted.mean),
    directions,
    relevances: fitted.relevances,
    meanings: placesOf(measures, vectors),
    signals: Float64Array.from(tickets.flatMap(({ text }) => [...signalStrengths(findSignals(text).vector)])),
    features,
    frequencies,
    featureWeights,
  };
}

/** The largest difference of a training ticket's score between the packed head and the regression itself. */
function largestShift(
  tickets: readonly LabelledTicket[],
  vectors: readonly Float32Array[],
  weights: UrgencyHeadWeights,
  exact: readonly number[],
): number {
  const head = createUrgencyHead({ weights });
  const shifts = tickets.map(({ text }, i) => {
    if (!findSignals(text).saysSomething) return 0;
    const vector = vectors[i];
    return Math.abs(head.score(vector ? { text, vector } : { text }).urgency_score - (exact[i] ?? 0));
  });
  const shift = Math.max(0, ...shifts);
  if (shift >= LARGEST_SHIFT) throw new Error(`Packing the urgency head moves a score by ${shift}`);
  return shift;
}
