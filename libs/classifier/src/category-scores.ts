import {
  CATEGORIES,
  type Category,
  type CategoryPrediction,
  type ModelInfo,
  type ReviewReason,
} from '@smart-support/contracts';

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

/** What an answer needs besides the probabilities. */
export interface PredictionOptions {
  /** Confidence below which a person should look. */
  readonly reviewThreshold: number;
  readonly model: ModelInfo;
  /** Whether the text is unlike everything that the model learnt from; by default it is not. */
  readonly isUnlikeTraining?: boolean;
}

/** The answer that follows from the probabilities. */
export function predictionFrom(
  probabilities: PerCategory,
  { reviewThreshold, model, isUnlikeTraining = false }: PredictionOptions,
): CategoryPrediction {
  const [Billing, Technical, Legal] = probabilities;
  const winner = bestTwo(probabilities)[0];
  const confidence = probabilities[winner];
  const review_reasons: ReviewReason[] = [];
  if (confidence < reviewThreshold) review_reasons.push('low_confidence');
  if (isUnlikeTraining) review_reasons.push('unlike_training');
  return {
    category: CATEGORIES[winner],
    confidence,
    scores: { Billing, Technical, Legal },
    needs_review: review_reasons.length > 0,
    review_reasons,
    model,
  };
}
