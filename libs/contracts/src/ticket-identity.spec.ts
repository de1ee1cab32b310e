import fc from 'fast-check';
import { contentKey, requesterKey } from './ticket-identity';

describe('who a requester is', () => {
  it.each([
    'mara@example.com',
    ' Mara@Example.COM\n',
    'Mara Lind <Mara@Example.com>',
    '"Lind, Mara" < mara@example.com >',
    '<mara@example.com>',
    'mara@example.com (Mara Lind)',
    'Mara <3 <mara@example.com>',
    'Mara <mara@example.com> (work)',
    'Mara <mara@example.com>,',
    'Mara (mara@example.com)',
    'mailto:mara@example.com',
    'mara@example.com\u200b',
  ])('%j is mara@example.com', (requester) => {
    expect(requesterKey(requester)).toBe('mara@example.com');
  });

  it.each([
    ['Customer 17', 'customer 17'],
    ['a <b>', 'a <b>'],
    ['Mara Lind (Billing)', 'mara lind (billing)'],
    ['Mara <>', 'mara'],
    ['ÉMILIE', 'émilie'],
    ['E\u0301milie', 'émilie'],
    ['a@b <c@d> e', 'a@b <c@d> e'],
  ])('%j is "%s"', (requester, key) => {
    expect(requesterKey(requester)).toBe(key);
  });

  it.each([null, undefined, '', ' ', '\t\u00a0\n', '<>', ' < > '])('%j is none', (requester) => {
    expect(requesterKey(requester)).toBeNull();
  });

  it('depends neither on case nor on white space around it, and never throws', () => {
    fc.assert(
      fc.property(fc.string(), (requester) => {
        expect(requesterKey(` ${requester.toUpperCase()}\n`)).toBe(requesterKey(requester.toUpperCase()));
        expect(requesterKey(requester.toLowerCase())).toBe(requesterKey(requester));
      }),
    );
  });
});

describe('what a ticket says', () => {
  const said = (text: string, subject?: string | null) => contentKey({ text, subject });

  it.each([
    ['line ends of another system', 'a\r\nb\rc', 'a\nb\nc'],
    ['white space at the end', 'a\nb', 'a\nb \n\n'],
    ['white space at the end of a line', 'a\nb', 'a \t\nb'],
  ])('is the same with %s', (_, one, other) => {
    expect(said(other)).toBe(said(one));
    expect(said('x', other)).toBe(said('x', one));
  });

  it('is the same without a subject and with an empty one', () => {
    expect([said('a', null), said('a', ''), said('a', ' ')]).toEqual([said('a'), said('a'), said('a')]);
  });

  it.each([
    ['another word', 'a b', 'a c'],
    ['white space in front', 'a', ' a'],
    ['white space between words', 'a b', 'a  b'],
    ['another case', 'a', 'A'],
    ['an empty line in the middle', 'a\nb', 'a\n\nb'],
  ])('differs by %s', (_, one, other) => {
    expect(said(other)).not.toBe(said(one));
    expect(said('x', other)).not.toBe(said('x', one));
  });

  it('does not mistake the subject for the text', () => {
    expect(new Set([said('a', 'b'), said('b', 'a'), said('a\nb'), said('ab'), said('', 'a'), said('a')]).size).toBe(6);
  });
});
