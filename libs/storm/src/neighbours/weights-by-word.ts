import type { QuantisedSparseVector } from '../vectors/quantised-sparse-vector';

/**
 * The numbers of one sparse vector by index, for products with others: a sparsely filled hash table with open addressing, so that a word that the vector does
 * not have costs one access.
 */
export class WeightsByWord {
  private words = new Int32Array(256);
  /** 0 at empty places. */
  private weights = new Int32Array(256);
  private squaredNorm = 0;

  /** Sets the vector. */
  fill({ indices, numbers, squaredNorm }: QuantisedSparseVector): void {
    this.squaredNorm = squaredNorm;
    if (this.words.length < 4 * indices.length) {
      const length = 2 ** Math.ceil(Math.log2(4 * indices.length));
      this.words = new Int32Array(length);
      this.weights = new Int32Array(length);
    }
    this.weights.fill(0);
    for (let entry = 0; entry < indices.length; entry += 1) {
      const word = (indices[entry] as number) | 0;
      const place = this.placeOf(word);
      this.words[place] = word;
      this.weights[place] = numbers[entry] as number;
    }
  }

  /**
   * Cosine to another vector if it is above a threshold; else the cosine or 0. Stops as soon as the rest of the other vector is too short to reach the
   * threshold, for most vectors after a few entries.
   * @param minSimilarity - at least 0
   * @param start - where in the arrays the entries of the other vector begin
   */
  cosineAbove(
    minSimilarity: number,
    indices: Uint32Array,
    numbers: Int8Array,
    start: number,
    end: number,
    squaredNorm: number,
  ): number {
    const lengths = Math.sqrt(this.squaredNorm * squaredNorm);
    const wanted = minSimilarity * lengths;
    let sum = 0;
    let left = squaredNorm;
    for (let entry = start; entry < end; entry += 1) {
      const value = numbers[entry] as number;
      sum += value * (this.weights[this.placeOf((indices[entry] as number) | 0)] as number);
      left -= value * value;
      // A little less than is missing, because roots are rounded.
      const missing = (wanted - sum) * (1 - 1e-9);
      if (missing > 0 && missing * missing > left * this.squaredNorm) return 0;
    }
    return sum / lengths;
  }

  /** The place of a word, or the empty place for it. */
  private placeOf(word: number): number {
    const { words, weights } = this;
    const last = words.length - 1;
    let place = hashOf(word) & last;
    while (weights[place] !== 0 && words[place] !== word) place = (place + 1) & last;
    return place;
  }
}

/** Mixes the bits of a number, so that its lowest bits depend on all others (the finaliser of MurmurHash3). */
export function hashOf(word: number): number {
  const half = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  const most = Math.imul(half ^ (half >>> 13), 0xc2b2ae35);
  return most ^ (most >>> 16);
}
