import { CATEGORIES } from '@smart-support/contracts';
import { createClassifierBaseline } from '@smart-support/classifier';
import { encodeWeights } from '@smart-support/classifier/training';
import type { Fold } from '../cross-validation';
import { fitClassifier, type FitOptions, type LessonTicket } from './fit-classifier';

const UNCALIBRATED = {
  scale: 1,
  reviewThreshold: 0,
  training: { data: '', seed: 0, steps: 0, learningRate: 0, minimumTopics: 0, accuracy: 0, macroF1: 0 },
};

/** Smallest probability whose logarithm is taken: far below anything that changes a figure. */
const TINY = 1e-12;

/**
 * Log-odds of every ticket's categories (up to a constant per ticket) from a model that did not see the ticket's topic.
 * Packed, unpacked and asked as in production, so that rounding and look-up are part of what is measured.
 */
export function outOfTopicLogits(
  tickets: readonly LessonTicket[],
  folds: readonly Fold[],
  options: FitOptions,
): number[][] {
  const logits: number[][] = [];
  for (const { train, test } of folds) {
    const lessons = train.flatMap((i) => tickets[i] ?? []);
    const classifier = createClassifierBaseline(encodeWeights({ ...fitClassifier(lessons, options), ...UNCALIBRATED }));
    for (const i of test) {
      const { scores } = classifier.classify({ text: tickets[i]?.text ?? '' });
      logits[i] = CATEGORIES.map((category) => Math.log(Math.max(scores[category], TINY)));
    }
  }
  return logits;
}
