import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { HistoryEntry } from '@smart-support/contracts';
import { type ImapServer, startImapServer, startRedisServer } from '@smart-support/testing';
import { randomFrom } from '../../../train/random';
import { table } from '../../../train/report/markdown';
import { AppProcess } from '../../harness/app-process';
import type { CleanUp } from '../../harness/clean-up';
import { TestEnvironment } from '../../harness/environment';
import type { HttpClient } from '../../harness/http-client';
import { LARGEST_SEED, OptionReader } from '../../harness/options';
import { Progress } from '../../harness/progress';
import { runWithCleanUp } from '../../harness/run-with-clean-up';
import { type TakenMails, auditMails } from './audit';
import { type PlannedMail, planMails } from './mails';

const INGEST_KEY = 'mailbox-0123456789';
const OPERATOR_KEY = 'operator-0123456789';

/** The mailbox's own domain stands in front of the ids that the operator sees. */
const DOMAIN = 'mailbox~';

/** A process is killed within this time after it has taken its share, in milliseconds: at any point of what it does with a mail. */
const KILL_WITHIN_MS = 25;
const LOOK_MS = 5;

/** A mailbox that has marked nothing for so long is stuck, in milliseconds. */
const PATIENCE_MS = 60_000;

/**
 * Kills a real mailbox again and again while it takes the mails of a real IMAP server to a real gateway: `nx run tools:mailbox`. Fails unless every mail is one ticket, and every
 * reply one note of its ticket. `--mails=2000`, `--kills=40`, `--seed=<number>`.
 */
async function main(cleanUp: CleanUp): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { mails: text, kills: text, seed: text } });
  const reader = new OptionReader(values);
  const count = reader.number('mails', { standard: 2000, least: 1, most: 100_000 });
  const kills = reader.number('kills', { standard: 40, least: 0, most: 1000 });
  const seed = reader.number('seed', { standard: 1, least: 0, most: LARGEST_SEED });
  reader.throwIfWrong();

  const directory = mkdtempSync(join(tmpdir(), 'mailbox-'));
  cleanUp.defer(() => rmSync(directory, { recursive: true, force: true }));
  const redis = await startRedisServer();
  cleanUp.defer(() => redis.stop());
  const server = await startImapServer();
  cleanUp.defer(() => server.stop());
  const environment = await TestEnvironment.start({
    ...{ root: process.cwd(), directory, cleanUp, redisUrl: redis.url },
    // What is measured is the mailbox, and not how fast one key may send.
    settings: { MODEL_FALLBACK: '1', RATE_LIMIT_TICKETS_PER_MINUTE: '0', RATE_LIMIT_REQUESTS_PER_MINUTE: '0' },
    gatewaySettings: { API_KEYS: `mailbox:ingest:${INGEST_KEY},root:operator:${OPERATOR_KEY}` },
  });
  const operator = environment.connect(8, { authorization: `Bearer ${OPERATOR_KEY}` });

  const mails = planMails(count);
  for (const { source } of mails) await server.deliver(source);
  const settings = {
    ...{ MAILBOX_PORT: '0', MAILBOX_IMAP_URL: server.url, MAILBOX_PASSWORD: server.account.password },
    ...{ MAILBOX_GATEWAY_URL: `http://127.0.0.1:${environment.gateway.port}`, MAILBOX_API_KEY: INGEST_KEY },
  };
  const logFile = join(directory, 'mailbox.log');
  const start = (): AppProcess => {
    const script = join(process.cwd(), 'apps/mailbox/dist/main.js');
    return AppProcess.start({ script, environment: settings, logFile });
  };

  const random = randomFrom(seed);
  let [killed, betweenAnswerAndMark, marked] = [0, 0, 0];
  const progress = new Progress(() => [`${marked} of ${mails.length} mails are marked, ${killed} of ${kills} kills`]);
  cleanUp.defer(() => progress.stop());
  const begun = performance.now();
  while (killed < kills) {
    const mailbox = start();
    cleanUp.defer(() => mailbox.kill());
    // The last process is not killed, and gets a share, too.
    const share = Math.ceil(((killed + 1) * mails.length) / (kills + 1));
    await untilTaken(logFile, share);
    await sleep(random() * KILL_WITHIN_MS);
    await mailbox.kill();
    killed += 1;
    marked = (await marksOf(server)).length;
    betweenAnswerAndMark += await answeredUnmarked(operator, server, mails);
  }
  const last = start();
  cleanUp.defer(() => last.kill());
  await untilAllMarked(server, mails.length);
  const seconds = (performance.now() - begun) / 1000;
  progress.stop();

  const taken = await takenMails(operator, server, mails);
  const problems = auditMails(mails, taken);
  const notes = [...taken.notes.values()].flat().length;
  console.log(
    table(
      ['', 'count'],
      [
        ['mails in the folder', mails.length],
        ['of these replies', mails.filter(({ noteId }) => noteId !== undefined).length],
        ['kills of the mailbox', killed],
        ['kills between the answer of the gateway and the mark, at least', betweenAnswerAndMark],
        ['tickets', taken.tickets.length],
        ['notes', notes],
        ['mails marked as refused', taken.refused],
        ['seconds in all', seconds.toFixed(0)],
        ['every mail one ticket, every reply one note', problems.length === 0 ? 'yes' : `NO: ${problems.join('; ')}`],
      ],
    ),
  );
  if (problems.length > 0) process.exitCode = 1;
}

