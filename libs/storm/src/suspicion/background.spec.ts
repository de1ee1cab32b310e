import * as fc from 'fast-check';
import { quantise, quantisedVector } from '../vectors/quantised-vector';
import { Background } from './background';

const vector = fc
  .int8Array({ minLength: 6, maxLength: 6 })
  .filter((numbers) => numbers.some((value) => value !== 0))
  .map((numbers) => quantisedVector(numbers));

describe('likeness before a background', () => {
  it('is the cosine of what is left of the vectors without the mean of the usual ones', () => {
    fc.assert(
      fc.property(fc.array(vector, { minLength: 1, maxLength: 20 }), vector, vector, (usual, a, b) => {
        const unit = ({ numbers, squaredNorm }: typeof a) =>
          [...numbers].map((value) => value / Math.sqrt(squaredNorm));
        const mean = unit(a).map((_, at) => usual.reduce((sum, one) => sum + (unit(one)[at] ?? 0), 0) / usual.length);
        const left = (one: typeof a) => unit(one).map((value, at) => value - (mean[at] ?? 0));
        const dot = (x: readonly number[], y: readonly number[]) =>
          x.reduce((sum, value, at) => sum + value * (y[at] ?? 0), 0);
        const lengths = Math.sqrt(dot(left(a), left(a)) * dot(left(b), left(b)));
        fc.pre(lengths > 1e-4);
        expect(new Background(usual).likeness(a, b)).toBeCloseTo(dot(left(a), left(b)) / lengths, 6);
      }),
    );
  });

  it('tells apart what differs only in what all have in common', () => {
    const background = new Background([
      quantise([10, 1, 0]),
      quantise([10, -1, 0]),
      quantise([10, 0, 1]),
      quantise([10, 0, -1]),
    ]);
    const [east, alsoEast, west] = [quantise([10, 2, 0]), quantise([10, 3, 0.1]), quantise([10, -2, 0])];
    expect(background.likeness(east, alsoEast)).toBeGreaterThan(0.9);
    expect(background.likeness(east, west)).toBeLessThan(-0.9);
  });

  it('is nothing for the mean itself', () => {
    const same = quantise([1, 2, 3]);
    expect(new Background([same]).likeness(same, quantise([3, 2, 1]))).toBe(0);
  });
});
