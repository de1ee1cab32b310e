import * as fc from 'fast-check';
import { MAX_TRIES, retryWaitMs } from './retry-schedule';

const HOUR_MS = 60 * 60 * 1000;

describe('the wait after a failed try', () => {
  it('is at most five seconds, and five times as long after each further one', () => {
    const longest = [1, 2, 3, 4, 5, 6, 7].map((tries) => retryWaitMs(tries, () => 1));
    expect(longest).toEqual([5, 25, 125, 625, 3125, 15_625, 78_125].map((seconds) => seconds * 1000));
  });

  it('is at least half of that', () => {
    expect(retryWaitMs(3, () => 0)).toBe(62_500);
  });

  it('has no successor after the eighth', () => {
    expect(MAX_TRIES).toBe(8);
    fc.assert(fc.property(fc.integer({ min: 8 }), (tries) => expect(retryWaitMs(tries, () => 0.5)).toBeUndefined()));
  });

  it('is never negative, and the eighth try comes between 12 and 28 hours after the first', () => {
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.array(chance, { minLength: 7, maxLength: 7 }), (chances) => {
        const waits = chances.map((value, index) => retryWaitMs(index + 1, () => value) ?? Number.NaN);
        for (const wait of waits) expect(wait).toBeGreaterThanOrEqual(0);
        const total = waits.reduce((sum, wait) => sum + wait);
        expect(total).toBeGreaterThan(12 * HOUR_MS);
        expect(total).toBeLessThan(28 * HOUR_MS);
      }),
    );
  });
});
