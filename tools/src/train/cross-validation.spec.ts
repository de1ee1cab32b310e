import fc from 'fast-check';
import { type Fold, topicFolds } from './cross-validation';

const ticketsArbitrary = fc.array(
  fc.record({ topic: fc.constantFrom(...'abcdefghij'), category: fc.constantFrom('Billing', 'Legal') }),
  { minLength: 1, maxLength: 60 },
);

function expectFair(tickets: readonly { topic: string }[], folds: readonly Fold[]): void {
  for (const { train, test } of folds) {
    const taught = new Set(train.map((i) => tickets[i]?.topic));
    expect(test.some((i) => taught.has(tickets[i]?.topic))).toBe(false);
    expect([...train, ...test].sort((a, b) => a - b)).toEqual(tickets.map((_, i) => i));
  }
  expect(folds.flatMap(({ test }) => test).sort((a, b) => a - b)).toEqual(tickets.map((_, i) => i));
}

describe('cross-validation', () => {
  it('makes folds of whole topics: no topic on both sides, every ticket tested once', () => {
    fc.assert(
      fc.property(ticketsArbitrary, fc.integer({ min: 2, max: 6 }), fc.nat(), (tickets, folds, seed) => {
        expectFair(tickets, topicFolds(tickets, folds, seed));
      }),
    );
  });

  it('spreads the topics of each category evenly and by the seed alone', () => {
    const tickets = Array.from({ length: 24 }, (_, i) => ({ topic: `t${i}`, category: i < 12 ? 'Billing' : 'Legal' }));
    const folds = topicFolds(tickets, 4, 1);
    expect(folds.map(({ test }) => test.filter((i) => i < 12).length)).toEqual([3, 3, 3, 3]);
    expect(folds.map(({ test }) => test.length)).toEqual([6, 6, 6, 6]);
    expect(topicFolds(tickets, 4, 1)).toEqual(folds);
    expect(topicFolds(tickets, 4, 2)).not.toEqual(folds);
  });
});
