import type {
  CategoryPrediction,
  CategoryReasons,
  Classifier,
  ModelInfo,
  ModelInput,
  ReasonsWanted,
} from '@smart-support/contracts';
import { bestTwo, indicesOf, predictionFrom } from '../category-scores';
import { versionOf } from '../packed-weights';
import { BASELINE_WEIGHTS } from './baseline-weights';
import { LinearModel } from './linear-model';
import { strongestTerms } from './strongest-terms';
import { type ClassifierWeights, decodeWeights } from './weights-format';

/** A {@link Classifier} that answers at once. */
export interface ClassifierBaseline extends Classifier {
  classify(input: ModelInput): CategoryPrediction;
  explain(input: ModelInput, wanted?: ReasonsWanted): CategoryReasons;
}

/**
 * The baseline classifier: TF-IDF and logistic regression, some microseconds a ticket, no I/O. It answers at once, without
 * any other model. Only the text is read; a vector is ignored.
 *
 * `explain` weighs each word and word pair by its change of the calibrated log-odds of the winning category against the
 * second best, in natural logarithms; what character n-grams add is counted with the words they are part of.
 * All terms together and the bias of the categories give the log-odds.
 * @param weights - by default those shipped with the package
 * @throws SmartSupportError `invalid_model` when the weights are damaged
 */
export function createClassifierBaseline(weights: ClassifierWeights = BASELINE_WEIGHTS): ClassifierBaseline {
  const trained = decodeWeights(weights);
  const linear = new LinearModel(trained);
  const model: ModelInfo = { family: 'baseline', name: 'tfidf-lr', version: versionOf(weights.manifest) };
  const { reviewThreshold } = trained;
  return {
    model,
    classify({ text }) {
      return predictionFrom(linear.probabilities(text), { reviewThreshold, model });
    },
    explain({ text }, { between, limit } = {}) {
      const [winner, second] = between ? indicesOf(between) : bestTwo(linear.probabilities(text));
      return { terms: strongestTerms(linear.termShares(text, winner, second), limit), meaning: null };
    },
  };
}
