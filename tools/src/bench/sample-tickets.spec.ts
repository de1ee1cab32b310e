import fc from 'fast-check';
import { SHORT_TEXT, cutAtWord, shortTexts } from './sample-tickets';

describe('sample texts', () => {
  it('are cut at the end of a word', () => {
    const text = `${'word '.repeat(25)}incomprehensible`;
    expect(cutAtWord(text)).toBe('word '.repeat(25).trimEnd());
  });

  it('are cut anyway where there is no word', () => {
    expect(cutAtWord('a'.repeat(500))).toHaveLength(SHORT_TEXT);
  });

  it('stay as they are when short', () => {
    expect(cutAtWord('It does not work.')).toBe('It does not work.');
  });

  it('are joined when too short by themselves', () => {
    const texts = shortTexts(Array.from({ length: 40 }, () => 'printer is on fire'));
    expect(texts.length).toBeGreaterThan(3);
    for (const text of texts) expect(text.length).toBeGreaterThan(SHORT_TEXT - 20);
  });

  it('are never longer than asked for', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 300 })), (texts) => {
        for (const text of shortTexts(texts)) expect(text.length).toBeLessThanOrEqual(SHORT_TEXT);
      }),
    );
  });
});
