import * as fc from 'fast-check';
import { identifiersIn } from './identifiers';

describe('what a text names that is one person’s own', () => {
  it.each([
    ['an order', 'When will parcel 55210 arrive?', 'When will parcel 55227 arrive?'],
    ['a booking', 'I want to return booking AB-7761.', 'I want to return booking AB-7762.'],
    ['a name', 'Please reset the password of Anna Lee', 'Please reset the password of Bo Kern'],
    ['an address', 'send it to ann@example.org please', 'send it to bo@example.org please'],
    ['a sum', 'I was charged 29.90 again', 'I was charged 31.50 again'],
  ])('differs for %s', (_, one, other) => {
    expect(identifiersIn(one)).not.toBe('');
    expect(identifiersIn(one)).not.toBe(identifiersIn(other));
  });

  it('is the same for the same thing, in whatever order, case and punctuation', () => {
    expect(identifiersIn('Where is order 4100?')).toBe(identifiersIn('order (4100) has not come. where?'));
    expect(identifiersIn('from Oslo to Bergen, ticket A7')).toBe(identifiersIn('ticket a7: Bergen? I mean to Oslo'));
  });

  it('is the same whether letters and their marks came as one character or as two', () => {
    for (const text of ['from Herr Müller', 'from Señora Núñez, order Ñ7', 'for 김민준 5', 'for Nguyễn Ở']) {
      expect(identifiersIn(text.normalize('NFC'))).not.toBe('');
      expect(identifiersIn(text.normalize('NFD'))).toBe(identifiersIn(text.normalize('NFC')));
    }
  });

  it('is the same for one as for the other at the end of what is looked at', () => {
    const long = 'é'.repeat(99).concat(' ').repeat(50).concat('order 4100');
    expect(identifiersIn(`order 7 ${long}`.normalize('NFD'))).toBe(identifiersIn(`order 7 ${long}`.normalize('NFC')));
    const near = `${'é '.repeat(1990)}order 4100`;
    expect(identifiersIn(near)).not.toBe('');
    expect(identifiersIn(near.normalize('NFD'))).toBe(identifiersIn(near));
  });

  it.each([
    'Hi',
    'Where is my refund?',
    'I think I’m lost. Please help.',
    'WHERE IS MY ORDER',
    'first line\nSecond line',
    '',
    '?! ...',
  ])('is nothing for %j', (text) => expect(identifiersIn(text)).toBe(''));

  it('does not reveal what was named', () => {
    expect(identifiersIn('Please call Anna on 5550142')).toMatch(/^[\w-]{12}$/);
  });

  it('is found in any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => /^(?:[\w-]{12})?$/.test(identifiersIn(text))));
  });
});
