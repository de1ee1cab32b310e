import fc from 'fast-check';
import { quantile, spreadOf } from './statistics';

const measurements = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 });

describe('the middle of some measurements', () => {
  it('is the middle one of an odd number, in whatever order they came', () => {
    expect(spreadOf([9, 1, 5, 3, 7])).toEqual({ lowerQuartile: 3, median: 5, upperQuartile: 7 });
  });

  it('lies between the middle two of an even number', () => {
    expect(spreadOf([4, 1, 3, 2])).toEqual({ lowerQuartile: 1.75, median: 2.5, upperQuartile: 3.25 });
  });

  it('is the only one of a single measurement', () => {
    expect(spreadOf([42])).toEqual({ lowerQuartile: 42, median: 42, upperQuartile: 42 });
  });

  it('sorts by size, not by spelling', () => {
    expect(quantile([100, 9, 20], 0.5)).toBe(20);
  });

  it('does not exist without any', () => {
    expect(() => spreadOf([])).toThrow(RangeError);
  });

  it('is never moved by one wild measurement beyond its neighbours', () => {
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

  it('leaves the measurements as they were', () => {
    const values = [3, 1, 2];
    spreadOf(values);
    expect(values).toEqual([3, 1, 2]);
  });
});
