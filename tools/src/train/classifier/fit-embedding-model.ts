import { CATEGORIES, type Category } from '@smart-support/contracts';
import type { TrainedHead } from '@smart-support/classifier/training';
import { crossValidate, type Fold, pick } from '../cross-validation';
import { type DescentOptions, fitLinearModel } from './linear-model';

/** The hyperparameters of the shipped head's embedding part: docs/decisions/0032-chosen-by-strangers-texts.md has the alternatives. */
export const CHOSEN_EMBEDDING_OPTIONS: EmbeddingOptions = { steps: 200, learningRate: 0.003, standardised: false };

/** Hyperparameters of a model of embeddings. */
export interface EmbeddingOptions extends DescentOptions {
  /** Whether each column is divided by its deviation: then every direction is learnt equally fast, else those first in which texts differ most. */
  readonly standardised: boolean;
}

/** The embedding part of a head, before it is fused with the words. */
export type EmbeddingModel = Pick<TrainedHead, 'dimensions' | 'weights' | 'centres' | 'biases'>;

/** Embeddings, and the number of each one's class, in one order. */
export interface EmbeddedTickets {
  readonly vectors: readonly Float32Array[];
  readonly labels: readonly number[];
  /** How much each counts; 1 for all by default. */
  readonly importance?: readonly number[];
}

/** The constant in the bias column: larger than most other columns, so that it is learnt first. */
const BIAS_COLUMN = 1;

/**
 * Smallest deviation that is divided by, as a share of the largest. MiniLM has columns that are 0 but for rounding; standardised they would be noise with weights
 * so large that packing leaves no precision for the rest.
 */
const SMALLEST_DEVIATION = 0.001;

/** Numbers of the tickets' categories. */
export const labelsOf = (tickets: readonly { readonly category: Category }[]): number[] =>
  tickets.map(({ category }) => CATEGORIES.indexOf(category));

/** Logistic regression, one class against the rest. The same input gives the same numbers. */
export function fitEmbeddingModel(
  { vectors, labels, importance }: EmbeddedTickets,
  options: EmbeddingOptions,
): EmbeddingModel {
  const { means, deviations } = columnsOf(vectors);
  if (!options.standardised) deviations.fill(1);
  const width = means.length;
  const rows = {
    starts: Int32Array.from({ length: vectors.length + 1 }, (_, row) => row * width),
    columns: Int32Array.from({ length: vectors.length * width }, (_, at) => at % width),
    values: new Float64Array(vectors.length * width),
    width,
    centre: new Float64Array(width),
    ...(importance && { importance }),
  };
  vectors.forEach((vector, row) =>
    vector.forEach((value, i) => {
      rows.values[row * width + i] = (value - (means[i] ?? 0)) / (deviations[i] ?? 1);
    }),
  );
  const trained = fitLinearModel(rows, labels, { ...options, constant: BIAS_COLUMN });
  const weights = new Float64Array(trained.length * width);
  const centres = trained.map(() => 0);
  trained.forEach((own, k) => {
    for (let i = 0; i < width; i++) {
      // Without the standardisation, so that the weights fit vectors as they come.
      const weight = (own[i] ?? 0) / (deviations[i] ?? 1);
      weights[trained.length * i + k] = weight;
      centres[k] = (centres[k] ?? 0) + weight * (means[i] ?? 0);
    }
  });
  return { dimensions: width, weights, centres, biases: trained.map((own) => BIAS_COLUMN * (own[width] ?? 0)) };
}

/** Mean and standard deviation of each column. */
function columnsOf(rows: readonly Float32Array[]): { means: Float64Array; deviations: Float64Array } {
  const means = new Float64Array(rows[0]?.length ?? 0);
  const deviations = means.slice();
  for (const row of rows) row.forEach((value, i) => (means[i] = (means[i] ?? 0) + value / rows.length));
  for (const row of rows) {
    row.forEach((value, i) => (deviations[i] = (deviations[i] ?? 0) + (value - (means[i] ?? 0)) ** 2 / rows.length));
  }
  const smallest = SMALLEST_DEVIATION * Math.sqrt(Math.max(...deviations)) || 1;
  return { means, deviations: deviations.map((variance) => Math.max(Math.sqrt(variance), smallest)) };
}

/** Log-odds of each class against the rest. */
export function embeddingLogits({ weights, centres, biases }: EmbeddingModel, vector: Float32Array): number[] {
  const logits = biases.map((bias, k) => bias - (centres[k] ?? 0));
  vector.forEach((value, i) => {
    for (let k = 0; k < logits.length; k++) {
      logits[k] = (logits[k] ?? 0) + value * (weights[logits.length * i + k] ?? 0);
    }
  });
  return logits;
}

/** Log-odds of every ticket from a model that is fitted without the ticket's fold. */
export function outOfFoldEmbeddingLogits(
  { vectors, labels, importance }: EmbeddedTickets,
  folds: readonly Fold[],
  options: EmbeddingOptions,
): number[][] {
  return crossValidate(
    folds,
    (train) =>
      fitEmbeddingModel(
        {
          vectors: pick(vectors, train),
          labels: pick(labels, train),
          ...(importance && { importance: pick(importance, train) }),
        },
        options,
      ),
    (model, i) => embeddingLogits(model, vectors[i] ?? new Float32Array()),
  );
}
