import {
  CATEGORIES,
  type Category,
  type Classifier,
  type ModelInfo,
  parseWith,
  SmartSupportError,
  type TextClassifier,
  unitIntervalSchema,
} from '@smart-support/contracts';
import { type PerCategory, predictionFrom } from './category-scores';

/**
 * Confidence below which a person should look, by default. The probabilities of fine-tuned transformers are not calibrated and
 * tend to be too high (Guo et al. 2017, "On calibration of modern neural networks"), so this is above what the shipped,
 * calibrated models need for 95 % of the answers without a review to be right. With labelled tickets of your own, measure and set another.
 */
const REVIEW_THRESHOLD = 0.8;

/** How a {@link createSequenceClassifier} judges its model's answers. */
export interface SequenceClassifierOptions {
  /** Probability, in [0, 1], below which a person should look; 0.8 by default. */
  readonly reviewThreshold?: number;
}

/**
 * A classifier from a transformer of one's own, such as a DistilBERT fine-tuned to the three categories. Its softmax score is
 * the confidence, as it comes: nothing here can calibrate it. It gives no reasons.
 * @param textClassifier - its labels are exactly the categories, in any order and letter case
 * @throws SmartSupportError `invalid_model` when its labels are others, `invalid_input` for a threshold outside [0, 1]
 */
export function createSequenceClassifier(
  textClassifier: TextClassifier,
  options: SequenceClassifierOptions = {},
): Classifier {
  const labels = labelsByCategory(textClassifier.labels);
  const reviewThreshold = parseWith(
    unitIntervalSchema,
    options.reviewThreshold ?? REVIEW_THRESHOLD,
    'review threshold',
  );
  const { name, version } = textClassifier;
  const model: ModelInfo = { family: 'transformer', name, version };
  return {
    model,
    async classify({ text }, runOptions) {
      const { scores, ...run } = await textClassifier.classify(text, runOptions);
      const probabilities = labels.map((label) => scores[label] ?? NaN) as [number, number, number];
      if (!probabilities.every(Number.isFinite)) {
        throw new SmartSupportError('model_failed', `The model ${name} gave no probability for every category`);
      }
      return { ...predictionFrom(probabilities satisfies PerCategory, { reviewThreshold, model }), run };
    },
    explain() {
      return { terms: [], meaning: null };
    },
  };
}

/** The model's own spelling of each category, in the order of `CATEGORIES`. */
function labelsByCategory(labels: readonly string[]): string[] {
  const found = CATEGORIES.map((category: Category) =>
    labels.filter((label) => label.toLowerCase() === category.toLowerCase()),
  );
  if (labels.length !== CATEGORIES.length || found.some((same) => same.length !== 1)) {
    throw new SmartSupportError(
      'invalid_model',
      `The model's labels are ${JSON.stringify(labels)}; expected are exactly ${JSON.stringify(CATEGORIES)}, in any order and letter case`,
    );
  }
  return found.flat();
}
