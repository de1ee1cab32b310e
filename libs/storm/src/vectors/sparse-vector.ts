import { invalidVector } from './invalid-vector';

/** Largest absolute value of a quantised number. */
const LARGEST = 127;

/**
 * A vector of which most numbers are zero, such as hashed TF-IDF, with eight bits for each of the others. As with `DenseVector`, all sums are
 * of whole numbers, so that every machine comes to the same similarity.
 */
export interface SparseVector {
  /** Where the numbers other than zero stand, in ascending order. */
  readonly indices: Uint32Array;
  readonly numbers: Int8Array;
  /** Sum of the squares of the numbers; 0 for a text without any known word, which is similar to nothing. */
  readonly squaredNorm: number;
}

/**
 * Quantises a sparse vector.
 * @param entries - [index, number], in any order; those that round to zero are left out
 * @throws SmartSupportError `invalid_input` for an index that is no whole number below 2^32 or comes twice, and for a number that is not finite
 */
export function quantiseSparse(entries: Iterable<readonly [index: number, value: number]>): SparseVector {
  const all = [...entries].sort(([a], [b]) => a - b);
  const largest = all.reduce((found, [, value]) => Math.max(found, Math.abs(value)), 0);
  if (!Number.isFinite(largest) || all.some(([, value]) => Number.isNaN(value))) {
    throw invalidVector('holds a number that is not finite');
  }
  all.forEach(([index], place) => {
    const isIndex = Number.isInteger(index) && index >= 0 && index < 2 ** 32;
    if (!isIndex || index === all[place - 1]?.[0]) throw invalidVector('has an index twice, or one that is none');
  });
  const kept = all
    .map(([index, value]) => [index, largest === 0 ? 0 : Math.round((value / largest) * LARGEST)] as const)
    .filter(([, value]) => value !== 0);
  return sparseVector(
    Uint32Array.from(kept, ([index]) => index),
    Int8Array.from(kept, ([, value]) => value),
  );
}

/**
 * A vector read back from where its parts were written.
 * @throws SmartSupportError `invalid_input` if the parts do not belong together
 */
export function sparseVector(indices: Uint32Array, numbers: Int8Array): SparseVector {
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

/** Cosine of two vectors, in [-1, 1]; 0 where one of them has no direction. */
export function sparseCosine(a: SparseVector, b: SparseVector): number {
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
