import { CATEGORIES, type Category } from '@smart-support/contracts';
import type { TrainedHead } from '@smart-support/classifier/training';
import type { Fold } from '../cross-validation';
import { trainOneVersusRest } from './one-versus-rest';
import { StandardisedRows } from './standardised-rows';

/** What can be chosen about the embedding's part; `data/report.md` says why it was chosen. */
export interface EmbeddingFitOptions {
  /** Steps of gradient descent. Stopping early keeps the weights small: there is no other penalty. */
  readonly steps: number;
  readonly learningRate: number;
}

/** What was learnt from embeddings, before it is fused with the words. */
export type EmbeddingModel = Pick<TrainedHead, 'dimensions' | 'weights' | 'centres' | 'biases'>;

/** Tickets as the embedding's part learns from them: embeddings and numbers of classes (categories, for the category head), in one order. */
export interface EmbeddedTickets {
  readonly vectors: readonly Float32Array[];
  readonly labels: readonly number[];
}

/** The constant in the bias column: about as large as the other columns, which are standardised. */
const BIAS_COLUMN = 1;

/** Numbers of the tickets' categories. */
export const labelsOf = (tickets: readonly { readonly category: Category }[]): number[] =>
  tickets.map(({ category }) => CATEGORIES.indexOf(category));

/** Logistic regression, one class against the rest, on embeddings. The same input gives the same numbers. */
export function fitEmbeddingModel({ vectors, labels }: EmbeddedTickets, options: EmbeddingFitOptions): EmbeddingModel {
  const rows = new StandardisedRows(vectors, BIAS_COLUMN);
  const dimensions = rows.columns - 1;
  const trained = trainOneVersusRest(rows, labels, options);
  const weights = new Float64Array(trained.length * dimensions);
  const centres = trained.map(() => 0);
  trained.forEach((own, k) => {
    for (let i = 0; i < dimensions; i++) {
      // Off the standardisation again, so that the weights fit vectors as they come.
      const weight = (own[i] ?? 0) / (rows.deviation[i] ?? 1);
      weights[trained.length * i + k] = weight;
      centres[k] = (centres[k] ?? 0) + weight * (rows.mean[i] ?? 0);
    }
  });
  return { dimensions, weights, centres, biases: trained.map((own) => BIAS_COLUMN * (own[dimensions] ?? 0)) };
}

/** Log-odds of each category against the rest. */
export function embeddingLogits({ weights, centres, biases }: EmbeddingModel, vector: Float32Array): number[] {
  const logits = biases.map((bias, k) => bias - (centres[k] ?? 0));
  vector.forEach((value, i) => {
    for (let k = 0; k < logits.length; k++) {
      logits[k] = (logits[k] ?? 0) + value * (weights[logits.length * i + k] ?? 0);
    }
  });
  return logits;
}

/** Log-odds of every tested ticket from a model that learnt from the rest of its fold. */
export function outOfFoldEmbeddingLogits(
  { vectors, labels }: EmbeddedTickets,
  folds: readonly Fold[],
  options: EmbeddingFitOptions,
): number[][] {
  const logits: number[][] = [];
  for (const { train, test } of folds) {
    const lessons = { vectors: train.flatMap((i) => vectors[i] ?? []), labels: train.map((i) => labels[i] ?? 0) };
    const model = fitEmbeddingModel(lessons, options);
    for (const i of test) logits[i] = embeddingLogits(model, vectors[i] ?? new Float32Array());
  }
  return logits;
}
