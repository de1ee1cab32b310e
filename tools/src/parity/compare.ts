/** The largest distance between numbers at the same positions. @throws RangeError unless both have as many */
export function largestDifference(found: readonly number[], expected: readonly number[]): number {
  if (found.length !== expected.length) throw new RangeError(`${found.length} numbers for ${expected.length}`);
  return Math.max(0, ...found.map((value, i) => Math.abs(value - (expected[i] ?? NaN))));
}

/** Cosine of the angle between two vectors. */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let dot = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] ?? NaN, b[i] ?? NaN];
    dot += x * y;
    aa += x * x;
    bb += y * y;
  }
  return dot / Math.sqrt(aa * bb);
}

/** Numbers less their mean: logits follow from their softmax up to a constant, which this removes. */
export function centred(numbers: readonly number[]): number[] {
  const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  return numbers.map((number) => number - mean);
}
