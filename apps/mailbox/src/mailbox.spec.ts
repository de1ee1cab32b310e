import { VirtualClock } from '@smart-support/testing';
import { createLogger, createMetrics } from '@smart-support/telemetry';
import type { FetchedMail, MailFolder, Mark } from './folder/mail-folder';
import type { GatewayAnswer } from './gateway/gateway-client';
import { Mailbox } from './mailbox';
import { fetched } from './spec-support/mails';

/** What a server keeps. Connections to it come and go. */
class FakeServer {
  readonly mails = new Map<number, FetchedMail>();
  readonly marks = new Map<number, Mark>();
  readonly breaking = new Set<number>();
  readonly headersRead: number[] = [];
  validity = '1';
  isAway = false;
  opened = 0;
  endWait: () => void = () => undefined;

  add(uid: number, text = `Mail ${uid}`): void {
    this.mails.set(uid, fetched([`Message-ID: <${uid}@x>`, `Subject: Mail ${uid}`], text));
  }

  async open(): Promise<MailFolder> {
    this.opened += 1;
    if (this.isAway) throw new Error('connect ECONNREFUSED');
    const there = (): void => {
      if (this.isAway) throw new Error('Connection not available');
    };
    return {
      validity: this.validity,
      unmarked: async () => {
        there();
        return [...this.mails.keys()].filter((uid) => !this.marks.has(uid));
      },
      read: async (uid, headerOnly) => {
        there();
        if (headerOnly) this.headersRead.push(uid);
        if (this.breaking.has(uid)) throw new Error('Connection lost');
        return this.mails.get(uid);
      },
      mark: async (uid, mark) => {
        there();
        this.marks.set(uid, mark);
      },
      waitForMail: (_ms, signal) =>
        new Promise((resolve) => {
          this.endWait = resolve;
          signal.addEventListener('abort', () => resolve());
        }),
      close: async () => undefined,
    };
  }
}

let clock: VirtualClock;
let server: FakeServer;
let sent: string[];
let answer: (body: { readonly subject?: string }) => GatewayAnswer;
let mailbox: Mailbox;
let lines: { readonly level: string; readonly msg: string }[];

beforeEach(() => {
  clock = new VirtualClock();
  server = new FakeServer();
  [sent, lines] = [[], []];
  answer = () => ({ status: 202 });
  mailbox = new Mailbox({
    openFolder: () => server.open(),
    send: async (_method, _path, body = {}) => {
      sent.push((body as { readonly subject?: string }).subject ?? '');
      return answer(body);
    },
    pollMs: 60_000,
    clock,
    logger: createLogger({
      level: 'info',
      name: 'mailbox',
      destination: { write: (line) => lines.push(JSON.parse(line)) },
    }),
    metrics: createMetrics({ version: '1' }),
  });
});
afterEach(() => mailbox.stop());

const messages = () => lines.map(({ level, msg }) => `${level}: ${msg}`);

describe('a mailbox', () => {
  it('takes every mail that bears no mark, in the order of arrival, and then those that are announced', async () => {
    for (const uid of [3, 4, 7]) server.add(uid);
    server.marks.set(4, 'taken');
    mailbox.start();
    await clock.run(0);
    expect(sent).toEqual(['Mail 3', 'Mail 7']);
    expect(mailbox.isReady).toBe(true);
    server.add(9);
    server.endWait();
    await clock.run(0);
    expect([...server.marks]).toEqual([4, 3, 7, 9].map((uid) => [uid, 'taken']));
  });

  it('marks a mail only after the gateway has answered, and takes no other one before', async () => {
    for (const uid of [1, 2]) server.add(uid);
    answer = () => ({ status: 503, retryAfterMs: 5_000 });
    mailbox.start();
    await clock.run(4_000);
    expect([sent, server.marks.size, mailbox.isReady]).toEqual([['Mail 1'], 0, false]);
    expect(mailbox.report).toEqual({ imap: 'up', gateway: 'waiting' });
    answer = () => ({ status: 202 });
    await clock.run(2_000);
    expect(sent).toEqual(['Mail 1', 'Mail 1', 'Mail 2']);
    expect([...server.marks.keys()]).toEqual([1, 2]);
  });

  it('marks what the gateway refuses for good as refused, says so once, and goes on', async () => {
    for (const uid of [1, 2]) server.add(uid);
    answer = ({ subject }) => ({ status: subject === 'Mail 1' ? 422 : 202 });
    mailbox.start();
    await clock.run(600_000);
    expect([...server.marks]).toEqual([
      [1, 'refused'],
      [2, 'taken'],
    ]);
    expect(messages().filter((line) => line.startsWith('error'))).toEqual(['error: a mail was refused by the gateway']);
  });

  it('opens the folder again, less and less often, and says once that it is away', async () => {
    server.isAway = true;
    mailbox.start();
    await clock.run(600_000);
    expect([mailbox.report.imap, server.opened]).toEqual(['down', 15]);
    server.isAway = false;
    server.add(1);
    await clock.run(60_000);
    expect(sent).toEqual(['Mail 1']);
    expect(messages()).toEqual(['error: the folder is away', 'info: the folder is open', 'info: a mail was taken']);
  });

  it('takes a mail again of which the mark was lost with the connection', async () => {
    server.add(1);
    answer = () => {
      server.isAway = true;
      return { status: 202 };
    };
    mailbox.start();
    await clock.run(500);
    expect([sent, server.marks.size]).toEqual([['Mail 1'], 0]);
    server.isAway = false;
    answer = () => ({ status: 202 });
    await clock.run(60_000);
    expect(sent).toEqual(['Mail 1', 'Mail 1']);
    expect(server.marks.get(1)).toBe('taken');
  });

  it('is not stopped by a mail that cannot be read: first its header is read alone, then it is marked as refused', async () => {
    for (const uid of [1, 2]) server.add(uid);
    server.breaking.add(1);
    mailbox.start();
    await clock.run(600_000);
    expect(server.headersRead).toEqual([1, 1, 1]);
    expect([...server.marks]).toEqual([
      [1, 'refused'],
      [2, 'taken'],
    ]);
    expect(messages().filter((line) => line.includes('cannot be read'))).toHaveLength(1);
  });

  it('does not blame a mail for one of which it has the UID after the folder was made anew', async () => {
    server.add(1);
    server.breaking.add(1);
    mailbox.start();
    await clock.run(2_500);
    server.breaking.clear();
    server.validity = '2';
    await clock.run(600_000);
    expect(server.headersRead).toEqual([]);
    expect(server.marks.get(1)).toBe('taken');
  });

  it('finishes the mail in flight when it stops, and takes no other one', async () => {
    for (const uid of [1, 2]) server.add(uid);
    let stopped: Promise<void> | undefined;
    answer = () => {
      stopped = mailbox.stop();
      return { status: 202 };
    };
    mailbox.start();
    await clock.run(0);
    await stopped;
    expect([sent, [...server.marks.keys()], clock.waiting]).toEqual([['Mail 1'], [1], 0]);
  });

  it('that waits for the gateway stops at once, and leaves the mail unmarked', async () => {
    server.add(1);
    answer = () => ({ status: 503, retryAfterMs: 60_000 });
    mailbox.start();
    await clock.run(0);
    await mailbox.stop();
    expect([server.marks.size, clock.waiting]).toEqual([0, 0]);
  });
});
