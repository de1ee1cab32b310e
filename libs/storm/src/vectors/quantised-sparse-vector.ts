import type { SparseVector } from '@smart-support/contracts';
import { invalidVector } from './quantised-vector';

/** Largest absolute value of a quantised number. */
const LARGEST = 127;

/**
 * A sparse vector, such as hashed TF-IDF, with eight bits for each number. As with `QuantisedVector`, all sums are integers, so that every machine computes the
 * same similarity.
 */
export interface QuantisedSparseVector {
  /** Indices of the numbers, in ascending order. */
  readonly indices: Uint32Array;
  readonly numbers: Int8Array;
  /** Sum of the squared numbers; 0 for a text without known words, which is similar to nothing. */
  readonly squaredNorm: number;
}

/**
 * Quantises a sparse vector; numbers that round to zero are left out.
 * @throws SmartSupportError `invalid_input` if there are not as many indices as values, for indices that do not ascend, and for a value that is not
 * finite
 */
export function quantiseSparse({ indices, values }: SparseVector): QuantisedSparseVector {
  let largest = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) throw invalidVector('has a number that is not finite');
    largest = Math.max(largest, Math.abs(value));
  }
  const numbers = new Int8Array(values.length);
  let kept = 0;
  for (let place = 0; place < numbers.length; place += 1) {
    const number = largest === 0 ? 0 : Math.round(((values[place] as number) / largest) * LARGEST);
    numbers[place] = number;
    if (number !== 0) kept += 1;
  }
  // Checked before zeros are removed: their indices must ascend, too.
  return withoutZeros(quantisedSparseVector(indices, numbers), kept);
}

function withoutZeros({ indices, numbers, squaredNorm }: QuantisedSparseVector, kept: number): QuantisedSparseVector {
  const left = { indices: new Uint32Array(kept), numbers: new Int8Array(kept), squaredNorm };
  let place = 0;
  for (let from = 0; from < numbers.length; from += 1) {
    if (numbers[from] === 0) continue;
    left.indices[place] = indices[from] as number;
    left.numbers[place] = numbers[from] as number;
    place += 1;
  }
  return left;
}

/**
 * A vector of its decoded parts.
 * @throws SmartSupportError `invalid_input` for parts of different lengths, and for indices that do not ascend
 */
export function quantisedSparseVector(indices: Uint32Array, numbers: Int8Array): QuantisedSparseVector {
  if (indices.length !== numbers.length) throw invalidVector('has more indices than numbers, or fewer');
  let squaredNorm = 0;
  for (let place = 0; place < numbers.length; place += 1) {
    if (place > 0 && (indices[place] as number) <= (indices[place - 1] as number)) {
      throw invalidVector('has indices that do not ascend');
    }
    squaredNorm += (numbers[place] as number) ** 2;
  }
  return { indices, numbers, squaredNorm };
}

/** The vector of a text without known words. */
export const NO_WORDS: QuantisedSparseVector = {
  indices: new Uint32Array(),
  numbers: new Int8Array(),
  squaredNorm: 0,
};

/** Cosine of two vectors, in [-1, 1]; 0 if one of them is empty. */
export function sparseCosine(a: QuantisedSparseVector, b: QuantisedSparseVector): number {
  if (a.squaredNorm === 0 || b.squaredNorm === 0) return 0;
  let sum = 0;
  for (let i = 0, j = 0; i < a.indices.length && j < b.indices.length;) {
    const difference = (a.indices[i] as number) - (b.indices[j] as number);
    if (difference === 0) sum += (a.numbers[i] as number) * (b.numbers[j] as number);
    if (difference <= 0) i += 1;
    if (difference >= 0) j += 1;
  }
  return sum / Math.sqrt(a.squaredNorm * b.squaredNorm);
}
