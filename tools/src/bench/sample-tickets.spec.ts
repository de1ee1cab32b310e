import fc from 'fast-check';
import { SHORT_TEXT, cutAtWord, everyNth, shortTexts, spreadOver } from './sample-tickets';

describe('sample texts', () => {
  it('are cut at the end of a word', () => {
    const text = `${'word '.repeat(25)}incomprehensible`;
    expect(cutAtWord(text)).toBe('word '.repeat(25).trimEnd());
  });

  it('are cut within a word that is too long', () => {
    expect(cutAtWord('a'.repeat(500))).toHaveLength(SHORT_TEXT);
  });

  it('are not changed when short', () => {
    expect(cutAtWord('It does not work.')).toBe('It does not work.');
  });

  it('are joined when too short', () => {
    const texts = shortTexts(Array.from({ length: 40 }, () => 'printer is on fire'));
    expect(texts.length).toBeGreaterThan(3);
    for (const text of texts) expect(text.length).toBeGreaterThan(SHORT_TEXT - 20);
  });

  it('are never too long', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 300 })), (texts) => {
        for (const text of shortTexts(texts)) expect(text.length).toBeLessThanOrEqual(SHORT_TEXT);
      }),
    );
  });
});

describe('parts of the texts', () => {
  it('contain every text once', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string()), fc.integer({ min: 1, max: 12 }), (texts, step) => {
        const parts = Array.from({ length: step }, (_, first) => everyNth(texts, step, first));
        expect(parts.flat().sort()).toEqual([...texts].sort());
      }),
    );
  });

  it('keep the order', () => {
    expect(everyNth(['a', 'b', 'c', 'd', 'e'], 2, 1)).toEqual(['b', 'd']);
  });
});

describe('a choice of texts', () => {
  it('is spread over all of them, in order', () => {
    expect(spreadOver(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'], 3)).toEqual(['a', 'd', 'g']);
  });

  it('contains no text twice', () => {
    expect(spreadOver(['a', 'a', 'a', 'b', 'b', 'c'], 3)).toEqual(['a', 'b', 'c']);
    expect(() => spreadOver(['a', 'a', 'a'], 2)).toThrow(/only 1/);
  });

  it('has the requested size, each text different', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string(), { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (texts, share) => {
          const count = Math.floor(share * texts.length);
          const chosen = spreadOver(texts, count);
          expect(chosen).toHaveLength(count);
          expect(new Set(chosen).size).toBe(count);
        },
      ),
    );
  });
});
