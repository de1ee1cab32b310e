import { SmartSupportError } from '@smart-support/contracts';

/** The error for an invalid vector, by what is wrong with it. */
export function invalidVector(what: string): SmartSupportError {
  return new SmartSupportError('invalid_input', `A vector ${what}`);
}

/** Largest absolute value of a quantised number; symmetric, so that opposite vectors stay opposite. */
const LARGEST = 127;

/**
 * A vector with eight bits for each number, as in the storm log. Scaled by its largest number, because only directions are compared. All arithmetic is on
 * integers below 2^53, so that every machine computes the same similarity.
 */
export interface QuantisedVector {
  readonly numbers: Int8Array;
  /** Sum of the squared numbers; above 0. */
  readonly squaredNorm: number;
}

/**
 * Quantises a vector, for example an embedding of 384 numbers.
 * @throws SmartSupportError `invalid_input` for an empty vector, one that is all zero, and one with a number that is not finite
 */
export function quantise(vector: ArrayLike<number>): QuantisedVector {
  let largest = 0;
  for (let index = 0; index < vector.length; index += 1) {
    const size = Math.abs(vector[index] ?? 0);
    if (!Number.isFinite(size)) throw invalidVector('has a number that is not finite');
    if (size > largest) largest = size;
  }
  if (largest === 0) throw invalidVector('has only zeros');
  const numbers = new Int8Array(vector.length);
  // A plain loop, because `Int8Array.from` takes ten times as long, for every ticket.
  for (let index = 0; index < numbers.length; index += 1) {
    numbers[index] = Math.round(((vector[index] as number) / largest) * LARGEST);
  }
  return quantisedVector(numbers);
}

/**
 * A vector of its decoded numbers.
 * @throws SmartSupportError `invalid_input` for an empty vector and one that is all zero
 */
export function quantisedVector(numbers: Int8Array): QuantisedVector {
  const squaredNorm = dot(numbers, numbers);
  if (squaredNorm === 0) throw invalidVector('has only zeros');
  return { numbers, squaredNorm };
}

/**
 * Cosine of two vectors, in [-1, 1]. The only rounding is that of one square root and one division, which IEEE 754 defines to the last bit.
 * @throws SmartSupportError `invalid_input` for vectors of different lengths
 */
export function cosine(a: QuantisedVector, b: QuantisedVector): number {
  if (a.numbers.length !== b.numbers.length) throw invalidVector('has another length than the one it is compared with');
  return dot(a.numbers, b.numbers) / Math.sqrt(a.squaredNorm * b.squaredNorm);
}

/** Inner product; exact, because no sum reaches 2^31 below 133,000 numbers. */
function dot(a: Int8Array, b: Int8Array): number {
  let sum = 0;
  // The `| 0` keeps the sum a 32-bit integer.
  for (let index = 0; index < a.length; index += 1) sum = (sum + (a[index] as number) * (b[index] as number)) | 0;
  return sum;
}

/**
 * The mean of some vectors, each scaled to length 1; empty if there are none. Adds in the order given, so that every machine rounds in the same way.
 * @param vectors - of one length
 */
export function meanOfUnits(vectors: readonly QuantisedVector[]): Float64Array {
  const mean = new Float64Array(vectors[0]?.numbers.length ?? 0);
  for (const { numbers, squaredNorm } of vectors) {
    const scale = 1 / Math.sqrt(squaredNorm);
    // A plain loop for speed: a burst may have tens of thousands of vectors.
    for (let index = 0; index < mean.length; index += 1) {
      mean[index] = (mean[index] as number) + scale * (numbers[index] as number);
    }
  }
  for (let index = 0; index < mean.length; index += 1) mean[index] = (mean[index] as number) / vectors.length;
  return mean;
}
