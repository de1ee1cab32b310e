import { saysSomething } from './says-something';

describe('a text that says something about a matter', () => {
  it.each([
    'Server down',
    'Incoming calls do not work',
    'Unknown error',
    'where is my refund',
    'It does not work',
    'reset',
    'attachments missing',
    'unsubscribe link broken',
    'Sent from my account: nothing arrived\nwhere is it',
    'สวัสดีครับ ผมต้องการคืนสินค้า',
  ])('is %j', (text) => {
    expect(saysSomething(text)).toBe(true);
  });

  it.each([
    ['Hindi', 'मेरी गाड़ी'],
    ['Hindi, one syllable', 'गा'],
    ['Kannada', 'ಸೇವೆ'],
    ['Tamil', 'வண்டி'],
    ['Bengali', 'গাড়ি'],
    ['Thai', 'น้ำ'],
    ['Arabic with vowel marks', 'سَ يّ'],
    ['Persian with a joiner', 'می\u200cخواهم'],
    ['Hebrew with points', 'שָׁ'],
    ['Vietnamese, decomposed', 'ở'.normalize('NFD') + 'm'],
  ])('is one in %s', (_, text) => expect(saysSomething(text)).toBe(true));

  it('does so however its letters with marks are encoded', () => {
    for (const text of ['à', 'à é', 'tôi', 'Störung'])
      expect(saysSomething(text.normalize('NFD'))).toBe(saysSomething(text.normalize('NFC')));
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
    'Sent from my iPhone',
    'Hi,\n\n--\nSent from my Samsung Galaxy smartphone.',
    'Get Outlook for iOS<https://example.com/o>',
    'Fwd:\nplease see attached',
    'unsubscribe',
    'STOP',
    '😀',
    '12345',
    '',
  ])('is not %j', (text) => expect(saysSomething(text)).toBe(false));
});
