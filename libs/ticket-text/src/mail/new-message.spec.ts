import fc from 'fast-check';
import { readableText } from '../readable-text';
import { saysSomething } from '../says-something';
import { newMessageOf } from './new-message';

const LENGTH = 60 * 1024;
const filled = (piece: string): string => piece.repeat(Math.ceil(LENGTH / piece.length)).slice(0, LENGTH);

describe('what is read', () => {
  it.each([
    ['nothing', '', ''],
    ['white space', ' \r\n\t ', ''],
    ['emoji', '🔥🔥', '🔥🔥'],
    ['one address', 'https://example.com/a?b=c', 'https://example.com/a?b=c'],
    [
      'right-to-left script',
      'הקופה לא עובדת\n\nOn 3 Mar 2031 at 10:12, A <a@example.com> wrote:\n> x',
      'הקופה לא עובדת',
    ],
    ['mixed scripts', 'サーバー server не отвечает', 'サーバー server не отвечает'],
    ['a long sentence without blanks', '支払いができません。'.repeat(30), '支払いができません。'.repeat(30)],
    ['a signature alone', '-- \nMara Holm', '-- \nMara Holm'],
    ['a deep quotation alone', '>>> The lift stopped.', 'The lift stopped.'],
  ])('of %s', (_name, sent, read) => {
    expect(newMessageOf(sent)).toBe(read);
  });

  it('of an address with its parameters is the beginning', () => {
    expect(newMessageOf(`It fails at https://example.com/pay?token=${'ab,'.repeat(200)} always`)).toMatch(
      /^It fails at https:\/\/example.com\/pay.{100,140} always$/,
    );
  });

  it('of a text that is only an attachment is the attachment, so that it can be seen for one', () => {
    const coded = 'QUJD'.repeat(500);
    expect(newMessageOf(coded)).toBe(coded);
  });

  it('of a long text is its beginning and its end', () => {
    const read = newMessageOf(`The invoice is wrong. ${'something '.repeat(20_000)}There is a gas leak.`);
    expect(read.length).toBeLessThanOrEqual(6_145);
    expect(read).toMatch(/^The invoice is wrong\..*There is a gas leak\.$/s);
  });

  it.each([
    '<div><b><table>',
    '&amp;',
    '&lt;p&gt;',
    '> ',
    '>\n',
    'On 1 a\n',
    'From: a\nTo: b\nSubject: c\n',
    '-- \n',
    'Best,\n',
    '\n',
    '\ud83d',
    'x',
  ])('of 60 KiB of %j is found', (piece) => {
    const read = newMessageOf(`The lift stopped.\n${filled(piece)}`);
    expect(read).toContain('The lift stopped.');
    expect(read.length).toBeLessThanOrEqual(6_145);
  });
});

describe('any mail', () => {
  const line = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.constantFrom(
      ...[
        'The lift stopped.',
        'Thanks!',
        'Hello',
        '',
        '> quoted',
        '>> deeper',
        '-- ',
        '--',
        'Best regards,',
        'Bo',
        'Sent from my iPhone',
      ],
      ...[
        'On 3 Mar 2031 at 10:12, A <a@example.com> wrote:',
        'Am 3.3.31 um 10:12 schrieb',
        'B:',
        '---- Original Message ----',
      ],
      ...[
        'From: a@example.com',
        'To: b',
        'Subject: c',
        'Date: Monday',
        '<p>',
        '<br>',
        '&gt; x',
        'A1'.repeat(60),
        '    at a.b(c:1)',
      ],
      'This message is confidential and intended for the recipient.',
    ),
  );
  const mail = fc.array(line, { maxLength: 25 }).map((lines) => lines.join('\n'));

  it('is never longer afterwards', () => {
    fc.assert(
      fc.property(mail, (text) => expect(newMessageOf(text).length).toBeLessThanOrEqual(text.length)),
      { numRuns: 500 },
    );
  });

  it('says something if it did before', () => {
    fc.assert(
      fc.property(mail, (text) => {
        expect(saysSomething(newMessageOf(text))).toBe(saysSomething(readableText(text)));
      }),
      { numRuns: 500 },
    );
  });

  it('has no other words than before', () => {
    fc.assert(
      fc.property(mail, (text) => {
        const plain = text.replaceAll(/[<&]/g, '');
        for (const word of newMessageOf(plain).split(/\s+/)) expect(plain).toContain(word);
      }),
    );
  });
});
