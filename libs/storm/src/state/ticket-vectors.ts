import type { QuantisedSparseVector } from '../vectors/quantised-sparse-vector';
import type { QuantisedVector } from '../vectors/quantised-vector';

/** The vectors by which a ticket is compared. */
export interface TicketVectors {
  /** `null` where no model answered. Only embeddings of the same model and length are compared. */
  readonly embedding: { readonly model: string; readonly vector: QuantisedVector } | null;
  readonly words: QuantisedSparseVector;
}

/** Equal for tickets whose embeddings can be compared; `null` without an embedding. */
export function embeddingGroupOf({ embedding }: TicketVectors): string | null {
  return embedding && embeddingGroup(embedding.model, embedding.vector.numbers);
}

/** The group of embeddings of a model and a length. */
export function embeddingGroup(model: string, numbers: Int8Array): string {
  return `${numbers.length} ${model}`;
}
