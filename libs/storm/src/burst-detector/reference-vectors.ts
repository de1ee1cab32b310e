import { type QuantisedVector, cosine, meanOfUnits } from '../vectors/quantised-vector';

/** Squared distances up to this may come from rounding to eight bits: about a hundredth of a vector's length. */
const ROUNDING = 1e-4;

/** A vector relative to the mean of the reference. */
interface Placed {
  /** Inner product of the vector, scaled to length 1, and the mean. */
  readonly alongMean: number;
  /** Distance of the vector, scaled to length 1, from the mean. */
  readonly distance: number;
}

/**
 * Vectors of the reference tickets of one model, and the similarity of two tickets relative to them: the cosine of the vectors after the mean of the
 * reference is subtracted. All tickets of a service have something in common, such as its products and the way in which people ask for help, which makes any
 * two of them a little similar (Suzuki et al., "Centering Similarity Measures to Reduce Hubs", EMNLP 2013).
 */
export class ReferenceVectors {
  /** Mean of the vectors, each scaled to length 1; empty if there are none. */
  private readonly mean: Float64Array;
  /** Squared length of the mean. */
  private readonly squaredLength: number;
  private readonly placed = new WeakMap<QuantisedVector, Placed>();
  private readonly directions = new WeakMap<QuantisedVector, Float32Array>();

  /** @param vectors - of one length */
  constructor(readonly vectors: readonly QuantisedVector[]) {
    this.mean = meanOfUnits(vectors);
    this.squaredLength = this.mean.reduce((sum, value) => sum + value * value, 0);
  }

  /**
   * Centred cosine, in [-1, 1]; 0 for a vector that equals the mean, the plain cosine without any reference.
   * @throws SmartSupportError `invalid_input` for vectors of different lengths
   */
  centredCosine(a: QuantisedVector, b: QuantisedVector): number {
    return this.centredCosineWith(a)(b);
  }

  /** The same for one vector and many others, one after another. */
  centredCosineWith(a: QuantisedVector): (b: QuantisedVector) => number {
    const one = this.place(a);
    return (b) => {
      const other = this.place(b);
      const product = cosine(a, b) - one.alongMean - other.alongMean + this.squaredLength;
      const lengths = one.distance * other.distance;
      return lengths > 0 ? Math.max(-1, Math.min(1, product / lengths)) : 0;
    };
  }

  /** A vector minus the mean, scaled to length 1; all zeros for a vector that equals the mean. */
  centredDirection(vector: QuantisedVector): Float32Array {
    const known = this.directions.get(vector);
    if (known) return known;
    const { numbers, squaredNorm } = vector;
    const { distance } = this.place(vector);
    const [length, scale] = [Math.sqrt(squaredNorm), distance > 0 ? 1 / distance : 0];
    const direction = new Float32Array(numbers.length);
    for (let at = 0; at < direction.length; at += 1) {
      direction[at] = scale * ((numbers[at] as number) / length - (this.mean[at] ?? 0));
    }
    this.directions.set(vector, direction);
    return direction;
  }

  private place(vector: QuantisedVector): Placed {
    const known = this.placed.get(vector);
    if (known) return known;
    let along = 0;
    for (let index = 0; index < this.mean.length; index += 1) {
      along += (this.mean[index] as number) * (vector.numbers[index] as number);
    }
    const alongMean = along / Math.sqrt(vector.squaredNorm);
    const squared = 1 - 2 * alongMean + this.squaredLength;
    const placed = { alongMean, distance: squared > ROUNDING ? Math.sqrt(squared) : 0 };
    this.placed.set(vector, placed);
    return placed;
  }
}
