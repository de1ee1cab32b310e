/**
 * The three kinds of feature. The kind is kept in the two highest bits of a feature's number,
 * so that equal letters counted as a word and as an n-gram stay apart.
 */
export const FEATURE_KINDS = { characters: 0, word: 1, pair: 2 } as const;

/** How text becomes features: part of a model, for weights fit only the features they were trained on. */
export interface FeatureSettings {
  /** Shortest character n-gram, in characters; n-grams stay inside a word and its two boundary spaces. */
  readonly shortest: number;
  /** Longest character n-gram; below `shortest` there are none. */
  readonly longest: number;
  /** Factor on a character n-gram's TF-IDF; 0 leaves the kind out. */
  readonly characterFactor: number;
  /** Factor on a word's TF-IDF; 0 leaves words out. */
  readonly wordFactor: number;
  /** Factor on the TF-IDF of a pair of neighbouring words (stop words skipped); 0 leaves pairs out. */
  readonly pairFactor: number;
}

/**
 * What the shipped model uses: the best of those in docs/decisions/0029-what-the-tools-keep.md. Words weigh more than n-grams
 * because a word of six letters brings a dozen n-grams with it.
 */
export const DEFAULT_FEATURES: FeatureSettings = {
  shortest: 3,
  longest: 5,
  characterFactor: 1,
  wordFactor: 3,
  pairFactor: 2,
};
