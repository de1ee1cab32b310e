import * as fc from 'fast-check';
import { retryDelayMs } from './dead-letters';

describe('the delay before a retry', () => {
  it('doubles from one second to one minute at most', () => {
    const longest = [1, 2, 3, 6, 7, 8, 1000, 5000].map((failures) => retryDelayMs(failures, () => 1));
    expect(longest).toEqual([1000, 2000, 4000, 32_000, 60_000, 60_000, 60_000, 60_000]);
  });

  it('is any part of that, down to nothing', () => {
    expect(retryDelayMs(3, () => 0)).toBe(0);
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (failures, chance) => {
        const delay = retryDelayMs(failures + 1, () => chance);
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThan(60_000);
      }),
    );
  });
});
