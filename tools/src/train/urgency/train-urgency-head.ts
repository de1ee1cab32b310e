import { createHash } from 'node:crypto';
import { type EmbedderName, findSignals, SIGNALS, type UrgencyHeadWeights } from '@smart-support/urgency';
import { encodeUrgencyHead, type LogitModel, type TrainedUrgencyHead } from '@smart-support/urgency/training';
import { crossValidate, type Fold, foldsOf, pick } from '../cross-validation';
import type { LabelledTicket } from '../dataset';
import type { Descriptions } from '../descriptions';
import { figureOf, spearmanAt } from '../figures';
import { meanAbsoluteError, rounded } from '../metrics';
import { fitCalibration, type FittedWeights, fitWeights, type Sign } from './fit-weights';

/** How a part of the head is formed from what is fitted. */
export interface PartSettings {
  /** What the similarity to the descriptions adds to the logit, for each unit of it. */
  readonly descriptionWeight: number;
  /** What the calibrated logit is multiplied by, and what is added to it then. */
  readonly slope: number;
  readonly bias: number;
}

/** The hyperparameters of the shipped head, chosen by strangers' judgements: docs/decisions/0032-chosen-by-strangers-texts.md. */
export const CHOSEN_SETTINGS = {
  /** Penalty on the squared weights. */
  ridge: 0.33,
  /** What the signals are multiplied by beside the embedding: the larger, the less their weights are penalised. */
  signalScale: 0.2,
  general: { descriptionWeight: 12, slope: 1, bias: 0 } satisfies PartSettings,
  /** Steeper than calibrated: it decides more than it weighs, so that an emergency of few words passes the alert's threshold and a pressing ticket does not. */
  emergency: { descriptionWeight: 4, slope: 2, bias: 0.7 } satisfies PartSettings,
};

/** From this label on a ticket is an emergency. */
const EMERGENCY = 0.8;

/**
 * Signals that the head does not read: to our writers a question is of little consequence, but strangers who ask want an answer, and those who do not ask often only talk.
 * The head learns it from the meaning.
 */
const LEFT_OUT = ['question', 'question_mark'];

/** A trained urgency head. */
export interface UrgencyHeadTraining {
  readonly weights: UrgencyHeadWeights;
  /** Out-of-topic score of each ticket, in the order of the tickets. */
  readonly scores: readonly number[];
}

/** What the head is trained with. */
export interface UrgencyHeadOptions {
  readonly descriptions: Pick<Descriptions, 'urgency'>;
  /** The model of the vectors. */
  readonly embedder: EmbedderName;
  readonly seed: number;
}

/**
 * Trains the urgency head on all tickets, and scores every ticket out of topic. The same input gives the same bytes.
 * @param vectors - the embedding of each ticket, in the order of the tickets
 */
export function trainUrgencyHead(
  tickets: readonly LabelledTicket[],
  vectors: readonly Float32Array[],
  { descriptions, embedder, seed }: UrgencyHeadOptions,
): UrgencyHeadTraining {
  if (vectors.length !== tickets.length) throw new Error(`${tickets.length} tickets, but ${vectors.length} vectors`);
  const labels = tickets.map(({ urgency }) => urgency);
  const lesson = {
    rows: tickets.map(({ text }, i) => rowOf(text, vectors[i] ?? new Float32Array())),
    dimensions: vectors[0]?.length ?? 0,
    folds: foldsOf(tickets, seed),
  };
  const general = fitPart(lesson, labels, descriptions.urgency, CHOSEN_SETTINGS.general);
  const isEmergency = labels.map((label) => Number(label >= EMERGENCY));
  const emergency = fitPart(lesson, isEmergency, descriptions.urgency, CHOSEN_SETTINGS.emergency);
  // As the head adds them up; the calibration, of two numbers, is fitted to all folds.
  const scores = general.answers.map(
    (answer, i) => 1 - (1 - sigmoid(answer)) * (1 - sigmoid(emergency.answers[i] ?? 0)),
  );
  const topics = tickets.map(({ topic }) => topic);
  const { value, interval } = figureOf({ topics, seed }, spearmanAt(scores, labels));
  const head: TrainedUrgencyHead = {
    embedder,
    dimensions: lesson.dimensions,
    general: general.model,
    emergency: emergency.model,
    training: {
      data_sha256: createHash('sha256')
        .update(JSON.stringify(tickets.map(({ id, text, topic, urgency }) => [id, text, topic, urgency])))
        .digest('hex'),
      tickets: tickets.length,
      topics: new Set(topics).size,
      seed,
      ridge: CHOSEN_SETTINGS.ridge,
      out_of_topic: {
        spearman: rounded(value),
        spearman_interval: [rounded(interval[0]), rounded(interval[1])],
        mean_absolute_error: rounded(meanAbsoluteError(scores, labels)),
      },
    },
  };
  return { weights: encodeUrgencyHead(head), scores };
}

/** What both parts of the head are fitted to. */
interface Lesson {
  readonly rows: readonly Float64Array[];
  readonly dimensions: number;
  readonly folds: readonly Fold[];
}

/** A fitted part of the head, and its calibrated logits out of topic. */
interface FittedPart {
  readonly model: LogitModel;
  readonly answers: readonly number[];
}

/**
 * Fits a part of the head, and calibrates it by its answers out of topic.
 * @param description - the direction of the embedding from the calm to the urgent descriptions. Its weight is added to the fitted ones, in the logit before calibration
 */
function fitPart(
  { rows, dimensions, folds }: Lesson,
  labels: readonly number[],
  description: Float64Array,
  settings: PartSettings,
): FittedPart {
  const { ridge, signalScale } = CHOSEN_SETTINGS;
  const signs = [
    ...Array.from({ length: dimensions }, (): Sign => 0),
    ...SIGNALS.map(({ direction }): Sign => (direction === 'raises' ? 1 : -1)),
  ];
  const fit = (vectors: readonly Float64Array[], scores: readonly number[]): FittedWeights => {
    const { bias, weights } = fitWeights({ vectors, scores }, signs, ridge);
    return { bias, weights: weights.map((weight, i) => weight + settings.descriptionWeight * (description[i] ?? 0)) };
  };
  const raw = crossValidate(
    folds,
    (train) => fit(pick(rows, train), pick(labels, train)),
    (fitted, i) => logitOf(fitted, rows[i] ?? new Float64Array()),
  );
  const calibration = fitCalibration(raw, labels);
  const slope = settings.slope * calibration.slope;
  const bias = settings.slope * calibration.bias + settings.bias;
  const all = fit(rows, labels);
  const signalWeights = SIGNALS.map(({ name }, k) => [
    name,
    rounded(slope * signalScale * (all.weights[dimensions + k] ?? 0)),
  ]);
  return {
    model: {
      bias: rounded(bias + slope * all.bias),
      weights: all.weights.slice(0, dimensions).map((weight) => slope * weight),
      signalWeights: Object.fromEntries(signalWeights) as Record<string, number>,
    },
    answers: raw.map((answer) => bias + slope * answer),
  };
}

/** What a part reads: the embedding, and the numbers of the signals. */
function rowOf(text: string, vector: Float32Array): Float64Array {
  const { vector: signals } = findSignals(text);
  const read = SIGNALS.map(({ name }, k) =>
    LEFT_OUT.includes(name) ? 0 : CHOSEN_SETTINGS.signalScale * (signals[k] ?? 0),
  );
  return Float64Array.from([...vector, ...read]);
}

const logitOf = ({ bias, weights }: FittedWeights, row: Float64Array): number =>
  row.reduce((sum, value, i) => sum + value * (weights[i] ?? 0), bias);

const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));
