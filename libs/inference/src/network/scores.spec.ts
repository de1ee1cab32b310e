import fc from 'fast-check';
import { labelScores, softmax, zeroShotScores } from './scores';

const logit = fc.double({ min: -1000, max: 1000, noNaN: true });

describe('scores', () => {
  it('add up to 1 and stay in [0, 1], however large the logits', () => {
    fc.assert(
      fc.property(fc.array(logit, { minLength: 1, maxLength: 20 }), (logits) => {
        const shares = softmax(logits);
        expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
        expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
      }),
    );
  });

  it('of labels judged by themselves do not add up to 1', () => {
    expect(labelScores(['a', 'b'], Float32Array.of(0, 0), 'sigmoid')).toEqual({ a: 0.5, b: 0.5 });
    expect(labelScores(['a', 'b', 'c'], Float32Array.of(9, 9, -9), 'sigmoid')['b']).toBeGreaterThan(0.99);
  });

  it('may belong to a label with a prototype name', () => {
    const scores = labelScores(['__proto__', 'constructor'], Float32Array.of(5, 5), 'softmax');
    expect(Object.entries(scores)).toEqual([
      ['__proto__', 0.5],
      ['constructor', 0.5],
    ]);
  });

  it('of zero-shot labels weigh entailment, against the other labels or against contradiction', () => {
    const outputs = { entailment: 2, contradiction: 0 };
    const logits = [Float32Array.of(3, 9, 3), Float32Array.of(0, -9, 3)];
    expect(zeroShotScores(['a', 'b'], logits, outputs, false)).toEqual({ a: 0.5, b: 0.5 });
    const alone = zeroShotScores(['a', 'b'], logits, outputs, true);
    expect(alone).toEqual({ a: 0.5, b: expect.closeTo(1 / (1 + Math.exp(-3)), 9) as number });
    expect(zeroShotScores(['b'], logits.slice(1), outputs, false)).toEqual({ b: alone['b'] });
  });
});
