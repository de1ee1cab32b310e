import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { COMPLAINTS } from '@smart-support/testing';
import { sum } from '../../../train/metrics';
import { type HttpAnswer, HttpClient } from '../../harness/http-client';
import { type Answers, type HostileRequest, drip, send, sendUnread, volley } from './hostile-request';
import type { AttackedEnvironment } from './environment';

/** An attack by a caller with the weakest key, or without any on the same machine. */
export interface Attack {
  readonly name: string;
  /** Further settings of the gateway. */
  readonly settings?: Readonly<Record<string, string>>;
  /** @returns what the attacker was answered, and violations besides those that are checked for every attack */
  readonly run: (attacked: AttackedEnvironment) => Promise<Outcome>;
}

/** The result of an attack. */
export interface Outcome {
  readonly answers: string;
  /** Empty if the gateway withstood the attack. */
  readonly violations: readonly string[];
}

/** So many requests at a time. */
const PARALLEL = 16;

/** Longest time for which a caller that sends next to nothing may keep a connection, in milliseconds: 10 s, and some to notice. */
const MOST_KEPT_MS = 20_000;

/** Connections of one caller that stay open, fewer than one address may have; and for how long they are idle or unread, in milliseconds. */
const KEPT = 300;
const KEPT_MS = 10_000;

/** Batches that a caller sends on one connection at once, before it would read the first answer. */
const SENT_AHEAD = 4;

/** By so much a key may be ahead of the limit of 6,000 tickets a minute: a block of 300, and what is on its way. */
const AHEAD_OF_LIMIT = 600;

/** Other limits stop such a caller before the one that an attack is about is reached. */
const UNLIMITED = {
  RATE_LIMIT_TICKETS_PER_MINUTE: '0',
  RATE_LIMIT_REQUESTS_PER_MINUTE: '0',
  KEY_QUEUE_SHARE: '1',
} as const;

/** By then a ticket from before a flood has an agent, and a batch is decided about, in milliseconds. */
const DECIDED_WITHIN_MS = 30_000;

/** Tickets of 65,000 bytes, nearly as many as one may have. */
function longTickets(word: string, tickets: number): readonly { readonly text: string }[] {
  const text = word.repeat(Math.floor(65_000 / Buffer.byteLength(word)) - 10);
  return Array.from({ length: tickets }, (_, at) => ({ text: `${at} ${text}` }));
}

/** A batch that is small on the wire and below 8 MiB behind it. */
function batchOf(word: string, tickets: number): Buffer {
  return gzipSync(JSON.stringify(longTickets(word, tickets)));
}

/** Bodies that are small on the wire and large behind it. */
const BOMBS: readonly (readonly [name: string, path: string, body: () => Buffer])[] = [
  ['100 tickets of 65,000 bytes in 7 KB', '/tickets', () => batchOf('? ', 100)],
  ['100 tickets of 21,600 euro signs', '/tickets', () => batchOf('\u20AC', 100)],
  ['8 MiB of empty lists', '/tickets', () => gzipSync(`[${'[],'.repeat(2_790_000)}[]]`)],
  ['lists in lists, 4 million deep', '/tickets', () => gzipSync(`${'['.repeat(4e6)}${']'.repeat(4e6)}`)],
  ['200 MB of blanks', '/tickets', () => gzipSync(Buffer.alloc(200e6, ' '))],
  [
    'one ticket with 100,000 fields',
    '/ticket',
    () =>
      gzipSync(
        JSON.stringify({
          text: 'a',
          metadata: Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`k${at}`, ''])),
        }),
      ),
  ],
];

/** Tickets of a flood: five times as many bytes as fit into Redis, and more than twice the heap. */
const FLOOD = 20_000;

/** Attacks violations a gateway with keys, a worker and Redis. */
export const SHARED_ATTACKS: readonly Attack[] = [
  ...BOMBS.map(bombAttack),
  { name: 'the ids and keys of another caller', run: strangersIds },
  { name: 'eleven invented requesters for each of nine complaints', run: inventedRequesters },
  { name: 'more tickets than a minute allows', run: tooMany },
  { name: 'slow callers', run: slowCallers },
  { name: `${KEPT} connections kept after a batch`, settings: UNLIMITED, run: keptConnections },
  { name: `${KEPT} connections that read no answer`, settings: UNLIMITED, run: unreadAnswers },
  { name: `${FLOOD} tickets of 65,000 bytes, one share`, run: flood },
  { name: `${FLOOD} tickets of 65,000 bytes, no other limit`, settings: UNLIMITED, run: flood },
];

