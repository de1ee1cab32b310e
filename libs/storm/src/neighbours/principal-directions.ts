import type { QuantisedVector } from '../vectors/quantised-vector';

/** Rounds of the iteration: the directions need not be exact, a worse one only sorts out less. */
const ROUNDS = 4;

/**
 * The directions in which some vectors differ most (principal components, found by orthogonal iteration: Golub and Van Loan,
 * Matrix Computations, 8.2.4), as orthonormal rows one after another.
 * @param vectors - all of one length; scaled to length 1 before anything else
 * @param count - of directions; fewer come back if the vectors do not differ in so many
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
    directions = orthonormal(next);
  }
  return directions;
}

/** Inner product of two rows of one length. */
export function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += (a[index] as number) * (b[index] as number);
  return sum;
}

function centred(vectors: readonly QuantisedVector[]): Float64Array[] {
  const rows = vectors.map(({ numbers, squaredNorm }) => {
    const scale = 1 / Math.sqrt(squaredNorm);
    return Float64Array.from(numbers, (value) => value * scale);
  });
  const mean = new Float64Array(rows[0]?.length ?? 0);
  for (const row of rows) addScaled(mean, row, 1 / rows.length);
  for (const row of rows) addScaled(row, mean, -1);
  return rows;
}

/** Gram-Schmidt, twice for each row, which keeps rounding errors from adding up. Rows that add nothing are left out. */
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
