import { connect } from 'node:net';
import { eventually } from '../eventually';
import type { ImapServer } from './imap-server';
import { startImapServer } from './start-imap-server';

let server: ImapServer;
beforeAll(async () => {
  server = await startImapServer();
}, 30_000);
afterAll(() => server?.stop());

/** Sends commands one after the other and returns everything that was answered. */
function say(...commands: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let answered = '';
    const left = [...commands, 'LOGOUT'].map((command, number) => `a${number} ${command}\r\n`);
    const socket = connect(server.port, '127.0.0.1');
    socket.on('data', (data) => {
      answered += data.toString('latin1');
      if (/(?:^\* OK|^a\d+ (?:OK|NO|BAD)).*\r\n$/m.test(data.toString('latin1'))) socket.write(left.shift() ?? '');
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answered));
  });
}

const LOGIN = 'LOGIN help correct-horse';

describe('an IMAP server for tests', () => {
  it('has the mails that were delivered, in their order, and shows what was marked', async () => {
    for (const subject of ['first', 'second']) await server.deliver(`Subject: ${subject}\r\n\r\nText\r\n`);
    const answer = await say(LOGIN, 'SELECT INBOX', 'FETCH 1:2 BODY.PEEK[HEADER]', 'STORE 2 +FLAGS (\\Seen Taken)');
    expect(answer).toMatch(/Subject: first.+Subject: second/s);
    const stored = await eventually(
      'the mark',
      () => server.stored(),
      ([, second]) => second?.flags.length === 2,
    );
    expect(stored.map(({ flags }) => [...flags].sort())).toEqual([[], ['Taken', '\\Seen'].sort()]);
  });

  it('has them after a kill and a restart, and other UIDs where these were forgotten', async () => {
    const validity = async () => /UIDVALIDITY (\d+)/.exec(await say(LOGIN, 'SELECT INBOX'))?.[1];
    const before = await validity();
    await server.kill();
    await server.restart();
    expect(await validity()).toBe(before);
    await server.kill();
    await server.forgetUids();
    await server.restart();
    const after = await validity();
    expect([typeof after, after === before]).toEqual(['string', false]);
    expect(await server.stored()).toHaveLength(2);
  });

  it('refuses a wrong password', async () => {
    expect(await say('LOGIN help wrong')).toContain('a0 NO');
  });
});
