import type { Fold } from '../cross-validation';
import { fitWeights, type Observations, predict } from './fit-weights';

/** The score of every ticket by weights that were fitted on the other side of its fold. */
export function predictOutOfTopic(
  { vectors, scores }: Observations,
  folds: readonly Fold[],
  signs: readonly (1 | -1)[],
  ridge: number,
): number[] {
  const predictions = new Array<number>(vectors.length).fill(NaN);
  const pick = <Item>(items: readonly Item[], indices: readonly number[]): Item[] =>
    indices.flatMap((index) => items.slice(index, index + 1));
  for (const { train, test } of folds) {
    const fitted = fitWeights({ vectors: pick(vectors, train), scores: pick(scores, train) }, signs, ridge);
    for (const index of test) predictions[index] = predict(fitted, vectors[index] ?? new Float64Array());
  }
  return predictions;
}
