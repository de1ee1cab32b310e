import type { ModelGuard } from '@smart-support/breaker';
import type { Classifier, Embedder, ModelInfo, UrgencyScorer, Vectoriser } from '@smart-support/contracts';

/** A heavy model and the guard that every call of it goes through. */
export interface Guarded<Model> {
  readonly model: Model;
  readonly guard: ModelGuard;
}

/** What answers a question about a ticket: a light head from the embedder's vector, or a separate heavy model from the text. */
export type Answerer<Model extends { readonly model: ModelInfo }> =
  { readonly reads: 'vector'; readonly model: Model } | ({ readonly reads: 'text' } & Guarded<Model>);

/** The models that are meant to answer. */
export interface TransformerModels {
  /** Gives the vector that heads read; `null` where no head reads it. */
  readonly embedder: Guarded<Embedder> | null;
  readonly classifier: Answerer<Classifier>;
  readonly urgency: Answerer<UrgencyScorer>;
  /** Reads the embedder's vector; `null` where there is none. */
  readonly failure: FailureHead | null;
}

/** The probability in [0, 1], from a vector, that a ticket reports that something does not work. */
export interface FailureHead {
  /** @throws SmartSupportError `invalid_input` for a vector of another length, or with a number that is not finite */
  probability(vector: Float32Array): number;
}

/** The same from a text. Never throws. */
export interface FailureBaseline {
  probability(text: string): number;
}

/** Every model of the pipeline. */
export interface TicketModels {
  /**
   * Light and always there: they choose the lane before a ticket is enqueued, and answer where a transformer does not. `words` is what tickets are compared by
   * where one has no embedding.
   */
  readonly baseline: {
    readonly classifier: Classifier;
    readonly urgency: UrgencyScorer;
    readonly words: Vectoriser;
    readonly failure: FailureBaseline;
  };
  /**
   * `null` where none is meant to answer. Where the operator wants the baseline instead (`switched_off`), and while the models are
   * still being opened (`warming`), the baseline answers and tickets are degraded. May change from one ticket to the next.
   */
  readonly transformer: TransformerModels | 'switched_off' | 'warming' | null;
}

/** The transformers that can be asked now, if any. */
export function transformersOf({ transformer }: TicketModels): TransformerModels | undefined {
  return transformer === null || typeof transformer === 'string' ? undefined : transformer;
}
