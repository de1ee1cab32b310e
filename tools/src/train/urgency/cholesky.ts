/**
 * The lower triangle L with L L' = A of a symmetric positive definite matrix, row after row; A is overwritten and only its lower
 * triangle is read. Two rows at a time meet two rows above them, which gives four products for four numbers read.
 * @throws Error when the matrix is not positive definite
 */
export function cholesky(matrix: Float64Array, size: number): Float64Array {
  for (let i = 0; i < size; i += 2) {
    if (i + 1 < size) twoRows(matrix, size, i);
    else oneRow(matrix, size, i, 0);
  }
  return matrix;
}

/** Rows i and i + 1; i is even. */
function twoRows(m: Float64Array, size: number, i: number): void {
  const a = i * size;
  const b = a + size;
  for (let j = 0; j < i; j += 2) {
    const c = j * size;
    const d = c + size;
    let ac = m[a + j] as number;
    let ad = m[a + j + 1] as number;
    let bc = m[b + j] as number;
    let bd = m[b + j + 1] as number;
    for (let k = 0; k < j; k++) {
      const inA = m[a + k] as number;
      const inB = m[b + k] as number;
      const inC = m[c + k] as number;
      const inD = m[d + k] as number;
      ac -= inA * inC;
      ad -= inA * inD;
      bc -= inB * inC;
      bd -= inB * inD;
    }
    ac /= m[c + j] as number;
    bc /= m[c + j] as number;
    const below = m[d + j] as number;
    m[a + j] = ac;
    m[b + j] = bc;
    m[a + j + 1] = (ad - ac * below) / (m[d + j + 1] as number);
    m[b + j + 1] = (bd - bc * below) / (m[d + j + 1] as number);
  }
  oneRow(m, size, i, i);
  oneRow(m, size, i + 1, i);
}

/** Row i from column `from` on. */
function oneRow(m: Float64Array, size: number, i: number, from: number): void {
  const row = i * size;
  for (let j = from; j < i; j++) {
    const other = j * size;
    m[row + j] = ((m[row + j] as number) - dot(m, row, m, other, j)) / (m[other + j] as number);
  }
  const square = (m[row + i] as number) - dot(m, row, m, row, i);
  if (!(square > 0)) throw new Error('The matrix is not positive definite');
  m[row + i] = Math.sqrt(square);
}

/**
 * The vector x with L x = b, by forward substitution.
 * @param from - position of the first number of b that is not 0; all numbers of x before it are 0 as well
 */
export function solveForward(lower: Float64Array, size: number, b: Float64Array, from = 0): Float64Array {
  const x = new Float64Array(size);
  for (let i = from; i < size; i++) {
    const rest = (b[i] as number) - dot(lower, i * size + from, x, from, i - from);
    x[i] = rest / (lower[i * size + i] as number);
  }
  return x;
}

/** The vector x with L' x = b, by backward substitution. */
export function solveBackward(lower: Float64Array, size: number, b: Float64Array): Float64Array {
  const x = b.slice();
  for (let i = size - 1; i >= 0; i--) {
    const value = (x[i] as number) / (lower[i * size + i] as number);
    x[i] = value;
    for (let k = 0; k < i; k++) x[k] = (x[k] as number) - value * (lower[i * size + k] as number);
  }
  return x;
}

/** Dot product of two ranges; four running sums, because each addition waits for the one before. */
export function dot(a: Float64Array, aFrom: number, b: Float64Array, bFrom: number, length: number): number {
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  let k = 0;
  for (; k + 3 < length; k += 4) {
    first += (a[aFrom + k] as number) * (b[bFrom + k] as number);
    second += (a[aFrom + k + 1] as number) * (b[bFrom + k + 1] as number);
    third += (a[aFrom + k + 2] as number) * (b[bFrom + k + 2] as number);
    fourth += (a[aFrom + k + 3] as number) * (b[bFrom + k + 3] as number);
  }
  for (; k < length; k++) first += (a[aFrom + k] as number) * (b[bFrom + k] as number);
  return first + second + (third + fourth);
}