/** Waits until the log names so many mails. */
async function untilTaken(logFile: string, count: number): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (readFileSync(logFile, 'utf8').split('"msg":"a mail was taken"').length <= count) {
    if (Date.now() > deadline) throw new Error(`${logFile}: fewer than ${count} mails were taken`);
    await sleep(LOOK_MS);
  }
}

async function marksOf(server: ImapServer): Promise<readonly string[]> {
  const stored = await server.stored();
  return stored.filter(({ flags }) => flags.includes('SmartSupportTaken')).map(({ name }) => name);
}

async function untilAllMarked(server: ImapServer, count: number): Promise<void> {
  let [before, since] = [-1, Date.now()];
  for (;;) {
    const { length } = await marksOf(server);
    if (length >= count) return;
    if (length !== before) [before, since] = [length, Date.now()];
    if (Date.now() - since > PATIENCE_MS) throw new Error(`Only ${length} of ${count} mails are marked`);
    await sleep(200);
  }
}

/** How many tickets the gateway has of mails that bear no mark. */
async function answeredUnmarked(
  operator: HttpClient,
  server: ImapServer,
  mails: readonly PlannedMail[],
): Promise<number> {
  const stored = await server.stored();
  const marked = stored.filter(
    ({ flags }, at) => mails[at]?.noteId === undefined && flags.includes('SmartSupportTaken'),
  ).length;
  const { total } = await asked<{ readonly total: number }>(operator, '/ticket-counts');
  return total - marked;
}

async function takenMails(
  operator: HttpClient,
  server: ImapServer,
  mails: readonly PlannedMail[],
): Promise<TakenMails> {
  const tickets: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const path = `/tickets?sort=oldest${cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
    const page = await asked<{
      readonly tickets: readonly { readonly id: string }[];
      readonly next_cursor: string | null;
    }>(operator, path);
    tickets.push(...page.tickets.map(({ id }) => id.replace(DOMAIN, '')));
    cursor = page.next_cursor;
  }
  const notes = new Map<string, readonly string[]>();
  for (const id of new Set(mails.flatMap(({ ticketId }) => ticketId ?? []))) {
    const { history } = await asked<{ readonly history: readonly HistoryEntry[] }>(
      operator,
      `/tickets/${DOMAIN}${id}/history`,
    );
    if (history.length > 0)
      notes.set(
        id,
        history.map(({ note_id }) => note_id ?? ''),
      );
  }
  const stored = await server.stored();
  const refused = stored.filter(({ flags }) => flags.includes('\\Flagged')).length;
  return { tickets, notes, marked: (await marksOf(server)).length, refused };
}

async function asked<Body>(operator: HttpClient, path: string): Promise<Body> {
  const { status, body } = await operator.send('GET', path);
  if (status !== 200) throw new Error(`GET ${path} was answered ${status}`);
  return body as Body;
}

runWithCleanUp(main);
