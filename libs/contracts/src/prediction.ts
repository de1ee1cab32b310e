import type { Category } from './categories';
import type { ReviewReason } from './review-reason';

/** Name and version of a model, as explanations print it. */
export interface ModelInfo {
  /** Family the answer counts as: `ticket.model`. */
  readonly family: 'transformer' | 'baseline';
  /** For example `tfidf-lr`. */
  readonly name: string;
  /** Short hash or version of the weights. */
  readonly version: string;
}

/** What models read: the ticket's text and, when an embedder ran, its vector. */
export interface ModelInput {
  readonly text: string;
  /** L2-normalised sentence embedding, 384 numbers for MiniLM. */
  readonly vector?: Float32Array;
}

/** How one run of a heavy model went. */
export interface RunReport {
  /** Tokens read, special tokens included. */
  readonly tokens: number;
  /** How many of them stand for words that the model does not know. */
  readonly unknown_tokens: number;
  /** Whether the text was longer than the model reads. */
  readonly truncated: boolean;
  /** Whether the answer was shared with an equal text, from the cache or by joining its run, instead of computed for this one. */
  readonly cached: boolean;
  /** Milliseconds spent waiting for a thread, cutting the text into tokens, and in the network. */
  readonly timings: { readonly queue_ms: number; readonly tokenise_ms: number; readonly inference_ms: number };
}

/** The answer of a {@link Classifier}. */
export interface CategoryPrediction {
  readonly category: Category;
  /** Probability of `category`, in [0, 1]; calibrated, except for a model of the user's own. */
  readonly confidence: number;
  /** Probability of every category; they add up to 1. */
  readonly scores: Readonly<Record<Category, number>>;
  /** Whether a person should look: whether there are `review_reasons`. */
  readonly needs_review: boolean;
  /** What the model itself knows of them: `low_confidence` and `unlike_training`. */
  readonly review_reasons: readonly ReviewReason[];
  readonly model: ModelInfo;
  /** Of a heavy model: how the run went. */
  readonly run?: RunReport;
}

/** A vector of which only the numbers other than 0 are kept. */
export interface SparseVector {
  /** Feature numbers (32-bit hashes), ascending and each once. */
  readonly indices: Uint32Array;
  /** The number at each index. */
  readonly values: Float32Array;
}

/** Why a category won. */
export interface CategoryReasons {
  /** The terms of the text that moved the decision most, strongest first. Empty for a model that gives no terms. */
  readonly terms: readonly TermContribution[];
  /** How far the meaning of the text as a whole (its embedding) moved the same log-odds; `null` for a model that does not look at it. */
  readonly meaning: number | null;
}

/** A term of the ticket and how far it moved the decision. */
export interface TermContribution {
  /** The word or word pair as it stands in the cleaned text. */
  readonly term: string;
  /** How far it moved the winning category's log-odds against the second best; negative speaks against it. */
  readonly weight: number;
}

/** One place in the text that an urgency pattern matched. */
export interface UrgencyHit {
  /** The rubric's signal, for example `deadline_tomorrow`. */
  readonly signal: string;
  /** The words that matched, at most 80 characters. */
  readonly match: string;
  /** Change of the score's logit caused by the signal; negative lowers the urgency. */
  readonly weight: number;
}

/** The answer of an {@link UrgencyScorer}. */
export interface UrgencyPrediction {
  /** In [0, 1]; the scale is `data/rubric.md`. */
  readonly urgency_score: number;
  /** Every pattern that matched, strongest first. */
  readonly hits: readonly UrgencyHit[];
  readonly model: ModelInfo;
  /** Of a heavy model: how the run went. */
  readonly run?: RunReport;
}

/** The answer of an {@link Embedder}. */
export interface Embedding extends RunReport {
  /** L2-normalised. */
  readonly vector: Float32Array;
}

/** How sure a model is of each of some labels. */
export interface LabelScores extends RunReport {
  /** Probability of every label, in [0, 1]. They add up to 1, except where each label was judged by itself. */
  readonly scores: Readonly<Record<string, number>>;
}
