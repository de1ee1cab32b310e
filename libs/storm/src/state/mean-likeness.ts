import { type DenseVector, cosine, quantise } from '../vectors/dense-vector';
import { type SparseVector, quantiseSparse, sparseCosine } from '../vectors/sparse-vector';
import { type Likeness, comparableBy } from './arrival';

/** What some tickets have in common: the mean of their directions, once for the embeddings of each model and once for the words. */
export interface MeanLikeness {
  readonly embeddings: ReadonlyMap<string, DenseVector>;
  readonly words: SparseVector;
}

/** The mean of some tickets, in the order given: every machine adds in the same order, and so rounds in the same way. */
export function meanOf(tickets: readonly Likeness[]): MeanLikeness {
  const sums = new Map<string, Float64Array>();
  const words = new Map<number, number>();
  for (const ticket of tickets) {
    const group = comparableBy(ticket);
    if (ticket.embedding && group !== null) {
      const { numbers, squaredNorm } = ticket.embedding.vector;
      const sum = sums.get(group) ?? new Float64Array(numbers.length);
      numbers.forEach((value, index) => (sum[index] = (sum[index] as number) + value / Math.sqrt(squaredNorm)));
      sums.set(group, sum);
    }
    const { indices, numbers, squaredNorm } = ticket.words;
    indices.forEach((index, place) => {
      words.set(index, (words.get(index) ?? 0) + (numbers[place] as number) / Math.sqrt(squaredNorm));
    });
  }
  const embeddings = new Map<string, DenseVector>();
  // Opposite directions may leave nothing.
  for (const [group, sum] of sums) if (sum.some((value) => value !== 0)) embeddings.set(group, quantise(sum));
  return { embeddings, words: quantiseSparse(words) };
}

/** How like a ticket is to some that were summed up, by embedding if it can be, else by words. */
export function likenessToMean(
  ticket: Likeness,
  { embeddings, words }: MeanLikeness,
): { readonly similarity: number; readonly isDegraded: boolean } {
  const group = comparableBy(ticket);
  const mean = group === null ? undefined : embeddings.get(group);
  return mean && ticket.embedding
    ? { similarity: cosine(ticket.embedding.vector, mean), isDegraded: false }
    : { similarity: sparseCosine(ticket.words, words), isDegraded: true };
}
