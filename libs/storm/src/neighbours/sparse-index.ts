import { SmartSupportError } from '@smart-support/contracts';
import type { QuantisedSparseVector } from '../vectors/quantised-sparse-vector';
import { grown } from './growing';
import type { Neighbour } from './neighbour';
import { Postings } from './postings';
import { SparsePages } from './sparse-pages';
import { WeightsByWord } from './weights-by-word';
import { WordFrequencies } from './word-frequencies';

/** Below this number of vectors the frequency of a word hardly matters, and the heavier word is preferred. */
const FEW = 8;

/**
 * Finds all sparse vectors similar to a newcomer, exactly as a comparison with every vector would.
 *
 * A vector is listed only under some of its words, so many that the others together are too short for the threshold: by Cauchy and Schwarz they add at most
 * their length to a cosine, so that a vector without any of the listed words is not similar (prefix filtering: Bayardo, Ma and Srikant, Scaling Up All Pairs
 * Similarity Search, WWW 2007, with one order of words for all vectors). A newcomer looks up all of its words, so each vector can be listed under the best
 * ones of its own: heavy words, of which few are enough, and rare words, which few newcomers look up.
 */
export class SparseIndex<Key> {
  private readonly slots = new Map<Key, number>();
  /** By slot; `undefined` for a free one. */
  private readonly keys: (Key | undefined)[] = [];
  private readonly pages = new SparsePages();
  private readonly postings = new Postings();
  private readonly frequencies = new WordFrequencies();
  private readonly weights = new WeightsByWord();
  /** By slot: whether it is a candidate already. */
  private isCandidate = new Uint8Array(0);

  /** @param minSimilarity - neighbours are strictly more similar, in [0, 1) */
  constructor(private readonly minSimilarity: number) {}

  /** Vectors in the index. */
  get size(): number {
    return this.slots.size;
  }

  /** Adds a vector. @param key - not in the index yet */
  add(key: Key, vector: QuantisedSparseVector): void {
    if (this.slots.has(key)) throw new SmartSupportError('internal', 'The index has a vector of this key already');
    const slot = this.pages.add(vector);
    this.slots.set(key, slot);
    this.keys[slot] = key;
    this.isCandidate = grown(this.isCandidate, slot + 1);
    this.frequencies.count(vector.indices, 1);
    this.postings.add(slot, this.wordsToListUnder(vector));
  }

  /** Whether the index has a vector of a key. */
  has(key: Key): boolean {
    return this.slots.has(key);
  }

  /** The vector of a key, as a view that stays valid after the vector is deleted. */
  get(key: Key): QuantisedSparseVector | undefined {
    const slot = this.slots.get(key);
    return slot === undefined ? undefined : this.pages.get(slot);
  }

  /** Deletes a vector; unknown keys are ignored. */
  delete(key: Key): void {
    const slot = this.slots.get(key);
    if (slot === undefined) return;
    this.slots.delete(key);
    this.keys[slot] = undefined;
    this.frequencies.count(this.pages.get(slot).indices, -1);
    this.postings.delete(slot);
    this.pages.delete(slot);
  }

  /** All vectors that are more similar than the threshold, in no particular order. */
  near(vector: QuantisedSparseVector): Neighbour<Key>[] {
    const found: Neighbour<Key>[] = [];
    this.weights.fill(vector);
    for (const slot of this.candidates(vector)) {
      this.isCandidate[slot] = 0;
      const similarity = this.pages.cosineAbove(this.minSimilarity, slot, this.weights);
      if (similarity > this.minSimilarity) found.push({ key: this.keys[slot] as Key, similarity });
    }
    return found;
  }

  /** Slots listed under a word of a vector, each once. */
  private candidates({ indices, numbers }: QuantisedSparseVector): number[] {
    const candidates: number[] = [];
    indices.forEach((word, entry) => {
      if (numbers[entry] === 0) return;
      this.postings.forEach(word, (slot) => {
        if (this.isCandidate[slot] === 1) return;
        this.isCandidate[slot] = 1;
        candidates.push(slot);
      });
    });
    return candidates;
  }

  private wordsToListUnder({ indices, numbers, squaredNorm }: QuantisedSparseVector): number[] {
    const squares = Float64Array.from(numbers, (value) => value ** 2);
    const costs = Float64Array.from(indices, (word) => FEW + this.frequencies.of(word));
    const worth = squares.map((square, entry) => square / (costs[entry] as number));
    const entries = [...squares.keys()].sort((a, b) => (worth[b] as number) - (worth[a] as number));
    // Squared length that may be left out; a little less, because roots and quotients are rounded.
    const enough = this.minSimilarity ** 2 * squaredNorm * (1 - 1e-9);
    const words: number[] = [];
    let left = squaredNorm;
    for (const entry of entries) {
      if (left <= enough) break;
      left -= squares[entry] as number;
      words.push(indices[entry] as number);
    }
    return words;
  }
}
