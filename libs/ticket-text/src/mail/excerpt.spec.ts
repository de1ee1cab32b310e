import fc from 'fast-check';
import { excerptOf } from './excerpt';

describe('what is read of a long text', () => {
  it('is all of a text of a few pages', () => {
    const text = 'My card was charged twice. '.repeat(200);
    expect(excerptOf(text)).toBe(text);
  });

  it('is its beginning and its end, without half words', () => {
    const excerpt = excerptOf(`The invoice is wrong. ${'something '.repeat(5000)}There is a gas leak.`);
    expect(excerpt.length).toBeLessThanOrEqual(6145);
    const words = 'The invoice is wrong. something There a gas leak.'.split(' ');
    expect(new Set(excerpt.split(/\s+/))).toEqual(new Set(words));
  });

  it('is bounded and well formed for any text', () => {
    const piece = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(piece, fc.integer({ min: 1, max: 3000 }), (part, times) => {
        const excerpt = excerptOf(part.repeat(times));
        expect(excerpt.length).toBeLessThanOrEqual(6145);
        expect(excerpt.isWellFormed()).toBe(part.isWellFormed());
      }),
    );
  });
});
