import { CATEGORIES, type Category } from '@smart-support/contracts';
import { createClassifierBaseline, createVectoriser, type Vocabulary } from '@smart-support/classifier';
import {
  DEFAULT_FEATURES,
  encodeWeights,
  type FeatureSettings,
  type TrainedModel,
} from '@smart-support/classifier/training';
import { crossValidate, type Fold, pick } from '../cross-validation';
import { type DescentOptions, fitLinearModel, type SparseRows } from './linear-model';

/** A text, and what it is about. */
export interface TopicalText {
  readonly text: string;
  readonly topic: string;
}

/** A ticket as the classifier learns from it. */
export interface LessonTicket extends TopicalText {
  readonly category: Category;
}

/** Hyperparameters of the classifier. */
export interface FitOptions extends DescentOptions {
  readonly settings: FeatureSettings;
  /** A feature has to occur in this many topics: what belongs to one topic teaches nothing about others. */
  readonly minimumTopics: number;
}

/** The hyperparameters of the shipped classifier: docs/decisions/0029-what-the-tools-keep.md has the figures of the alternatives. */
export const CHOSEN_OPTIONS: FitOptions = {
  settings: DEFAULT_FEATURES,
  minimumTopics: 3,
  steps: 30,
  learningRate: 0.3,
};

/** An uncalibrated classifier. */
export type FittedModel = Pick<TrainedModel, 'vocabulary' | 'weights' | 'biases' | 'prior'>;

/** The constant in the bias column: small, so that the bias does not run ahead of the features. */
const BIAS_COLUMN = 0.15;

/** Fits vocabulary and weights to tickets alone. The same tickets in the same order give the same numbers. */
export function fitClassifier(tickets: readonly LessonTicket[], options: FitOptions): FittedModel {
  const labels = tickets.map(({ category }) => CATEGORIES.indexOf(category));
  const prior = CATEGORIES.map((_, k) => labels.filter((label) => label === k).length / labels.length);
  return { ...fitWords(tickets, labels, options), prior };
}

/**
 * Logistic regression, one class against the rest, on the words of texts.
 * @param labels - numbers of classes, in the order of the texts
 */
export function fitWords(
  tickets: readonly TopicalText[],
  labels: readonly number[],
  options: FitOptions,
): Omit<FittedModel, 'prior'> {
  const vocabulary = fitVocabulary(tickets, options);
  const rows = sparseRows(tickets, vocabulary);
  const { width, centre } = rows;
  const trained = fitLinearModel(rows, labels, { ...options, constant: BIAS_COLUMN });
  const weights = new Float64Array(trained.length * width);
  // Without the centring, so that the weights fit vectors as they come.
  const biases = trained.map((own, k) => {
    let bias = BIAS_COLUMN * (own[width] ?? 0);
    centre.forEach((mean, i) => {
      const weight = own[i] ?? 0;
      weights[trained.length * i + k] = weight;
      bias -= weight * mean;
    });
    return bias;
  });
  return { vocabulary, weights, biases };
}

function fitVocabulary(
  tickets: readonly TopicalText[],
  { settings, minimumTopics }: Pick<FitOptions, 'settings' | 'minimumTopics'>,
): Vocabulary {
  const empty = { settings, tickets: 0, features: new Uint32Array(), frequencies: new Uint16Array() };
  const { vectorise } = createVectoriser(empty);
  const seen = new Map<number, { tickets: number; topics: number; lastTopic: string }>();
  const byTopic = [...tickets].sort((a, b) => (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : 0));
  for (const { text, topic } of byTopic) {
    for (const feature of vectorise(text).indices) {
      const entry = seen.get(feature);
      if (entry === undefined) {
        seen.set(feature, { tickets: 1, topics: 1, lastTopic: topic });
        continue;
      }
      entry.tickets++;
      if (entry.lastTopic !== topic) entry.topics++;
      entry.lastTopic = topic;
    }
  }
  const features = Uint32Array.from(
    [...seen].filter(([, { topics }]) => topics >= minimumTopics).map(([feature]) => feature),
  ).sort();
  const frequencies = Uint16Array.from(features, (feature) => seen.get(feature)?.tickets ?? 0);
  return { settings, tickets: tickets.length, features, frequencies };
}

function sparseRows(tickets: readonly TopicalText[], vocabulary: Vocabulary): SparseRows {
  const { vectorise } = createVectoriser(vocabulary);
  const columnOf = new Map(Array.from(vocabulary.features, (feature, column) => [feature, column]));
  const starts = [0];
  const columns: number[] = [];
  const values: number[] = [];
  for (const { text } of tickets) {
    const vector = vectorise(text);
    vector.indices.forEach((feature, i) => {
      const column = columnOf.get(feature);
      if (column === undefined) return;
      columns.push(column);
      values.push(vector.values[i] ?? 0);
    });
    starts.push(columns.length);
  }
  const width = vocabulary.features.length;
  const centre = new Float64Array(width);
  columns.forEach((column, i) => {
    centre[column] = (centre[column] ?? 0) + (values[i] ?? 0) / tickets.length;
  });
  return {
    starts: Int32Array.from(starts),
    columns: Int32Array.from(columns),
    values: Float64Array.from(values),
    width,
    centre,
  };
}

const UNCALIBRATED = {
  scale: 1,
  reviewThreshold: 0,
  training: { data: '', seed: 0, steps: 0, learningRate: 0, minimumTopics: 0, accuracy: 0, macroF1: 0 },
};

/** Smallest probability whose logarithm is taken: far below anything that changes a figure. */
const TINY = 1e-12;

/**
 * Log-odds of every ticket's categories (up to a constant per ticket) from a model that is fitted without the ticket's fold.
 * The model is packed, unpacked and asked as in production, so that rounding and look-up are part of what is measured.
 */
export function outOfFoldLogits(
  tickets: readonly LessonTicket[],
  folds: readonly Fold[],
  options: FitOptions,
): number[][] {
  return crossValidate(
    folds,
    (train) => uncalibratedLogits(fitClassifier(pick(tickets, train), options)),
    (logitsOf, i) => logitsOf(tickets[i]?.text ?? ''),
  );
}

/** A model as it answers in production but for its calibration: packed and unpacked, log-odds up to a constant for each text. */
export function uncalibratedLogits(model: FittedModel): (text: string) => number[] {
  const classifier = createClassifierBaseline(encodeWeights({ ...model, ...UNCALIBRATED }));
  return (text) => {
    const { scores } = classifier.classify({ text });
    return CATEGORIES.map((category) => Math.log(Math.max(scores[category], TINY)));
  };
}