/** Attacks violations a gateway by itself, without keys. */
export const EMBEDDED_ATTACKS: readonly Attack[] = [
  { name: 'a web page posts tickets', run: webPage },
  ...BOMBS.slice(0, 2).map(bombAttack),
  { name: `${KEPT} connections kept after a batch`, settings: UNLIMITED, run: keptConnections },
  { name: `${KEPT} connections that read no answer`, settings: UNLIMITED, run: unreadAnswers },
  { name: `${FLOOD} tickets of 21,600 euro signs`, settings: UNLIMITED, run: flood },
];

function bombAttack([name, path, makeBody]: (typeof BOMBS)[number]): Attack {
  return {
    name: `${PARALLEL} at once: ${name}`,
    run: async ({ port, callers }) => {
      const hostile = { path, body: makeBody(), headers: { ...callers.hostile, 'content-encoding': 'gzip' } };
      return {
        answers: renderAnswers(await volley(port, hostile, { times: 3 * PARALLEL, parallel: PARALLEL })),
        violations: [],
      };
    },
  };
}

/** More bytes than fit into Redis, the heap or a share: refused in time, and accepted tickets can still be read and completed. */
async function flood({ port, callers, redis }: AttackedEnvironment): Promise<Outcome> {
  const [word, tickets] = [redis ? '? ' : '\u20AC', 100];
  const headers = { ...callers.hostile, 'content-encoding': 'gzip' };
  const hostile = { path: '/tickets', body: batchOf(word, tickets), headers };
  const honest = new HttpClient(port, 1, callers.honest);
  const operator = new HttpClient(port, 1, callers.operator);
  const taken = await honest.send('POST', '/ticket', { text: 'Where do I find my invoices?' });
  const { id, ticket_id: before = id ?? '' } = taken.body as { readonly id?: string; readonly ticket_id?: string };
  const hostileClient = new HttpClient(port, 1, callers.hostile);
  const first = counted(await hostileClient.send('POST', '/tickets', longTickets(word, 10)));
  const answers = await volley(port, hostile, { times: FLOOD / tickets, parallel: 4 });
  const last = counted(await hostileClient.send('POST', '/tickets', longTickets(`${word}.`, 10)));
  hostileClient.close();
  const tries = {
    'the ticket from before': await operator.send('GET', `/tickets/${before}`),
    'its explanation': await operator.send('GET', `/tickets/${before}/explain`),
    'the queue': await operator.send('GET', '/queue'),
    'its completion': await completed(operator, before),
  };
  honest.close();
  operator.close();
  const violations = Object.entries(tries).flatMap(([what, { status }]) =>
    status === 200 ? [] : [`${what}: ${status}`],
  );
  const accepted = redis ? '202' : '200';
  if (first.get(accepted) !== 10) violations.push(`the first ten: ${renderAnswers(first)}`);
  return {
    answers: `${renderAnswers(answers)}; each of the first ten ${renderAnswers(first)}, of the last ten ${renderAnswers(last)}`,
    violations,
  };
}

/** Completes a ticket once it has an agent. */
async function completed(operator: HttpClient, ticketId: string): Promise<HttpAnswer> {
  const deadline = Date.now() + DECIDED_WITHIN_MS;
  for (;;) {
    const answer = await operator.send('POST', `/tickets/${ticketId}/complete`, {});
    if (answer.status === 200 || Date.now() > deadline) return answer;
    await sleep(500);
  }
}

/** A browser on the machine of the gateway sends what a foreign page asks for. */
async function webPage({ port }: AttackedEnvironment): Promise<Outcome> {
  const body = Buffer.from(JSON.stringify({ text: 'Sent by a web page.' }));
  const tries: readonly (readonly [what: string, headers: HostileRequest['headers']])[] = [
    ['a foreign Origin', { origin: 'https://evil.example' }],
    ['a name that leads here', { host: 'evil.example' }],
    ['Sec-Fetch-Site: cross-site', { 'sec-fetch-site': 'cross-site' }],
    [
      'a form without a preflight',
      { 'content-type': 'text/plain', 'user-agent': 'Mozilla/5.0', referer: 'https://evil.example/' },
    ],
  ];
  const answers: string[] = [];
  const violations: string[] = [];
  for (const [what, headers] of tries) {
    const status = await send(port, { path: '/ticket', body, headers });
    answers.push(`${what}: ${status}`);
    if (!['403', '415'].includes(status)) violations.push(`${what} was answered ${status}`);
  }
  return { answers: answers.join(', '), violations };
}

