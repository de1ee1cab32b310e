import { meanAbsoluteError, spearman } from './agreement';

describe('rank correlation', () => {
  it('is 1 for the same order, whatever the distances, and -1 for the opposite', () => {
    expect(spearman([1, 2, 3, 4], [0.1, 0.2, 0.9, 100])).toBeCloseTo(1, 12);
    expect(spearman([1, 2, 3, 4], [4, 3, 2, 1])).toBeCloseTo(-1, 12);
  });

  it('lets equal values share their ranks', () => {
    // By hand: ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4 give 4.5 / sqrt(4.5 x 5).
    expect(spearman([1, 5, 5, 9], [1, 2, 3, 4])).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 12);
  });

  it('is 0 where one side never varies', () => {
    expect(spearman([1, 1, 1], [1, 2, 3])).toBe(0);
  });
});

describe('mean absolute error', () => {
  it('is the mean distance', () => {
    expect(meanAbsoluteError([0.5, 0.2], [0.1, 0.4])).toBeCloseTo(0.3, 12);
  });
});
