import { type QuantisedVector, cosine } from '../vectors/quantised-vector';

/** A vector as it looks from the middle of what is usual. */
interface Placed {
  /** The cosine to the mean, times the length of the mean: what the vector has of it. */
  readonly alongMean: number;
  /** Distance from the mean, of the vector with length 1. */
  readonly distance: number;
}

/**
 * Usual tickets of one model, and how alike two tickets are before them: the cosine of what is left of the vectors when the mean of the usual ones is
 * taken away. All tickets of a service have something in common, its products and the way in which people ask for help, and a mean that stays makes
 * everybody a little like everybody (Suzuki et al., "Centering Similarity Measures to Reduce Hubs", EMNLP 2013).
 */
export class Background {
  private readonly mean: Float64Array;
  /** Square of the mean's length. */
  private readonly squaredLength: number;
  private readonly placed = new WeakMap<QuantisedVector, Placed>();

  /** @param vectors - of one length */
  constructor(readonly vectors: readonly QuantisedVector[]) {
    this.mean = meanDirection(vectors);
    this.squaredLength = this.mean.reduce((sum, value) => sum + value * value, 0);
  }

  /** In [-1, 1]; 0 for a vector that is the mean itself. */
  likeness(a: QuantisedVector, b: QuantisedVector): number {
    const [one, other] = [this.place(a), this.place(b)];
    const product = cosine(a, b) - one.alongMean - other.alongMean + this.squaredLength;
    const lengths = one.distance * other.distance;
    return lengths > 0 ? product / lengths : 0;
  }

  private place(vector: QuantisedVector): Placed {
    const known = this.placed.get(vector);
    if (known) return known;
    let along = 0;
    for (let index = 0; index < this.mean.length; index += 1) {
      along += (this.mean[index] as number) * (vector.numbers[index] as number);
    }
    const alongMean = along / Math.sqrt(vector.squaredNorm);
    // Rounding may leave a little less than nothing.
    const distance = Math.sqrt(Math.max(0, 1 - 2 * alongMean + this.squaredLength));
    const placed = { alongMean, distance };
    this.placed.set(vector, placed);
    return placed;
  }
}

function meanDirection(vectors: readonly QuantisedVector[]): Float64Array {
  const mean = new Float64Array(vectors[0]?.numbers.length ?? 0);
  for (const { numbers, squaredNorm } of vectors) {
    const scale = 1 / (Math.sqrt(squaredNorm) * vectors.length);
    for (let index = 0; index < mean.length; index += 1) {
      mean[index] = (mean[index] as number) + scale * (numbers[index] as number);
    }
  }
  return mean;
}