/** Nothing of another trust domain is learnt, taken or blocked by sending its ids and its Idempotency-Keys. */
async function strangersIds({ port, callers }: AttackedEnvironment): Promise<Outcome> {
  const [honest, hostile] = [callers.honest, callers.hostile].map((headers) => new HttpClient(port, 1, headers)) as [
    HttpClient,
    HttpClient,
  ];
  const secret = 'My card number is on the invoice, please look.';
  const own = { id: 'order-1', text: secret };
  const keyed = (caller: Readonly<Record<string, string>>, text: string): Promise<string> =>
    send(port, {
      path: '/ticket',
      body: Buffer.from(JSON.stringify({ text })),
      headers: { ...caller, 'idempotency-key': 'key-1' },
    });
  const { body } = await honest.send('POST', '/ticket', own);
  const { ticket_id } = body as { readonly ticket_id: string };
  const keyedBefore = await keyed(callers.honest, secret);
  const tries = {
    'its own ticket under that id': (await hostile.send('POST', '/ticket', { id: 'order-1', text: 'Something else.' }))
      .status,
    'its own ticket with that key': Number(await keyed(callers.hostile, 'Something else.')),
    'reading by the public id': (await hostile.send('GET', `/tickets/${ticket_id}`)).status,
    'reading by the short id': (await hostile.send('GET', '/tickets/order-1')).body,
    'the honest repeat': (await honest.send('POST', '/ticket', own)).status,
    'the honest repeat with its key': Number(await keyed(callers.honest, secret)),
  };
  honest.close();
  hostile.close();
  const violations = Object.entries(tries).flatMap(([what, came]) => {
    if (typeof came === 'object') return JSON.stringify(came).includes(secret) ? [`${what} showed the text`] : [];
    const wanted = what === 'reading by the public id' ? 404 : Number(keyedBefore);
    return came === wanted ? [] : [`${what}: ${String(came)}`];
  });
  const shown = Object.entries(tries).flatMap(([what, came]) => (typeof came === 'number' ? [`${what}: ${came}`] : []));
  return { answers: shown.join(', '), violations };
}

/** Requesters that no caller vouches for suppress no ticket of a customer about the same matter. */
async function inventedRequesters({ port, callers }: AttackedEnvironment): Promise<Outcome> {
  const [honest, hostile, operator] = [callers.honest, callers.hostile, callers.operator].map(
    (headers) => new HttpClient(port, 4, headers),
  ) as [HttpClient, HttpClient, HttpClient];
  const invented = COMPLAINTS.flatMap(([text], matter) =>
    Array.from({ length: 11 }, (_, who) => ({
      text,
      requester: `invented-${matter}-${who}@example.org`,
    })),
  );
  const batch = counted(await hostile.send('POST', '/tickets', invented));
  await allDecided(operator);
  const texts = COMPLAINTS.flatMap(([, ...own]) => own);
  const sent = await Promise.all(
    texts.map((text, at) =>
      honest.send('POST', '/ticket', { id: `customer-${at}`, text, requester: `c${at}@example.org` }),
    ),
  );
  await allDecided(operator);
  const ids = sent.map(({ body }) => (body as { readonly ticket_id: string }).ticket_id);
  const tickets = await Promise.all(ids.map((id) => honest.send('GET', `/tickets/${id}`)));
  const suppressed = tickets.filter(({ body }) => (body as { readonly status: string }).status === 'suppressed').length;
  for (const client of [honest, hostile, operator]) client.close();
  return {
    answers: `${renderAnswers(batch)}; ${suppressed} of ${texts.length} tickets of customers suppressed`,
    violations: [
      ...(batch.get('202') === invented.length ? [] : ['the invented tickets were refused, so this shows nothing']),
      ...(suppressed > 0 ? [`${suppressed} tickets of customers were suppressed`] : []),
    ],
  };
}

async function allDecided(operator: HttpClient): Promise<void> {
  const deadline = Date.now() + DECIDED_WITHIN_MS;
  for (;;) {
    if (Date.now() > deadline) throw new Error('The tickets were not decided about in time');
    const { body } = await operator.send('GET', '/queue');
    const { lanes, in_progress } = body as { readonly lanes: Record<string, number>; readonly in_progress: number };
    if (in_progress + sum(Object.values(lanes)) === 0) return;
    await sleep(200);
  }
}

