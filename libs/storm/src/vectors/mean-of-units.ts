import type { QuantisedVector } from './quantised-vector';

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
