import type {
  CategoryPrediction,
  CategoryReasons,
  Classifier,
  ModelInfo,
  ModelInput,
  ReasonsWanted,
} from '@smart-support/contracts';
import { BASELINE_WEIGHTS } from '../baseline/baseline-weights';
import { LinearModel } from '../baseline/linear-model';
import { strongestTerms } from '../baseline/strongest-terms';
import { type ClassifierWeights, decodeWeights } from '../baseline/weights-format';
import { bestTwo, indicesOf, type PerCategory, predictionFrom, softmax } from '../category-scores';
import { unusable, versionOf } from '../packed-weights';
import { HEAD_WEIGHTS } from './head-weights';
import { decodeHeadWeights, type EmbedderName, type HeadWeights } from './head-weights-format';
import { badVector, MeaningModel } from './meaning-model';

/** A {@link Classifier} that answers at once from a text and its embedding. */
export interface ClassifierHead extends Classifier {
  /** The embedding model it was trained on: vectors of another, or of other weights of the same, mean nothing to it. */
  readonly embedder: EmbedderName;
  /** @throws SmartSupportError `invalid_input` without a vector, for one of another length, or with a number that is not finite */
  classify(input: ModelInput): CategoryPrediction;
  /**
   * Without a vector, only the words are explained.
   * @throws SmartSupportError `invalid_input` for a vector of another length, or with a number that is not finite
   */
  explain(input: ModelInput, wanted?: ReasonsWanted): CategoryReasons;
}

/** What a head is made of. */
export interface ClassifierHeadOptions {
  /** By default those shipped with the package. */
  readonly weights?: HeadWeights;
  /** The baseline that the head was fused with; by default the one shipped with the package. */
  readonly baseline?: ClassifierWeights;
}

/**
 * The classifier for tickets with a sentence embedding. Two linear models answer, the baseline from the words and one from the
 * embedding, and their log-odds are added with one factor each (late fusion; the embedding's counts most): the words know the exact terms, the embedding
 * what they mean where the words are new. No I/O: the embedding comes with the input. It also learnt texts that are no ticket:
 * what is like these is `unlike_training`.
 *
 * `explain` gives the terms and the `meaning` in natural logarithms of the same log-odds; together with the bias of the
 * categories they add up to it. `meaning` is measured from the mean embedding of the training tickets.
 * @throws SmartSupportError `invalid_model` when weights are damaged, or the head was fused with another baseline
 */
export function createClassifierHead(options: ClassifierHeadOptions = {}): ClassifierHead {
  const { weights = HEAD_WEIGHTS, baseline = BASELINE_WEIGHTS } = options;
  const head = decodeHeadWeights(weights);
  const trained = decodeWeights(baseline);
  if (head.baseline !== baseline.manifest.hash) {
    throw unusable('the head was fused with another baseline and must be trained again with this one');
  }
  const words = new LinearModel(trained);
  const meaning = new MeaningModel(head);
  const model: ModelInfo = { family: 'transformer', name: 'minilm-tfidf-lr', version: versionOf(weights.manifest) };
  const { wordsWeight, meaningWeight, reviewThreshold, noneThreshold, embedder } = head;
  const biases = [0, 1, 2].map((k) => meaningWeight * (head.biases[k] ?? 0));
  /** Log-odds of a text without a known word: those of drawing a training ticket blindly. */
  const withoutWords = [0, 1, 2].map((k) => Math.log(trained.prior[k] ?? 0)) as [number, number, number];

  const fused = (text: string, shifts: PerCategory): PerCategory => {
    const byWords = words.logOdds(text) ?? withoutWords;
    const of = (k: 0 | 1 | 2) => wordsWeight * byWords[k] + meaningWeight * shifts[k] + (biases[k] ?? 0);
    return [of(0), of(1), of(2)];
  };

  return {
    model,
    embedder,
    classify({ text, vector }) {
      if (vector === undefined) throw badVector('the input has no embedding');
      const { shifts, none } = meaning.read(vector);
      const isUnlikeTraining = none >= noneThreshold;
      return predictionFrom(softmax(...fused(text, shifts)), { reviewThreshold, model, isUnlikeTraining });
    },
    explain({ text, vector }, { between, limit } = {}) {
      const shifts = vector && meaning.read(vector).shifts;
      const [winner, second] = between ? indicesOf(between) : bestTwo(fused(text, shifts ?? [0, 0, 0]));
      return {
        terms: strongestTerms(words.termShares(text, winner, second, wordsWeight), limit),
        meaning: shifts ? meaningWeight * (shifts[winner] - shifts[second]) : null,
      };
    },
  };
}
