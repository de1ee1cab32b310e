import { isInForeignScript } from './scripts';
import { saysSomething } from './says-something';

describe('a text that says something about a matter', () => {
  it.each(['Server down', 'Incoming calls do not work', 'Unknown error', 'where is my refund', 'It does not work', 'reset', 'สวัสดีครับ ผมต้องการคืนสินค้า'])('is %j', (text) => {
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
    'Missed call from extension 3 at 10:13 AM',
    'New voice message. Caller: 0049 30 5521, duration: 00:00:12. Listen to the attached recording.',
    'Incoming call from an unknown number, Date: 3/4, Time: 10:15 pm',
    '😀',
    '12345',
    '',
  ])('is not %j', (text) => expect(saysSomething(text)).toBe(false));
});

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
});
