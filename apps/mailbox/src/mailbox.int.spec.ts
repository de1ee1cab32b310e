import { type AddressInfo, createServer } from 'node:net';
import { type AppProcess, type ImapServer, endAppProcesses, eventually, startImapServer } from '@smart-support/testing';
import { startMailbox } from './spec-support/mailbox-process';
import { type StandInGateway, startStandInGateway } from './spec-support/stand-in-gateway';

let server: ImapServer;
let gateway: StandInGateway;
beforeEach(async () => {
  [server, gateway] = await Promise.all([startImapServer(), startStandInGateway()]);
});
afterEach(async () => {
  await endAppProcesses();
  await Promise.all([server.stop(), gateway.stop()]);
});

const start = (env: Readonly<Record<string, string>> = {}): AppProcess =>
  startMailbox({
    MAILBOX_IMAP_URL: server.url,
    MAILBOX_PASSWORD: server.account.password,
    MAILBOX_GATEWAY_URL: gateway.url,
    ...env,
  });

const mail = (id: string, text: string, ...more: readonly string[]) =>
  [`Message-ID: <${id}@example.com>`, `From: ${id}@example.com`, 'Subject: Terminals', ...more, '', text, ''].join(
    '\r\n',
  );

const untilAllMarked = () =>
  eventually(
    'all mails are marked',
    () => server.stored(),
    (stored) => stored.length > 0 && stored.every(({ flags }) => flags.includes('SmartSupportTaken')),
  );

const ticketOf = (id: string) =>
  [...gateway.tickets.values()].find(({ metadata }) => metadata['message_id'] === `<${id}@example.com>`);

describe('the mails of a folder', () => {
  it('become tickets, and replies become notes of theirs, old mails and new ones alike', async () => {
    await server.deliver(mail('root', 'Our card terminals are dead.'));
    const mailbox = start();
    await untilAllMarked();
    await server.deliver(
      mail(
        'reply',
        'Still dead.',
        'In-Reply-To: <answer@example.org>',
        'References: <root@example.com> <answer@example.org>',
      ),
    );
    await server.deliver(mail('other', 'I was charged twice.'));
    await untilAllMarked();
    expect(gateway.tickets.size).toBe(2);
    expect([...(ticketOf('root')?.notes.values() ?? [])]).toEqual(['Mail from reply@example.com:\nStill dead.']);
    expect(ticketOf('root')).toMatchObject({ text: 'Our card terminals are dead.', requester: 'root@example.com' });
    expect(await mailbox.get('/readyz')).toMatchObject({ status: 200 });
    expect(JSON.parse((await mailbox.get('/health')).text)).toMatchObject({ imap: 'up', gateway: 'up' });
    const { text } = await mailbox.get('/metrics');
    expect(text).toContain('smart_support_mails_total{outcome="ticket"} 2');
    expect(text).toContain('smart_support_mails_total{outcome="note"} 1');
    const log = JSON.stringify(mailbox.log());
    for (const secret of [server.account.password, 'card terminals', 'reply@example.com'])
      expect(log).not.toContain(secret);
  });

  it('that cannot be read or that the gateway refuses stop no other one', async () => {
    await server.deliver('\r\n');
    await server.deliver(mail('one', 'The first text.'));
    await server.deliver(mail('one', 'Another text under the same name.'));
    await server.deliver(Buffer.alloc(100_000, 0xff));
    await server.deliver(mail('last', 'The last one.'));
    const mailbox = start();
    const stored = await untilAllMarked();
    expect(stored.map(({ flags }) => flags.includes('\\Flagged'))).toEqual([false, false, true, false, false]);
    expect(gateway.tickets.size).toBe(4);
    expect(mailbox.log().filter(({ level }) => level === 'error')).toMatchObject([
      { msg: 'a mail was refused by the gateway' },
    ]);
  });

  it('are a ticket each, and a note each, however often the mailbox is killed', async () => {
    const threads = 12;
    for (let number = 0; number < threads; number += 1) await server.deliver(mail(`t${number}`, `Trouble ${number}`));
    for (let number = 0; number < threads; number += 1)
      await server.deliver(mail(`r${number}`, `More about ${number}`, `In-Reply-To: <t${number}@example.com>`));
    let kills = 0;
    while (kills < 10) {
      const mailbox = start();
      let calls = 0;
      // In the worst moment: the call took effect, and nobody knows.
      gateway.beforeAnswer = () => {
        calls += 1;
        if (calls === 1 + (kills % 4)) mailbox.signal('SIGKILL');
      };
      expect(await mailbox.ended).toBe('SIGKILL');
      kills += 1;
    }
    gateway.beforeAnswer = () => undefined;
    start();
    await untilAllMarked();
    expect([...gateway.sent.values()].some((times) => times > 1)).toBe(true);
    expect(gateway.tickets.size).toBe(threads);
    for (let number = 0; number < threads; number += 1)
      expect([...(ticketOf(`t${number}`)?.notes.values() ?? [])]).toEqual([
        `Mail from r${number}@example.com:\nMore about ${number}`,
      ]);
  });

  it('wait while the gateway refuses everything, and while the server is away', async () => {
    await server.deliver(mail('one', 'The first text.'));
    gateway.refusals.push(503, 429, 500, 401);
    const mailbox = start();
    await untilAllMarked();
    expect((await mailbox.logged('waiting')).level).toBe('warn');
    await server.kill();
    await mailbox.logged('the folder is away');
    expect(await mailbox.get('/readyz')).toMatchObject({ status: 503 });
    await server.forgetUids();
    await server.deliver(mail('two', 'The second text.'));
    await server.restart();
    await untilAllMarked();
    expect([...gateway.sent.values()]).toEqual([1, 1]);
  });
});

