import { isMostlyForeignScript } from './scripts';
import { saysSomething } from './says-something';

describe('a text that says something about a matter', () => {
  it.each(['Server down', 'where is my refund', 'It does not work', 'reset', 'สวัสดีครับ ผมต้องการคืนสินค้า'])('is %j', (text) => {
    expect(saysSomething(text)).toBe(true);
  });

  it.each([
    'Hi',
    'hello there!',
    'Thanks a lot, best regards',
    'ok',
    'Please help!!! URGENT',
    'New voicemail from +44 20 7946 0123 (0:32)',
    'You have a missed call',
    '😀',
    '12345',
    '',
  ])('is not %j', (text) => expect(saysSomething(text)).toBe(false));
});

describe('a text in a script that the model has hardly any words of', () => {
  it('is one most of whose letters are not Latin', () => {
    expect(isMostlyForeignScript('เว็บไซต์ของคุณใช้งานไม่ได้\n\nSent from my iPhone')).toBe(true);
    expect(isMostlyForeignScript('Der Server läuft nicht, Жук')).toBe(false);
    expect(isMostlyForeignScript('503 !!!')).toBe(false);
  });
});
