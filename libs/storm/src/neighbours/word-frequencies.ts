import { hashOf } from './weights-by-word';

/** A power of two; of words with the same hash the sum is known. */
const COUNTERS = 2 ** 15;

/** In how many of some vectors words occur: never more than it says, and mostly just as many. */
export class WordFrequencies {
  private readonly counts = new Int32Array(COUNTERS);

  /** Counts the words of a vector, or with -1 counts them no more. */
  count(words: Uint32Array, change: 1 | -1): void {
    for (const word of words) {
      const place = hashOf(word) & (COUNTERS - 1);
      this.counts[place] = (this.counts[place] as number) + change;
    }
  }

  /** In how many vectors a word occurs. */
  of(word: number): number {
    return this.counts[hashOf(word) & (COUNTERS - 1)] as number;
  }
}
