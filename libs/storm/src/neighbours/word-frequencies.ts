import { hashOf } from './weights-by-word';

/** A power of two; words with the same hash share a counter. */
const COUNTERS = 2 ** 15;

/** Counts in how many vectors words occur: an upper bound that is mostly exact. */
export class WordFrequencies {
  private readonly counts = new Int32Array(COUNTERS);

  /** Adds the words of a vector to the counts, or removes them with -1. */
  count(words: Uint32Array, change: 1 | -1): void {
    for (const word of words) {
      const place = hashOf(word) & (COUNTERS - 1);
      this.counts[place] = (this.counts[place] as number) + change;
    }
  }

  /** Number of vectors with a word, or a little more. */
  of(word: number): number {
    return this.counts[hashOf(word) & (COUNTERS - 1)] as number;
  }
}
