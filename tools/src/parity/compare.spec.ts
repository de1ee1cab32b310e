import { centred, cosine, largestDifference } from './compare';

describe('comparing with a reference', () => {
  it('finds the largest difference, and refuses lists of different length', () => {
    expect(largestDifference([1, 2, 3], [1, 2.5, 2.75])).toBe(0.5);
    expect(largestDifference([1], [NaN])).toBeNaN();
    expect(() => largestDifference([1], [])).toThrow(RangeError);
  });

  it('recovers logits from their softmax, up to a constant', () => {
    const logits = [0.3, -1.2, 2];
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    const logs = logits.map((logit) => Math.log(Math.exp(logit) / total));
    expect(largestDifference(centred(logs), centred(logits))).toBeLessThan(1e-12);
  });

  it('computes the cosine', () => {
    expect(cosine([1, 0], [0, 2])).toBe(0);
    expect(cosine([1, 2], [2, 4])).toBeCloseTo(1, 12);
  });
});
