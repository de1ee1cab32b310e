import type { SparseVector } from '@smart-support/contracts';
import { meanOfUnits, type QuantisedVector, cosine, quantise } from '../vectors/quantised-vector';
import { type QuantisedSparseVector, quantiseSparse, sparseCosine } from '../vectors/quantised-sparse-vector';
import { type TicketVectors, embeddingGroupOf } from '../state/ticket-vectors';

/** Mean directions of some tickets: one for the embeddings of each model, one for the words. */
export interface MeanVectors {
  readonly embeddings: ReadonlyMap<string, QuantisedVector>;
  readonly words: QuantisedSparseVector;
}

/** The mean of some tickets. Adds in the order given, so that every machine rounds in the same way. */
export function meanOf(tickets: readonly TicketVectors[]): MeanVectors {
  const groups = new Map<string, QuantisedVector[]>();
  const words = new Map<number, number>();
  for (const ticket of tickets) {
    const group = embeddingGroupOf(ticket);
    if (ticket.embedding && group !== null) {
      const vectors = groups.get(group);
      if (vectors) vectors.push(ticket.embedding.vector);
      else groups.set(group, [ticket.embedding.vector]);
    }
    const { indices, numbers, squaredNorm } = ticket.words;
    const wordScale = 1 / Math.sqrt(squaredNorm);
    indices.forEach((index, place) => {
      words.set(index, (words.get(index) ?? 0) + wordScale * (numbers[place] as number));
    });
  }
  const embeddings = new Map<string, QuantisedVector>();
  for (const [group, vectors] of groups) {
    const mean = meanOfUnits(vectors);
    // Opposite directions may cancel out.
    if (mean.some((value) => value !== 0)) embeddings.set(group, quantise(mean));
  }
  return { embeddings, words: quantiseSparse(inOrder(words)) };
}

/**
 * Similarity of a ticket to a mean: by embedding if possible, else by words.
 * @param group - of the ticket, as `embeddingGroupOf` returns it
 */
export function similarityToMean(
  ticket: TicketVectors,
  { embeddings, words }: MeanVectors,
  group: string | null,
): { readonly similarity: number; readonly isDegraded: boolean } {
  const mean = group === null ? undefined : embeddings.get(group);
  return mean && ticket.embedding
    ? { similarity: cosine(ticket.embedding.vector, mean), isDegraded: false }
    : { similarity: sparseCosine(ticket.words, words), isDegraded: true };
}

function inOrder(words: ReadonlyMap<number, number>): SparseVector {
  const entries = [...words].sort(([a], [b]) => a - b);
  return {
    indices: Uint32Array.from(entries, ([index]) => index),
    values: Float32Array.from(entries, ([, value]) => value),
  };
}
