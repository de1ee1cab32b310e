import * as fc from 'fast-check';
import type { TextPart } from '../folder/mail-folder';
import { fetched } from '../spec-support/mails';
import { readMail } from './read-mail';

const part = (bytes: Uint8Array, changes: Partial<TextPart> = {}): { readonly parts: readonly TextPart[] } => ({
  parts: [{ type: 'text/plain', charset: undefined, encoding: undefined, bytes, ...changes }],
});
const textOf = async (bytes: Uint8Array, changes?: Partial<TextPart>) =>
  (await readMail(fetched([], '', part(bytes, changes)))).text;

describe('the header of a mail', () => {
  it('is decoded: who writes, about what, in answer to which mails', async () => {
    const mail = await readMail(
      fetched([
        'From: =?utf-8?Q?M=C3=A4ra?= Lind <Mara@Example.com>',
        'To: help@example.org',
        'Subject: =?utf-8?B?RsO8w59l?= and',
        '\tmore',
        'Message-ID:',
        ' <second@example.com>',
        'In-Reply-To: Your message <answer@example.org> of Monday',
        'References: <first@example.com>',
        ' <answer@example.org>',
        'Auto-Submitted: auto-replied',
        'Return-Path: <>',
        'Content-Type: multipart/report; report-type=delivery-status; boundary=x',
      ]),
    );
    expect(mail).toMatchObject({
      ...{ from: 'Mara@Example.com', subject: 'Füße and more', messageId: '<second@example.com>' },
      answers: ['<answer@example.org>', '<first@example.com>'],
      machineFields: { 'auto-submitted': 'auto-replied', 'return-path': '<>' },
    });
    expect(mail.machineFields['content-type']).toContain('multipart/report');
  });

  it.each([
    [['From: mara@example.com', 'From: other@example.com']],
    [['From: Team: mara@example.com, bo@example.com;']],
    [['Sender: mara@example.com']],
  ])('names an author, however it does: %j', async (header) => {
    expect((await readMail(fetched(header))).from).toMatch(/^(?:mara|other)@example\.com$/);
  });

  it.each([[[]], [['From: Mara']], [['From: <']], [['From:']]])('may name none: %j', async (header) => {
    expect((await readMail(fetched(header))).from).toBeNull();
  });

  it('answers ten mails at most, the root of the thread among them', async () => {
    const ids = Array.from({ length: 500 }, (_, at) => `<${at}@example.com>`);
    const { answers } = await readMail(fetched([`References: ${ids.join('\r\n ')}`, 'In-Reply-To: <499@example.com>']));
    expect(answers).toEqual(['<499@example.com>', ...ids.slice(0, 9)]);
  });
});

describe('a mail without a Message-ID', () => {
  it.each([[[]], [['Message-ID:']], [['Message-ID: <>']], [['Message-ID: < >']]])(
    'is known by what it says: %j',
    async (header) => {
      const one = await readMail(fetched(header, 'one'));
      expect(one.messageId).toBeNull();
      expect(one.key).toBe((await readMail(fetched(header, 'one'))).key);
      expect(one.key).not.toBe((await readMail(fetched(header, 'other'))).key);
    },
  );
});

describe('the text of a mail', () => {
  it.each<[string, Uint8Array, Partial<TextPart>]>([
    ['UTF-8', Buffer.from('Füße'), { charset: 'UTF-8' }],
    ['UTF-8 without a charset', Buffer.from('Füße'), {}],
    ['UTF-8 that is said to be ASCII', Buffer.from('Füße'), { charset: 'US-ASCII' }],
    ['UTF-8 with a charset that would end the header', Buffer.from('Füße'), { charset: 'utf-8\r\n\r\nx' }],
    ['Latin-1', Buffer.from('Füße', 'latin1'), { charset: 'iso-8859-1' }],
    ['Latin-1 without a charset', Buffer.from('Füße and more', 'latin1'), {}],
    ['Latin-1 that is said to be UTF-8', Buffer.from('Füße and more', 'latin1'), { charset: 'utf-8' }],
    ['base64', Buffer.from(Buffer.from('Füße').toString('base64')), { charset: 'utf-8', encoding: 'BASE64' }],
    ['quoted-printable', Buffer.from('F=C3=BC=C3=9Fe'), { charset: 'utf-8', encoding: 'quoted-printable' }],
  ])('is decoded from %s', async (_name, bytes, changes) => {
    expect(await textOf(bytes, changes)).toMatch(/^Füße/);
  });

  it('that was cut in the middle of a character stays UTF-8', async () => {
    expect(await textOf(Buffer.from('Füße ß').subarray(0, -1))).toMatch(/^Füße /);
  });

  it.each(['x-unknown', 'utf-7', 'hz-gb-2312', 'x'.repeat(1000)])(
    'has something where its charset is %s',
    async (charset) => {
      expect(await textOf(Buffer.from('plain words'), { charset })).toBe('plain words');
    },
  );

  const both = (plain: string, html: string) => ({
    parts: [
      { type: 'text/plain' as const, charset: 'utf-8', encoding: '8bit', bytes: Buffer.from(plain) },
      { type: 'text/html' as const, charset: 'utf-8', encoding: '8bit', bytes: Buffer.from(html) },
    ],
  });

  it('is the plain one of two, or what is read of the HTML where that is empty', async () => {
    const html = '<style>p { color: red }</style><p>Our terminals &amp; tills are <b>dead</b>.</p>';
    expect((await readMail(fetched([], '', both('In plain words.', html)))).text).toBe('In plain words.');
    expect((await readMail(fetched([], '', both(' \r\n', html)))).text).toBe('Our terminals & tills are dead.');
  });
});

it('whatever the bytes of a mail are, there is a mail in them, and always the same', async () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.string({ unit: 'binary', maxLength: 300 }).map((text) => Buffer.from(text)),
    fc
      .array(
        fc.constantFrom(
          'From: ',
          'Subject: =?utf-8?B?',
          'Message-ID: <',
          '>',
          '\r\n',
          '\r\n\r\n',
          ';',
          '"',
          'Content-Type: multipart/mixed; boundary=',
          '--',
          'a@b',
          '\0',
        ),
      )
      .map((pieces) => Buffer.from(pieces.join(''))),
  );
  const type = fc.constantFrom('text/plain' as const, 'text/html' as const);
  const encoding = fc.constantFrom(undefined, 'base64', 'quoted-printable', '7bit', '8bit', 'x-unknown');
  const charset = fc.constantFrom(undefined, 'utf-8', 'utf-16', 'iso-2022-jp', 'gb18030', 'x-unknown', '"\r\n');
  const aPart = fc.record({ type, encoding, charset, bytes });
  await fc.assert(
    fc.asyncProperty(
      bytes,
      fc.array(aPart, { maxLength: 3 }),
      fc.array(fc.string(), { maxLength: 3 }),
      async (header, parts, attachments) => {
        const mail = await readMail({ header, parts, attachments, receivedMs: 0 });
        expect(mail).toEqual(await readMail({ header, parts, attachments, receivedMs: 0 }));
        for (const text of [mail.subject, mail.text, mail.from ?? '']) expect(text).not.toMatch(/[^\P{Cc}\n\t]/u);
        expect(mail.key).not.toBe('');
      },
    ),
    { numRuns: 300 },
  );
});
