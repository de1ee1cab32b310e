import { CATEGORIES, type Category, type CategoryPrediction, type ModelInfo } from '@smart-support/contracts';

/** One number for each category, in the order of `CATEGORIES`. */
export type PerCategory = readonly [number, number, number];

/** Position of a category in `CATEGORIES`. */
export type CategoryIndex = 0 | 1 | 2;

/** Probabilities in proportion to the exponentials of log-odds; safe for log-odds of any size. */
export function softmax(a: number, b: number, c: number): PerCategory {
  const top = Math.max(a, b, c);
  const ea = Math.exp(a - top);
  const eb = Math.exp(b - top);
  const ec = Math.exp(c - top);
  const sum = ea + eb + ec;
  return [ea / sum, eb / sum, ec / sum];
}

/** The two best categories; of equals, the first in the order of `CATEGORIES`. */
export function bestTwo([a, b, c]: PerCategory): [CategoryIndex, CategoryIndex] {
  if (a >= b && a >= c) return [0, b >= c ? 1 : 2];
  if (b >= c) return [1, a >= c ? 0 : 2];
  return [2, a >= b ? 0 : 1];
}

/** Positions of two categories. */
export const indicesOf = ([winner, second]: readonly [Category, Category]): [CategoryIndex, CategoryIndex] => [
  CATEGORIES.indexOf(winner) as CategoryIndex,
  CATEGORIES.indexOf(second) as CategoryIndex,
];

/** The answer that follows from the probabilities. */
export function predictionFrom(
  probabilities: PerCategory,
  { reviewThreshold, model }: { readonly reviewThreshold: number; readonly model: ModelInfo },
): CategoryPrediction {
  const [Billing, Technical, Legal] = probabilities;
  const winner = bestTwo(probabilities)[0];
  const confidence = probabilities[winner];
  return {
    category: CATEGORIES[winner],
    confidence,
    scores: { Billing, Technical, Legal },
    needs_review: confidence < reviewThreshold,
    model,
  };
}
