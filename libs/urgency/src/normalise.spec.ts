import fc from 'fast-check';
import { normalise } from './normalise';

describe('normalising a text', () => {
  it('folds case, white space, curly quotes and dashes', () => {
    expect(normalise('  It’s\r\n\tDOWN – “again”  ')).toBe('it\'s down - "again"');
  });

  it('folds full-width letters and ligatures', () => {
    expect(normalise('ｕｒｇｅｎｔ ﬁre')).toBe('urgent fire');
  });

  it('keeps a letter with its accents', () => {
    expect(normalise('Café')).toBe('café');
    expect(normalise('Cafe\u0301')).toBe('café');
  });

  it('drops accents heaped on one letter', () => {
    expect(normalise(`a${'\u0316\u0301'.repeat(20_000)}b`).length).toBeLessThan(10);
  });

  it('reads no more than one request may carry, even where a character folds to many', () => {
    expect(normalise('x'.repeat(200_000))).toHaveLength(65_536);
    expect(normalise('\ufdfa'.repeat(60_000)).length).toBeLessThanOrEqual(65_536);
  });

  it('leaves single blanks only, and none at the ends, in any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(normalise(text)).not.toMatch(/^\s|\s$|\s\s/);
      }),
    );
  });
});
