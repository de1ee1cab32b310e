import { FeatureCounter } from '../features/feature-counter';
import { VocabularyIndex, termFrequency } from '../features/vocabulary';
import { versionOf } from '../packed-weights';
import { FAILURE_BASELINE_WEIGHTS } from './failure-baseline-weights';
import { decodeFailureBaseline, type FailureBaselineWeights } from './failure-weights-format';
import { sigmoid } from './sigmoid';

/** Estimates from a ticket's text alone whether it reports that something does not work. */
export interface FailureBaseline {
  /** Short hash of its weights. */
  readonly version: string;
  /**
   * How probable it is that a ticket reports a failure, in [0, 1], as `FailureHead.probability`; about one half for a text of which it knows nothing.
   * Takes any text, in time linear in its length.
   */
  probability(text: string): number;
}

/**
 * The model of failure reports for tickets without an embedding: logistic regression over TF-IDF of words, word pairs and character n-grams,
 * some microseconds a ticket, no I/O. The head is right more often.
 * @param packed - by default the weights shipped with the package
 * @throws SmartSupportError `invalid_model` when the weights are damaged
 */
export function createFailureBaseline(packed: FailureBaselineWeights = FAILURE_BASELINE_WEIGHTS): FailureBaseline {
  const { vocabulary, weights, bias } = decodeFailureBaseline(packed);
  const index = new VocabularyIndex(vocabulary);
  const counter = new FeatureCounter(vocabulary.settings);
  return {
    version: versionOf(packed.manifest),
    probability(text) {
      counter.count(text);
      let squares = 0;
      let sum = 0;
      for (let i = 0, { size } = counter; i < size; i++) {
        const feature = counter.featureAt(i);
        const position = index.positionOf(feature);
        const value = termFrequency(counter.halvesAt(i)) * index.weightOf(feature, position);
        squares += value * value;
        if (position >= 0) sum += value * (weights[position] as number);
      }
      // A text without any feature has no length either.
      return sigmoid(bias + (squares === 0 ? 0 : sum / Math.sqrt(squares)));
    },
  };
}
