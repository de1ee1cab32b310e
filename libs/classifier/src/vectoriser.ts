import type { SparseVector, Vectoriser } from '@smart-support/contracts';
import { BASELINE_WEIGHTS } from './baseline/baseline-weights';
import { FeatureCounter } from './features/feature-counter';
import { type Vocabulary, VocabularyIndex, termFrequency } from './features/vocabulary';
import { type ClassifierWeights, decodeWeights } from './baseline/weights-format';

/**
 * How rare features are, as a classifier has learnt it.
 * @throws SmartSupportError `invalid_model` when the weights are damaged
 */
export function vocabularyOf(weights: ClassifierWeights): Vocabulary {
  return decodeWeights(weights).vocabulary;
}

/**
 * A vectoriser for hashed TF-IDF: words, word pairs and character n-grams with sublinear frequency and L2 norm.
 * Because features are numbered by a hash, vectors of different vocabularies share one space, and the dot product of two
 * vectors is their cosine. It is the classifier's own view of a ticket, usable by itself.
 * @param vocabulary - how rare features are; by default what the shipped classifier learnt
 */
export function createVectoriser(vocabulary: Vocabulary = vocabularyOf(BASELINE_WEIGHTS)): Vectoriser {
  const index = new VocabularyIndex(vocabulary);
  const counter = new FeatureCounter(vocabulary.settings);
  return {
    vectorise(text) {
      counter.count(text);
      return weigh(counter, index);
    },
  };
}

function weigh(counter: FeatureCounter, index: VocabularyIndex): SparseVector {
  const { size } = counter;
  // Sorted as pairs in one array: the feature above, its place in the text below.
  const order = new Float64Array(size);
  for (let i = 0; i < size; i++) order[i] = (counter.featureAt(i) >>> 0) * 2 ** 20 + i;
  order.sort();
  const indices = new Uint32Array(size);
  const weights = new Float64Array(size);
  let squares = 0;
  for (let k = 0; k < size; k++) {
    const i = (order[k] as number) % 2 ** 20;
    const feature = counter.featureAt(i);
    const weight = termFrequency(counter.halvesAt(i)) * index.weightOf(feature, index.positionOf(feature));
    indices[k] = feature >>> 0;
    weights[k] = weight;
    squares += weight * weight;
  }
  const norm = Math.sqrt(squares);
  return { indices, values: Float32Array.from(weights, (weight) => weight / norm) };
}