/** One key gets no more than its share of a minute. */
async function tooMany({ port, callers }: AttackedEnvironment): Promise<Outcome> {
  const text = (batch: number, at: number): string => `Question ${batch * 100 + at}: how do I change page ${at}?`;
  const hostile = new HttpClient(port, 8, callers.hostile);
  const batches = await Promise.all(
    Array.from({ length: 100 }, (_, batch) =>
      hostile.send(
        'POST',
        '/tickets',
        Array.from({ length: 100 }, (_each, at) => ({ text: text(batch, at) })),
      ),
    ),
  );
  hostile.close();
  const counts = new Map<string, number>();
  for (const batch of batches)
    for (const [answer, times] of counted(batch)) counts.set(answer, (counts.get(answer) ?? 0) + times);
  const taken = counts.get('202') ?? 0;
  const most = 6_000 + AHEAD_OF_LIMIT;
  return {
    answers: renderAnswers(counts),
    violations: taken > most ? [`${taken} tickets were taken in a minute`] : [],
  };
}

/** Callers that keep connections and send next to nothing. */
async function slowCallers({ port, callers }: AttackedEnvironment): Promise<Outcome> {
  const post = `POST /ticket HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n`;
  const most = 2 * MOST_KEPT_MS;
  const [headers, strangers, dripped] = await Promise.all([
    Promise.all(Array.from({ length: 500 }, () => drip(port, post, most))),
    Promise.all(Array.from({ length: 500 }, () => drip(port, `${post}Content-Length: 60000\r\n\r\n{`, most))),
    Promise.all(
      Array.from({ length: 20 }, () =>
        drip(port, `${post}Authorization: ${callers.hostile['authorization']}\r\nContent-Length: 60000\r\n\r\n{`, most),
      ),
    ),
  ]);
  const kept: readonly (readonly [string, readonly number[]])[] = [
    ['500 without the end of their headers', headers],
    ['500 without a key', strangers],
    ['20 with a key that drip their body', dripped],
  ];
  return {
    answers: kept.map(([who, ms]) => `${who}: cut after ${(Math.max(...ms) / 1_000).toFixed(0)} s at most`).join(', '),
    violations: kept.flatMap(([who, ms]) => (Math.max(...ms) > MOST_KEPT_MS ? [`${who} were kept too long`] : [])),
  };
}

/** A batch of full length whose tickets are repeats after the first time, so that it takes no space of the broker. */
function repeatedBatch({ callers }: AttackedEnvironment): HostileRequest {
  const text = 'My invoice is wrong. '.repeat(3_050);
  const batch = Array.from({ length: 100 }, (_, at) => ({ id: `repeat-${at}`, text: `${at} ${text}` }));
  const headers = { ...callers.hostile, 'content-encoding': 'gzip' };
  return { path: '/tickets', body: gzipSync(JSON.stringify(batch)), headers };
}

/** Idle connections keep nothing of what was sent on them. */
async function keptConnections(attacked: AttackedEnvironment): Promise<Outcome> {
  const batch = repeatedBatch(attacked);
  const agents = Array.from({ length: KEPT }, () => new Agent({ keepAlive: true }));
  const answers = new Map<string, number>();
  for (const agent of agents) {
    const answer = await send(attacked.port, batch, agent);
    answers.set(answer, (answers.get(answer) ?? 0) + 1);
  }
  await sleep(KEPT_MS);
  for (const agent of agents) agent.destroy();
  return { answers: renderAnswers(answers), violations: [] };
}

/** Answers that are not read do not pile up, also where one connection asks for several. */
async function unreadAnswers(attacked: AttackedEnvironment): Promise<Outcome> {
  const batch = repeatedBatch(attacked);
  await send(attacked.port, batch);
  const connections = [];
  for (let n = 0; n < KEPT; n += 1) {
    connections.push(sendUnread(attacked.port, batch, n % 2 === 0 ? 1 : SENT_AHEAD));
    await sleep(100);
  }
  await sleep(KEPT_MS);
  const open = connections.filter((connection) => !connection.destroyed).length;
  for (const connection of connections) connection.destroy();
  return { answers: `${open} of ${KEPT} connections still open`, violations: [] };
}

/** What became of each ticket of a batch, by status. */
function counted({ status, body }: HttpAnswer): Answers {
  if (status !== 207) return new Map([[`whole batches ${status}`, 1]]);
  const { results } = body as { readonly results: readonly { readonly status_code: number }[] };
  const counts = new Map<string, number>();
  for (const { status_code } of results) counts.set(String(status_code), (counts.get(String(status_code)) ?? 0) + 1);
  return counts;
}

/** The answers of a volley, for people. */
export function renderAnswers(answers: Answers): string {
  return [...answers].map(([answer, times]) => `${answer}: ${times}`).join(', ');
}
