import { CATEGORIES, type Category } from '@smart-support/contracts';
import { createVectoriser, type Vocabulary } from '@smart-support/classifier';
import { type FeatureSettings, type TrainedModel } from '@smart-support/classifier/training';
import { CentredRows, type SparseRows } from './centred-rows';
import { trainOneVersusRest } from './one-versus-rest';

/** A text, and what it is about. */
export interface TopicalText {
  readonly text: string;
  readonly topic: string;
}

/** A ticket as the classifier learns from it. */
export interface LessonTicket extends TopicalText {
  readonly category: Category;
}

/** What can be chosen about the training; `data/report.md` says why it was chosen. */
export interface FitOptions {
  readonly settings: FeatureSettings;
  /** A feature has to occur in this many topics: what belongs to one topic teaches nothing about others. */
  readonly minimumTopics: number;
  /** Steps of gradient descent. Stopping early keeps the weights small: there is no other penalty. */
  readonly steps: number;
  readonly learningRate: number;
}

/** What was learnt, before it is calibrated. */
export type FittedModel = Pick<TrainedModel, 'vocabulary' | 'weights' | 'biases' | 'prior'>;

/** The constant in the bias column: small, so that the bias does not run ahead of the features. */
const BIAS_COLUMN = 0.15;

/** Learns vocabulary and weights from tickets and from nothing else. The same tickets in the same order give the same numbers. */
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
  const rows = new CentredRows(sparseRows(tickets, vocabulary), BIAS_COLUMN);
  const trained = trainOneVersusRest(rows, labels, options);

  const width = rows.columns - 1;
  const weights = new Float64Array(trained.length * width);
  // Off the mean row again, so that the weights fit vectors as they come.
  const biases = trained.map((own, k) => {
    let bias = BIAS_COLUMN * (own[width] ?? 0);
    rows.mean.forEach((mean, i) => {
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
  return {
    starts: Int32Array.from(starts),
    columns: Int32Array.from(columns),
    values: Float64Array.from(values),
    width: vocabulary.features.length,
  };
}
