import type { QuantisedVector } from '../vectors/quantised-vector';

/** Rounds of the iteration. The directions need not be exact; a worse one only filters less. */
const ROUNDS = 2;

/**
 * The directions in which some vectors differ most (principal components, found by orthogonal iteration: Golub and Van Loan,
 * Matrix Computations, 8.2.4), as orthonormal rows, about those first along which the vectors are spread widest.
 * @param vectors - all of one length; scaled to unit length first
 * @param count - of directions; fewer are returned if the vectors do not differ in so many
 */
export function principalDirections(vectors: readonly QuantisedVector[], count: number): Float64Array[] {
  const rows = centred(vectors);
  const length = rows[0]?.length ?? 0;
  let directions = orthonormal(rows.slice(0, count));
  for (let round = 0; round < ROUNDS && directions.length > 0; round += 1) {
    const next = directions.map(() => new Float64Array(length));
    for (const row of rows) {
      directions.forEach((direction, index) => addScaled(next[index] as Float64Array, row, inner(row, direction)));
    }
    // The first rows change least in the orthonormalisation.
    directions = orthonormal(next.sort((a, b) => inner(b, b) - inner(a, a)));
  }
  return directions;
}

/** Inner product of two rows of one length. */
export function inner(a: Float64Array, b: Float64Array): number {
  // Four independent sums, which the processor computes in parallel.
  let s = 0;
  let t = 0;
  let u = 0;
  let v = 0;
  let index = 0;
  for (; index + 3 < a.length; index += 4) {
    s += (a[index] as number) * (b[index] as number);
    t += (a[index + 1] as number) * (b[index + 1] as number);
    u += (a[index + 2] as number) * (b[index + 2] as number);
    v += (a[index + 3] as number) * (b[index + 3] as number);
  }
  for (; index < a.length; index += 1) s += (a[index] as number) * (b[index] as number);
  return s + t + (u + v);
}

/** A vector in the same direction, of length 1. */
export function unit({ numbers, squaredNorm }: QuantisedVector): Float64Array {
  const scale = 1 / Math.sqrt(squaredNorm);
  const row = new Float64Array(numbers.length);
  for (let index = 0; index < row.length; index += 1) row[index] = (numbers[index] as number) * scale;
  return row;
}

function centred(vectors: readonly QuantisedVector[]): Float64Array[] {
  const rows = vectors.map(unit);
  const mean = new Float64Array(rows[0]?.length ?? 0);
  for (const row of rows) addScaled(mean, row, 1 / rows.length);
  for (const row of rows) addScaled(row, mean, -1);
  return rows;
}

/** Gram-Schmidt, twice for each row to bound rounding errors. Linearly dependent rows are left out. */
function orthonormal(rows: readonly Float64Array[]): Float64Array[] {
  const done: Float64Array[] = [];
  for (const given of rows) {
    const row = Float64Array.from(given);
    const before = Math.sqrt(inner(row, row));
    for (let pass = 0; pass < 2; pass += 1) for (const other of done) addScaled(row, other, -inner(row, other));
    const size = Math.sqrt(inner(row, row));
    if (size <= 1e-6 * before || size === 0) continue;
    done.push(row.map((value) => value / size));
  }
  return done;
}

function addScaled(sum: Float64Array, row: Float64Array, factor: number): void {
  for (let index = 0; index < sum.length; index += 1)
    sum[index] = (sum[index] as number) + (row[index] as number) * factor;
}
