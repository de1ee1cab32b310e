import fc from 'fast-check';
import { NumberIndex } from './number-index';

describe('an index of numbers', () => {
  it('knows the position of each of its numbers and of no other', () => {
    const numbers = fc.uniqueArray(
      fc.integer().filter((number) => number !== 0),
      { maxLength: 300 },
    );
    fc.assert(
      fc.property(numbers, fc.integer(), (list, other) => {
        const index = new NumberIndex(list);
        expect(list.map((number) => index.positionOf(number))).toEqual(list.map((_, i) => i));
        expect(index.positionOf(other)).toBe(other === 0 ? -1 : list.indexOf(other));
        expect(index.distinct).toBe(true);
      }),
    );
  });

  it('notices a number that comes twice', () => {
    expect(new NumberIndex([5, 6, 5]).distinct).toBe(false);
  });
});
