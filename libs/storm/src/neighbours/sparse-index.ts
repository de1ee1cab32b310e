import { SmartSupportError } from '@smart-support/contracts';
import { type QuantisedSparseVector, sparseCosine } from '../vectors/quantised-sparse-vector';
import type { Neighbour } from './neighbour';

/**
 * Sparse vectors among which all that are similar to a newcomer are found: exactly those that comparing with every one would find. Whoever
 * shares none of the newcomer's weightiest numbers cannot reach the threshold with the rest (prefix filtering: Bayardo, Ma and Srikant,
 * Scaling Up All Pairs Similarity Search, 2007): only those that share one are compared.
 */
export class SparseIndex<Key> {
  private readonly vectors = new Map<Key, QuantisedSparseVector>();
  /** Who has a number other than zero at an index. */
  private readonly havingAt = new Map<number, Set<Key>>();

  /** @param minSimilarity - neighbours are strictly more similar, in [0, 1) */
  constructor(private readonly minSimilarity: number) {}

  /** Vectors in the index. */
  get size(): number {
    return this.vectors.size;
  }

  /** Takes a vector in. @param key - not in the index yet */
  add(key: Key, vector: QuantisedSparseVector): void {
    if (this.vectors.has(key)) throw new SmartSupportError('internal', 'The index has a vector of this key already');
    this.vectors.set(key, vector);
    for (const index of vector.indices) {
      const having = this.havingAt.get(index);
      if (having) having.add(key);
      else this.havingAt.set(index, new Set([key]));
    }
  }

  /** Drops a vector; unknown keys are ignored. */
  delete(key: Key): void {
    const vector = this.vectors.get(key);
    if (!vector) return;
    this.vectors.delete(key);
    for (const index of vector.indices) {
      const having = this.havingAt.get(index);
      having?.delete(key);
      if (having?.size === 0) this.havingAt.delete(index);
    }
  }

  /** Every vector that is more similar than the threshold, in no particular order. */
  near(vector: QuantisedSparseVector): Neighbour<Key>[] {
    const found: Neighbour<Key>[] = [];
    for (const key of this.candidates(vector)) {
      const similarity = sparseCosine(vector, this.vectors.get(key) as QuantisedSparseVector);
      if (similarity > this.minSimilarity) found.push({ key, similarity });
    }
    return found;
  }

  private candidates(vector: QuantisedSparseVector): Set<Key> {
    const places = [...vector.numbers.keys()].sort(
      (a, b) => Math.abs(vector.numbers[b] as number) - Math.abs(vector.numbers[a] as number),
    );
    const candidates = new Set<Key>();
    // By Cauchy and Schwarz, what is left of the newcomer adds at most its length to a cosine.
    const enough = this.minSimilarity ** 2 * vector.squaredNorm;
    let left = vector.squaredNorm;
    for (const place of places) {
      if (left < enough) break;
      for (const key of this.havingAt.get(vector.indices[place] as number) ?? []) candidates.add(key);
      left -= (vector.numbers[place] as number) ** 2;
    }
    return candidates;
  }
}
