import type { QuantisedSparseVector } from '../vectors/quantised-sparse-vector';
import type { QuantisedVector } from '../vectors/quantised-vector';

/** What a ticket is compared by. */
export interface TicketVectors {
  /** `null` where no model answered. Only embeddings of one model and one length are compared. */
  readonly embedding: { readonly model: string; readonly vector: QuantisedVector } | null;
  readonly words: QuantisedSparseVector;
}

/** Names what embeddings must have in common to be compared. */
export function embeddingGroupOf({ embedding }: TicketVectors): string | null {
  return embedding && embeddingGroup(embedding.model, embedding.vector.numbers);
}

/** The same of an embedding that is no ticket's yet. */
export function embeddingGroup(model: string, numbers: Int8Array): string {
  return `${numbers.length} ${model}`;
}
