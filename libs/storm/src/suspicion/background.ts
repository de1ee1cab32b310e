import { type QuantisedVector, cosine } from '../vectors/quantised-vector';
import { meanOfUnits } from '../vectors/mean-of-units';

/** Squared distances up to this may be the rounding to eight bits a number: about a hundredth of a vector's length. */
const NOTHING = 1e-4;

/** A vector as it looks from the middle of what is usual. */
interface Placed {
  /** Inner product of the vector, of length 1, and the mean. */
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
  /** Of the vectors, each with length 1; without numbers if there are none. */
  private readonly mean: Float64Array;
  /** Square of the mean's length. */
  private readonly squaredLength: number;
  private readonly placed = new WeakMap<QuantisedVector, Placed>();
  private readonly directions = new WeakMap<QuantisedVector, Float32Array>();

  /** @param vectors - of one length */
  constructor(readonly vectors: readonly QuantisedVector[]) {
    this.mean = meanOfUnits(vectors);
    this.squaredLength = this.mean.reduce((sum, value) => sum + value * value, 0);
  }

  /**
   * In [-1, 1]; 0 for a vector that is the mean itself, the plain cosine if there are no usual tickets.
   * @throws SmartSupportError `invalid_input` for vectors of different lengths
   */
  centredCosine(a: QuantisedVector, b: QuantisedVector): number {
    return this.centredCosineWith(a)(b);
  }

  /** The same for one vector and many others. */
  centredCosineWith(a: QuantisedVector): (b: QuantisedVector) => number {
    const one = this.place(a);
    return (b) => {
      const other = this.place(b);
      const product = cosine(a, b) - one.alongMean - other.alongMean + this.squaredLength;
      const lengths = one.distance * other.distance;
      return lengths > 0 ? Math.max(-1, Math.min(1, product / lengths)) : 0;
    };
  }

  /** What is left of a vector of length 1 when the mean is taken away, with length 1; all zeros for the mean itself. */
  centred(vector: QuantisedVector): Float32Array {
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
    const placed = { alongMean, distance: squared > NOTHING ? Math.sqrt(squared) : 0 };
    this.placed.set(vector, placed);
    return placed;
  }
}
