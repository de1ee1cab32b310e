import fc from 'fast-check';
import { decades, linear, logarithmic, roundTicks } from './scales';

describe('scales', () => {
  it('go from one range to the other', () => {
    expect([0, 5, 10].map(linear([0, 10], [100, 0]))).toEqual([100, 50, 0]);
    expect([0, 1, 10, 100].map(logarithmic([1, 100], [0, 50]))).toEqual([0, 0, 25, 50]);
    expect(linear([3, 3], [7, 9])(3)).toBe(7);
  });
});

describe('ticks', () => {
  it('are round, begin at 0 and reach as far as the values', () => {
    expect(roundTicks(0, 3)).toEqual([0, 1]);
    expect(roundTicks(7, 3)).toEqual([0, 5, 10]);
    expect(roundTicks(53, 3)).toEqual([0, 20, 40, 60]);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (most) => {
        const ticks = roundTicks(most, 3);
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(most);
        expect(ticks.length).toBeLessThanOrEqual(6);
      }),
    );
  });

  it('of a logarithmic axis are powers of ten, two at least', () => {
    expect(decades(0)).toEqual([1, 10]);
    expect(decades(10)).toEqual([1, 10]);
    expect(decades(1001)).toEqual([1, 10, 100, 1000, 10_000]);
  });
});
