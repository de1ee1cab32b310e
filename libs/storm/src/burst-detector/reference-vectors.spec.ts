import * as fc from 'fast-check';
import { quantise, quantisedVector } from '../vectors/quantised-vector';
import { ReferenceVectors } from './reference-vectors';

const vector = fc
  .int8Array({ minLength: 6, maxLength: 6 })
  .filter((numbers) => numbers.some((value) => value !== 0))
  .map((numbers) => quantisedVector(numbers));

describe('the centred cosine', () => {
  it('is the cosine of the vectors minus the mean of the reference', () => {
    fc.assert(
      fc.property(fc.array(vector, { minLength: 1, maxLength: 20 }), vector, vector, (reference, a, b) => {
        const unit = ({ numbers, squaredNorm }: typeof a) =>
          [...numbers].map((value) => value / Math.sqrt(squaredNorm));
        const mean = unit(a).map(
          (_, at) => reference.reduce((sum, one) => sum + (unit(one)[at] ?? 0), 0) / reference.length,
        );
        const left = (one: typeof a) => unit(one).map((value, at) => value - (mean[at] ?? 0));
        const dot = (x: readonly number[], y: readonly number[]) =>
          x.reduce((sum, value, at) => sum + value * (y[at] ?? 0), 0);
        const lengths = Math.sqrt(dot(left(a), left(a)) * dot(left(b), left(b)));
        fc.pre(lengths > 0.05);
        expect(new ReferenceVectors(reference).centredCosine(a, b)).toBeCloseTo(dot(left(a), left(b)) / lengths, 6);
      }),
    );
  });

  it('separates vectors by what they do not have in common with the reference', () => {
    const background = new ReferenceVectors([
      quantise([10, 1, 0]),
      quantise([10, -1, 0]),
      quantise([10, 0, 1]),
      quantise([10, 0, -1]),
    ]);
    const [east, alsoEast, west] = [quantise([10, 2, 0]), quantise([10, 3, 0.1]), quantise([10, -2, 0])];
    expect(background.centredCosine(east, alsoEast)).toBeGreaterThan(0.9);
    expect(background.centredCosine(east, west)).toBeLessThan(-0.9);
  });

  it('does not take the rounding of nearly equal vectors for a similarity', () => {
    const nearly = (change: number) => quantisedVector(Int8Array.of(100, 90, 80 + change));
    const background = new ReferenceVectors([nearly(0)]);
    expect(background.centredCosine(nearly(1), nearly(1))).toBe(0);
  });

  it('is 0 for the mean itself', () => {
    const same = quantise([1, 2, 3]);
    expect(new ReferenceVectors([same]).centredCosine(same, quantise([3, 2, 1]))).toBe(0);
  });
});
