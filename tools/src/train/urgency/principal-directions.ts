import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/**
 * The orthogonal directions along which vectors differ most, most first, one after the other. As many as asked for, or as
 * the vectors have numbers. The sign of a direction is free: its largest number is made positive, so that it is always the same.
 */
export function principalDirections(vectors: readonly Float32Array[], components: number): Float64Array {
  const width = vectors[0]?.length ?? 0;
  const mean = new Float64Array(width);
  for (const vector of vectors) vector.forEach((value, i) => (mean[i] = (mean[i] as number) + value / vectors.length));
  const covariance = new Matrix(width, width);
  const sums = new Float64Array(width * width);
  for (const vector of vectors) {
    const centred = Float64Array.from(vector, (value, i) => value - (mean[i] as number));
    for (let i = 0; i < width; i++) {
      const own = centred[i] as number;
      for (let j = 0; j <= i; j++) sums[i * width + j] = (sums[i * width + j] as number) + own * (centred[j] as number);
    }
  }
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) {
      covariance.set(i, j, sums[i * width + j] as number);
      covariance.set(j, i, sums[i * width + j] as number);
    }
  }
  const { eigenvectorMatrix, realEigenvalues } = new EigenvalueDecomposition(covariance, { assumeSymmetric: true });
  const order = realEigenvalues.map((_, i) => i).sort((a, b) => (realEigenvalues[b] ?? 0) - (realEigenvalues[a] ?? 0));
  return Float64Array.from(
    order.slice(0, components).flatMap((column) => {
      const direction = eigenvectorMatrix.getColumn(column);
      const largest = direction.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
      return largest < 0 ? direction.map((value) => -value) : direction;
    }),
  );
}
