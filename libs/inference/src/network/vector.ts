import type { Pooling } from '../directory/pooling';

/** A vector shorter or longer than 1 by more than this was not normalised by the network. */
const NORM_TOLERANCE = 1e-3;

/**
 * One vector for the whole text from one a token. Every token counts: a run holds one text and no padding.
 * @param hidden - `tokens` rows of `hidden.length / tokens` numbers
 */
export function pool(hidden: Float32Array, tokens: number, pooling: Pooling): Float32Array {
  const width = hidden.length / tokens;
  const pooled = hidden.slice(0, width);
  if (pooling === 'cls') return pooled;
  for (let column = 0; column < width; column++) {
    let value = pooling === 'max' ? Number.NEGATIVE_INFINITY : 0;
    for (let at = column; at < hidden.length; at += width) {
      const number = hidden[at] ?? Number.NaN;
      value = pooling === 'max' ? Math.max(value, number) : value + number;
    }
    pooled[column] = pooling === 'max' ? value : value / tokens;
  }
  return pooled;
}

/**
 * Brings a vector to length 1; one that has it already stays bit for bit as it is.
 * @throws Error for a vector without a direction: zero, or with a value that is not a finite number
 */
export function normalised(vector: Float32Array): Float32Array {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const norm = Math.sqrt(squares);
  if (!Number.isFinite(norm) || norm === 0) throw new Error('The network gave a vector without a direction');
  return Math.abs(norm - 1) <= NORM_TOLERANCE ? vector : vector.map((value) => value / norm);
}
