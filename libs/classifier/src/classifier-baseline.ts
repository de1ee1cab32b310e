import {
  CATEGORIES,
  type Category,
  type CategoryPrediction,
  type CategoryReasons,
  type Classifier,
  type ModelInfo,
  type ModelInput,
  type ReasonsWanted,
} from '@smart-support/contracts';
import { BASELINE_WEIGHTS } from './baseline-weights';
import { LinearModel } from './linear-model';
import { type ClassifierWeights, decodeWeights } from './weights-format';

/** A {@link Classifier} that answers at once. */
export interface ClassifierBaseline extends Classifier {
  classify(input: ModelInput): CategoryPrediction;
  explain(input: ModelInput, wanted?: ReasonsWanted): CategoryReasons;
}

/** How many terms an explanation has unless told. */
const TERMS_EXPLAINED = 10;

const VERSION_LENGTH = 12;

/**
 * The baseline classifier: TF-IDF and logistic regression, some microseconds a ticket, no I/O. It answers at once, without any other model. Only the text is read; a vector is ignored.
 *
 * `explain` weighs each word and word pair by its change of the calibrated log-odds of the winning category against the
 * second best, in natural logarithms; what character n-grams add is counted with the words they stand in.
 * All terms together and the bias of the categories give the log-odds.
 * @param weights - by default those shipped with the package
 * @throws SmartSupportError `invalid_model` when the weights are damaged
 */
export function createClassifierBaseline(weights: ClassifierWeights = BASELINE_WEIGHTS): ClassifierBaseline {
  const trained = decodeWeights(weights);
  const linear = new LinearModel(trained);
  const model: ModelInfo = {
    family: 'baseline',
    name: 'tfidf-lr',
    version: weights.manifest.hash.slice(0, VERSION_LENGTH),
  };
  return {
    model,
    classify({ text }) {
      const probabilities = linear.probabilities(text);
      const [Billing, Technical, Legal] = probabilities;
      const winner = ranked(probabilities)[0];
      const confidence = probabilities[winner];
      return {
        category: CATEGORIES[winner] as Category,
        confidence,
        scores: { Billing, Technical, Legal },
        needs_review: confidence < trained.reviewThreshold,
        model,
      };
    },
    explain({ text }, { between, limit = TERMS_EXPLAINED } = {}) {
      const [winner, second] = between ? indicesOf(between) : ranked(linear.probabilities(text));
      const terms = Array.from(linear.termShares(text, winner, second), ([term, weight]) => ({ term, weight }));
      const strongest = terms
        .filter(({ weight }) => weight !== 0)
        .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight) || (a.term < b.term ? -1 : 1))
        .slice(0, Math.max(0, limit));
      return { terms: strongest, meaning: null };
    },
  };
}

type Index = 0 | 1 | 2;

const indicesOf = ([winner, second]: readonly [Category, Category]): [Index, Index] => [
  CATEGORIES.indexOf(winner) as Index,
  CATEGORIES.indexOf(second) as Index,
];

/** The two best categories; of equals, the first in the order of `CATEGORIES`. */
function ranked([a, b, c]: readonly [number, number, number]): [Index, Index] {
  if (a >= b && a >= c) return [0, b >= c ? 1 : 2];
  if (b >= c) return [1, a >= c ? 0 : 2];
  return [2, a >= b ? 0 : 1];
}
