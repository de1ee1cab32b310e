import { systemClock } from '@smart-support/contracts';
import { type ImapServer, eventually, startImapServer } from '@smart-support/testing';
import { readMail } from '../mail/read-mail';
import type { ImapSettings } from '../mailbox-settings';
import { openImapFolder } from './imap-folder';
import type { MailFolder } from './mail-folder';

let server: ImapServer;
let folder: MailFolder;
const never = new AbortController().signal;

beforeEach(async () => {
  server = await startImapServer();
});
afterEach(async () => {
  await folder?.close();
  await server.stop();
});

async function open(changes: Partial<ImapSettings> = {}): Promise<MailFolder> {
  const { user, password } = server.account;
  const where = { host: '127.0.0.1', port: server.port, isTls: false, needsStartTls: false, user, password };
  folder = await openImapFolder({ ...where, folder: 'INBOX', takenFolder: undefined, ...changes }, systemClock);
  return folder;
}

async function readAll() {
  const mails = [];
  for (const uid of await folder.unmarked()) {
    const fetched = await folder.read(uid, false);
    if (fetched) mails.push(await readMail(fetched));
  }
  return mails;
}

const BASE64_LINE = `${'QUJD'.repeat(19)}\r\n`;

describe('mails of every kind in a real folder', () => {
  it('with a 30 MB attachment: its text is read, and little is fetched', async () => {
    const attachment = BASE64_LINE.repeat(400_000);
    await server.deliver(
      [
        'From: mara@example.com',
        'Subject: Scan',
        'Message-ID: <large@x>',
        'Content-Type: multipart/mixed; boundary=A',
        '',
        '--A',
        'Content-Type: text/plain; charset=utf-8',
        'Content-Transfer-Encoding: quoted-printable',
        '',
        'See the f=C3=BCnf pages.',
        '--A',
        'Content-Type: application/pdf; name="scan.pdf"',
        'Content-Disposition: attachment; filename="scan.pdf"',
        'Content-Transfer-Encoding: base64',
        '',
        `${attachment}--A--`,
        '',
      ].join('\r\n'),
    );
    await open();
    const [uid = 0] = await folder.unmarked();
    const fetched = await folder.read(uid, false);
    expect(fetched?.parts.reduce((sum, { bytes }) => sum + bytes.length, fetched.header.length)).toBeLessThan(1_000);
    expect(await readMail(fetched!)).toMatchObject({ text: 'See the fünf pages.', attachments: ['scan.pdf'] });
  });

  it('with 500 recipients, and with a text of 5 MB: a bounded part of each', async () => {
    const recipients = Array.from({ length: 500 }, (_, at) => `somebody.${at}@department.example.com`).join(',\r\n ');
    await server.deliver(
      `To: ${recipients}\r\nFrom: mara@example.com\r\nSubject: All\r\nMessage-ID: <all@x>\r\n\r\nHello all\r\n`,
    );
    await server.deliver(`Subject: Long\r\nMessage-ID: <long@x>\r\n\r\nBegin ${'word '.repeat(1_000_000)}`);
    await server.deliver(`Subject: Deep\r\nX-Junk: ${'a'.repeat(500_000)}\r\n\r\nText`);
    await open();
    const [all, long, deep] = await readAll();
    expect(all).toMatchObject({ from: 'mara@example.com', subject: 'All', text: 'Hello all', messageId: '<all@x>' });
    expect(long?.text).toMatch(/^Begin word/);
    expect(long?.text.length).toBeLessThan(300_000);
    expect(deep).toMatchObject({ subject: 'Deep', text: 'Text' });
  });

  it.each([
    [
      'a boundary that never comes',
      'Content-Type: multipart/mixed; boundary=B\r\n\r\nThe tills are dead.\r\n',
      /^The tills are dead\.$/,
    ],
    ['no boundary', 'Content-Type: multipart/mixed\r\n\r\n--x\r\nThe tills are dead.\r\n', /The tills are dead\./],
    [
      'a broken multipart within another',
      'Content-Type: multipart/mixed; boundary=A\r\n\r\n--A\r\nContent-Type: multipart/alternative; boundary=B\r\n\r\nThe tills are dead.\r\n--A--\r\n',
      /The tills are dead\./,
    ],
    [
      'no end',
      'Content-Type: multipart/mixed; boundary=A\r\n\r\n--A\r\nContent-Type: text/plain\r\n\r\nThe tills are dead',
      /^The tills are dead$/,
    ],
    [
      'a type that is none',
      'Content-Type: foo\r\nContent-Transfer-Encoding: bar\r\n\r\nThe tills are dead.',
      /^The tills are dead\.$/,
    ],
    ['HTML only', 'Content-Type: text/html\r\n\r\n<p>The tills are <b>dead</b>.</p>', /^The tills are dead\.$/],
    ['no text part', 'Content-Type: image/png; name=photo.png\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA', /^$/],
    [
      'two empty texts',
      'Content-Type: multipart/alternative; boundary=A\r\n\r\n--A\r\n\r\n\r\n--A\r\nContent-Type: text/html\r\n\r\n\r\n--A--',
      /^$/,
    ],
    ['nothing at all', '', /^$/],
  ])('with %s: what can be read is read', async (_name, mail, text) => {
    await server.deliver(mail === '' ? '\r\n' : `Subject: Broken\r\n${mail}`);
    await open();
    const [read] = await readAll();
    expect(read?.text).toMatch(text);
  });

  it('with a thousand parts within one another', async () => {
    const depth = Array.from(
      { length: 1_000 },
      (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}\r\n`,
    );
    await server.deliver(`Subject: Deep\r\n${depth.join('')}Content-Type: text/plain\r\n\r\nText`);
    await server.deliver('Subject: After\r\n\r\nText');
    await open();
    expect((await readAll()).map(({ subject }) => subject)).toEqual(['Deep', 'After']);
  });
});

describe('the marks of a folder', () => {
  const deliver = async () => {
    for (const number of [1, 2, 3]) await server.deliver(`Subject: ${number}\r\n\r\nText`);
  };
  const flags = async (name?: string) => (await server.stored(name)).map((mail) => [...mail.flags].sort());

  it('are a keyword, and seen or flagged', async () => {
    await deliver();
    await open();
    const [first = 0, second = 0, third] = await folder.unmarked();
    await folder.mark(first, 'taken');
    await folder.mark(second, 'refused');
    expect(await folder.unmarked()).toEqual([third]);
    await folder.close();
    await open();
    expect(await folder.unmarked()).toEqual([third]);
    expect(await flags()).toEqual([
      ['SmartSupportTaken', '\\Seen'].sort(),
      ['SmartSupportTaken', '\\Flagged'].sort(),
      [],
    ]);
  });

  it('are another folder, which is made where it is not there', async () => {
    await deliver();
    for (let turn = 0; turn < 2; turn += 1) {
      await open({ takenFolder: 'Taken' });
      const [uid = 0] = await folder.unmarked();
      await folder.mark(uid, turn === 0 ? 'taken' : 'refused');
      await folder.close();
    }
    expect([await flags(), await flags('Taken')]).toEqual([[[]], [['\\Seen'], ['\\Flagged']]]);
  });

  it('of a mail that somebody has deleted meanwhile are none', async () => {
    await server.deliver('Subject: 1\r\n\r\nText');
    await open();
    await folder.mark(4711, 'taken');
    expect(await folder.read(4711, false)).toBeUndefined();
    expect(await folder.unmarked()).toHaveLength(1);
  });
});

describe('a folder', () => {
  it('announces a mail', async () => {
    await open();
    expect(await folder.unmarked()).toEqual([]);
    const announced = folder.waitForMail(60_000, never);
    await server.deliver('Subject: News\r\n\r\nText');
    await announced;
    await eventually(
      'the mail',
      () => folder.unmarked(),
      (uids) => uids.length === 1,
    );
  });

  it('whose server dies ends the wait, and says so at the next call', async () => {
    await open();
    await folder.unmarked();
    const wait = folder.waitForMail(60_000, never);
    await server.kill();
    await wait;
    await expect(folder.unmarked()).rejects.toThrow();
  });

  it('has another validity after its server forgot the UIDs, and the marks all the same', async () => {
    for (const number of [1, 2]) await server.deliver(`Subject: ${number}\r\n\r\nText`);
    const { validity } = await open();
    const [first = 0] = await folder.unmarked();
    await folder.mark(first, 'taken');
    await folder.close();
    await server.kill();
    await server.forgetUids();
    await server.restart();
    await open();
    expect(folder.validity).not.toBe(validity);
    expect((await readAll()).map(({ subject }) => subject)).toEqual(['2']);
  });

  it('cannot be opened with a wrong password, or where it does not exist', async () => {
    await expect(open({ password: 'wrong' })).rejects.toMatchObject({ authenticationFailed: true });
    await expect(open({ folder: 'Nowhere' })).rejects.toThrow();
  });

  it('of a server without TLS is not opened where TLS is needed, and the password is not sent', async () => {
    await expect(open({ needsStartTls: true })).rejects.toThrow();
    await expect(open({ isTls: true })).rejects.toThrow();
  });
});