describe('how a mailbox starts and ends', () => {
  it('without an address: one clear sentence and exit code 1', async () => {
    const mailbox = startMailbox({});
    expect(await mailbox.ended).toBe(1);
    expect(mailbox.complaints().trim()).toBe(
      'A mailbox takes its mails from an IMAP server: set MAILBOX_IMAP_URL, for example to imaps://help@imap.example.org, and MAILBOX_PASSWORD.',
    );
  });

  it('with wrong settings: one message that lists them all, without secrets', async () => {
    const mailbox = startMailbox({
      MAILBOX_IMAP_URL: 'imap.example.org',
      MAILBOX_PORT: 'any',
      MAILBOX_API_KEY: 'hunter2',
    });
    expect(await mailbox.ended).toBe(1);
    for (const name of ['MAILBOX_IMAP_URL', 'MAILBOX_PORT', 'MAILBOX_API_KEY'])
      expect(mailbox.complaints()).toContain(name);
    expect(mailbox.complaints()).not.toContain('hunter2');
  });

  it('on a port that is taken: one clear sentence and exit code 1', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const mailbox = start({ MAILBOX_PORT: String(port) });
    expect(await mailbox.ended).toBe(1);
    expect(mailbox.complaints()).toContain('Set MAILBOX_PORT or HOST to change it.');
    await new Promise((resolve) => other.close(resolve));
  });

  it('with a wrong password: it says so once, and goes on trying', async () => {
    const mailbox = start({ MAILBOX_PASSWORD: 'wrong' });
    expect(await mailbox.logged('the folder is away')).toMatchObject({
      level: 'error',
      problem: 'the server refuses user or password',
    });
    expect(await mailbox.get('/livez')).toMatchObject({ status: 200 });
  });

  it('ends on SIGTERM with nothing in flight, code 0', async () => {
    const mailbox = start();
    await mailbox.logged('the folder is open');
    mailbox.signal('SIGTERM');
    expect(await mailbox.ended).toBe(0);
    expect(mailbox.log().at(-1)?.msg).toBe('stopped');
  });
});
