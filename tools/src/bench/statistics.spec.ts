import fc from 'fast-check';
import { quantile, spreadOf } from './statistics';

const measurements = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 });

describe('the spread of some measurements', () => {
  it('has the middle one of an odd number as its median, in any order', () => {
    expect(spreadOf([9, 1, 5, 3, 7])).toEqual({ lowerQuartile: 3, median: 5, upperQuartile: 7 });
  });

  it('has a median between the middle two of an even number', () => {
    expect(spreadOf([4, 1, 3, 2])).toEqual({ lowerQuartile: 1.75, median: 2.5, upperQuartile: 3.25 });
  });

  it('is one number of a single measurement', () => {
    expect(spreadOf([42])).toEqual({ lowerQuartile: 42, median: 42, upperQuartile: 42 });
  });

  it('sorts by size, not as text', () => {
    expect(quantile([100, 9, 20], 0.5)).toBe(20);
  });

  it('does not exist without measurements', () => {
    expect(() => spreadOf([])).toThrow(RangeError);
  });

  it('lies in order between the smallest and the largest', () => {
    fc.assert(
      fc.property(measurements, (values) => {
        const { lowerQuartile, median, upperQuartile } = spreadOf(values);
        expect(Math.min(...values)).toBeLessThanOrEqual(lowerQuartile);
        expect(lowerQuartile).toBeLessThanOrEqual(median);
        expect(median).toBeLessThanOrEqual(upperQuartile);
        expect(upperQuartile).toBeLessThanOrEqual(Math.max(...values));
      }),
    );
  });

  it('does not reorder the measurements', () => {
    const values = [3, 1, 2];
    spreadOf(values);
    expect(values).toEqual([3, 1, 2]);
  });
});
