import { FOLDED, foldCharacter, MAX_CHARACTERS_READ, unifySpelling } from './character-folding';

const folded = (text: string) => Array.from({ length: text.length }, (_, i) => foldCharacter(text.charCodeAt(i)));

describe('character folding', () => {
  it('makes digits of any script one symbol and currency signs another', () => {
    expect(folded('7٣')).toEqual([FOLDED.digit, FOLDED.digit]);
    expect(folded('$€£')).toEqual([FOLDED.currency, FOLDED.currency, FOLDED.currency]);
  });

  it('lowers the case of letters and keeps letters of other scripts', () => {
    expect(folded('Aé漢')).toEqual([...'aé漢'].map((letter) => letter.charCodeAt(0)));
  });

  it('leaves out straight and curly apostrophes and separates words at everything else', () => {
    expect(folded("'’")).toEqual([FOLDED.nothing, FOLDED.nothing]);
    expect(new Set(folded('. -\n\ud83d\udca5\ud800'))).toEqual(new Set([FOLDED.separator]));
  });
});

describe('one spelling', () => {
  it('takes wide and mathematical letters for the plain ones', () => {
    expect(unifySpelling('ＲＥＦＵＮＤ 𝐧𝐨𝐰')).toBe('refund now');
  });

  it('keeps a letter with its accent however the accent was typed', () => {
    expect(unifySpelling('cafe\u0301')).toBe(unifySpelling('café'));
  });

  it('reads a bounded part of any text, also of one that grows on the way', () => {
    expect(unifySpelling('x'.repeat(10 * MAX_CHARACTERS_READ))).toHaveLength(MAX_CHARACTERS_READ);
    expect(unifySpelling('\ufdfa'.repeat(MAX_CHARACTERS_READ))).toHaveLength(MAX_CHARACTERS_READ);
  });

  it('cuts a pile of combining marks down, in which Unicode would take the square of the time', () => {
    expect(unifySpelling('a' + '\u0301\u0316'.repeat(30_000)).length).toBeLessThan(20);
  });
});
