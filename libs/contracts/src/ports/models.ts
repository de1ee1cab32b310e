import type {
  CategoryPrediction,
  Embedding,
  ModelInfo,
  ModelInput,
  TermContribution,
  UrgencyPrediction,
} from '../prediction';

/** A value now or later: light models answer at once, heavy ones do not. */
export type MaybePromise<T> = T | Promise<T>;

/** Sorts a ticket into a category. */
export interface Classifier {
  readonly model: ModelInfo;
  /** Never throws for any text, however odd. */
  classify(input: ModelInput): MaybePromise<CategoryPrediction>;
  /** The terms of the text that moved the decision for the winning category most, strongest first. */
  explain(input: ModelInput, limit?: number): MaybePromise<readonly TermContribution[]>;
}

/** Says how soon somebody must act. */
export interface UrgencyScorer {
  readonly model: ModelInfo;
  /** Never throws for any text, however odd. */
  score(input: ModelInput): MaybePromise<UrgencyPrediction>;
}

/** Turns a text into a vector whose cosine to another is their likeness in meaning. */
export interface Embedder {
  /** Length of the vectors. */
  readonly dimensions: number;
  /** @throws the signal's reason when aborted before the run starts */
  embed(text: string, options?: { readonly signal?: AbortSignal }): Promise<Embedding>;
}
