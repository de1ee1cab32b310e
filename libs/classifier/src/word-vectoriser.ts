import type { SparseVector, Vectoriser } from '@smart-support/contracts';
import { BASELINE_WEIGHTS } from './baseline/baseline-weights';
import { createVectoriser, vocabularyOf } from './vectoriser';

/** How much of a text {@link createWordVectoriser} keeps. */
export interface WordVectoriserOptions {
  /** Most features of a text, at least 0; of a longer one the heaviest are kept. 64 by default. */
  readonly limit?: number;
  /** Factor on the TF-IDF of a pair of neighbouring words against 1 for a word. 0 by default: no pairs. */
  readonly pairFactor?: number;
}

/**
 * A vectoriser for keeping many tickets' vectors and finding those that say nearly the same: hashed TF-IDF of whole words, at most a few
 * dozen features a text. How rare a word is comes from the shipped classifier; one that it does not know counts as the rarest. Any number
 * counts as the same word, for copies of one alarm differ in theirs.
 */
export function createWordVectoriser({ limit = 64, pairFactor = 0 }: WordVectoriserOptions = {}): Vectoriser {
  const vocabulary = vocabularyOf(BASELINE_WEIGHTS);
  const settings = { ...vocabulary.settings, characterFactor: 0, wordFactor: 1, pairFactor };
  const words = createVectoriser({ ...vocabulary, settings });
  return { vectorise: (text) => heaviest(words.vectorise(text), limit) };
}

/** The heaviest features, again of length 1. Of equally heavy ones those with the lower numbers, so that it is the same choice everywhere. */
function heaviest({ indices, values }: SparseVector, limit: number): SparseVector {
  if (indices.length <= limit) return { indices, values };
  const kept = Uint32Array.from(values.keys())
    .sort((a, b) => (values[b] as number) - (values[a] as number) || a - b)
    .slice(0, limit)
    .sort();
  const squares = kept.reduce((sum, place) => sum + (values[place] as number) ** 2, 0);
  const norm = Math.sqrt(squares);
  return {
    indices: Uint32Array.from(kept, (place) => indices[place] as number),
    values: Float32Array.from(kept, (place) => (values[place] as number) / norm),
  };
}
