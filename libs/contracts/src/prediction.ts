import type { Category } from './categories';

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

/** The answer of a {@link Classifier}. */
export interface CategoryPrediction {
  readonly category: Category;
  /** Calibrated probability of `category`, in [0, 1]. */
  readonly confidence: number;
  /** Calibrated probability of every category; they add up to 1. */
  readonly scores: Readonly<Record<Category, number>>;
  /** Whether `confidence` is below the model's review threshold. */
  readonly needs_review: boolean;
  readonly model: ModelInfo;
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
}

/** The answer of an {@link Embedder}. */
export interface Embedding {
  /** L2-normalised. */
  readonly vector: Float32Array;
  /** Tokens read, special tokens included. */
  readonly tokens: number;
  /** Whether the text was longer than the model reads. */
  readonly truncated: boolean;
  /** Milliseconds spent in each step. */
  readonly timings: { readonly queue_ms: number; readonly tokenise_ms: number; readonly inference_ms: number };
}
