import { isInForeignScript } from './writing-system';

describe('a text in a script that the model has hardly any words of', () => {
  it('is one most of whose letters are not Latin', () => {
    expect(isInForeignScript('เว็บไซต์ของคุณใช้งานไม่ได้\n\nSent from my iPhone')).toBe(true);
    expect(isInForeignScript('Der Server läuft nicht, Жук')).toBe(false);
    expect(isInForeignScript('503 !!!')).toBe(false);
  });

  it('is one that begins so, however long a Latin signature is; a greeting is no beginning', () => {
    const signature = '--\nSiam Trading Company Limited, Sukhumvit Road, Bangkok. Sent from my iPhone';
    expect(isInForeignScript(`มีส่วนลด\n${signature}`)).toBe(true);
    expect(isInForeignScript(`Hello,\n\nมีส่วนลด\n${signature}`)).toBe(true);
    expect(isInForeignScript(`The server is down\nบริษัทสยาม\n${signature}`)).toBe(false);
  });

  it.each([
    ['Hindi', 'गाड़ी'],
    ['Kannada', 'ಸೇವೆ'],
    ['Tamil', 'வண்டி'],
    ['Bengali', 'গাড়ি'],
    ['Thai', 'น้ำ'],
    ['Arabic with vowel marks', 'سَيَّارَة'],
    ['Hebrew with points', 'שָׁלוֹם'],
  ])('is one of a few letters with marks, in %s, above a Latin signature', (_, text) => {
    expect(isInForeignScript(`Hello,\n${text}\n--\nTrading Company Limited, Station Road. Sent from my iPhone`)).toBe(
      true,
    );
  });

  it('is the same however its letters with marks are encoded', () => {
    // Three characters, of which each has two or three letters when decomposed.
    for (const text of ['한국어 abcd', 'Müller, Жук', 'ñandú й']) {
      expect(isInForeignScript(text.normalize('NFD'))).toBe(isInForeignScript(text.normalize('NFC')));
    }
  });
});
