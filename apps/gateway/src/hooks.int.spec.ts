import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExplanationReport, Ticket } from '@smart-support/contracts';
import { type RedisServer, eventually, startRedisServer } from '@smart-support/testing';
import { readHookFile } from './hook-file';
import { type RunningGateway, startGateway } from './spec-support/running-gateway';

const SECRET = 'a-secret-that-is-shared';
const OPERATOR = 'a-secret-that-may-everything';
const FILE = {
  sources: {
    repo: { uses: 'github_issues', verify: { secret: { env: 'REPO_SECRET' } } },
    desk: { uses: 'zendesk', verify: { secret: SECRET }, domain: 'shop' },
    alerts: { uses: 'alertmanager', verify: { secret: SECRET } },
    open: { verify: { scheme: 'none' }, ticket: { id: '$.id', text: '$.text' }, domain: '' },
  },
};

let folder: string;
let gateway: RunningGateway;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hooks-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => gateway?.stop());

function writeMapping(content: unknown): string {
  const file = join(folder, 'hooks.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const start = async (env: Record<string, string> = {}): Promise<void> => {
  const HOOKS_FILE = writeMapping(FILE);
  const API_KEYS = `me:operator:${OPERATOR},web:ingest:a-secret-that-hands-in`;
  gateway = await startGateway({ MODEL_FALLBACK: '1', HOOKS_FILE, REPO_SECRET: SECRET, API_KEYS, ...env });
};

interface Taken extends Partial<Ticket> {
  readonly ticket_id?: string;
  readonly is_repeat?: true;
  readonly message?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly results?: readonly { readonly status_code: number; readonly body: Taken }[];
}

const send = (source: string, body: unknown, headers: Record<string, string> = {}) =>
  gateway.call<Taken>('POST', `/hooks/${source}`, body, headers);
const ask = <Body>(path: string) => gateway.call<Body>('GET', path, undefined, { 'x-api-key': OPERATOR });

const sign = (body: string) => ({
  'x-hub-signature-256': `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`,
});
/** Sends what GitHub sends about an issue, signed. */
const sendIssue = (action: string, issue: object = {}) => {
  const body = JSON.stringify({ action, issue: { id: 7, title: 'Export fails', body: 'Since noon.', ...issue } });
  return send('repo', body, sign(body));
};

const BEARER = { authorization: `Bearer ${SECRET}` };
const alert = (fingerprint: string, status = 'firing', more: object = {}) => ({
  status,
  fingerprint,
  startsAt: '2026-12-01T08:20:00Z',
  labels: { alertname: 'DiskFull' },
  annotations: { summary: `Disk of ${fingerprint} is full` },
  ...more,
});
const sendAlerts = (...alerts: object[]) => send('alerts', { version: '4', alerts }, BEARER);

describe.each([
  ['without Redis', 200],
  ['with Redis', 202],
] as const)('a webhook of another product, %s,', (mode, taken) => {
  let redis: RedisServer | undefined;
  beforeAll(async () => {
    if (mode === 'with Redis') redis = await startRedisServer();
  }, 30_000);
  afterAll(() => redis?.stop());
  beforeEach(async () => {
    await redis?.command('FLUSHALL');
    await start(redis ? { REDIS_URL: redis.url } : {});
    if (redis) await eventually('Redis serves', () => gateway.engine.serving.mode === 'async');
  });

  it('opens a ticket without a key, in the trust domain of its source', async () => {
    const { status, body, headers } = await sendIssue('opened', { user: { login: 'octavia' } });
    expect([status, body.ticket_id ?? body.id]).toEqual([taken, 'hooks.repo~repo:7']);
    if (taken === 202) expect(headers.get('location')).toBe('/tickets/hooks.repo~repo%3A7');
    const { body: ticket } = await ask<Ticket>('/tickets/hooks.repo~repo:7');
    expect(ticket).toMatchObject({ subject: 'Export fails', text: 'Since noon.', requester: 'octavia' });
    const { body: explanation } = await ask<ExplanationReport>('/tickets/hooks.repo~repo:7/explain');
    expect(explanation.source).toEqual({ key: 'hooks.repo', domain: 'hooks.repo' });
  });

  it('that comes again is a repeat of its ticket, and one with another text leaves it as it is', async () => {
    await sendIssue('opened');
    const repeat = await sendIssue('opened');
    expect([repeat.status, repeat.body.is_repeat]).toEqual([taken, true]);
    const edited = await sendIssue('opened', { body: 'Since one.' });
    expect(edited).toMatchObject({ status: 202, body: { status: 'ignored', ticket_id: 'hooks.repo~repo:7' } });
    expect((await ask<Ticket>('/tickets/hooks.repo~repo:7')).body.text).toBe('Since noon.');
  });

  it('of several items opens a ticket for each', async () => {
    const { status, body } = await sendAlerts(alert('a'), alert('b'), alert('c', 'resolved'), { status: 'odd' });
    expect(status).toBe(207);
    const unknown = { status: 'ignored', ticket_id: 'hooks.alerts~alerts:c-2026-12-01T08:20:00Z' };
    expect(body.results).toMatchObject([
      { status_code: taken },
      { status_code: taken },
      { status_code: 202, body: unknown },
      { status_code: 204, body: { status: 'ignored' } },
    ]);
    expect((await ask<Ticket>('/tickets/hooks.alerts~alerts:b-2026-12-01T08:20:00Z')).body).toMatchObject({
      subject: 'DiskFull',
      text: 'Disk of b is full',
    });
  });
});

describe('a webhook that says that all is over', () => {
  beforeEach(() => start());

  it('completes its ticket, once, and opens no other one', async () => {
    const { body: opened } = await sendIssue('opened');
    expect(opened.status).toBe('assigned');
    for (let time = 0; time < 2; time += 1) {
      const { status, body } = await sendIssue('closed', { body: 'It works again.' });
      expect([status, body.id, body.status]).toEqual([200, opened.id, 'completed']);
    }
    const { body } = await ask<{ total: number }>('/ticket-counts');
    expect(body.total).toBe(1);
  });

  it('completes that of its item only', async () => {
    await sendAlerts(alert('a'), alert('b'));
    const { body } = await sendAlerts(alert('a', 'resolved', { annotations: {} }));
    expect(body.results).toMatchObject([{ status_code: 200, body: { status: 'completed' } }]);
    expect((await ask<Ticket>('/tickets/hooks.alerts~alerts:b-2026-12-01T08:20:00Z')).body.status).toBe('assigned');
  });

  it('completes one that no agent has, too, and says in its history who did', async () => {
    const { body: agents } = await ask<{ agents: { id: string }[] }>('/agents');
    for (const { id } of agents.agents) {
      await gateway.call('DELETE', `/agents/${id}`, undefined, { 'x-api-key': OPERATOR });
    }
    expect((await sendIssue('opened')).body.status).toBe('waiting');
    const completed = { status: 'completed', resolution: 'cancelled' };
    expect(await sendIssue('closed')).toMatchObject({ status: 200, body: completed });
    const { body } = await ask<{ history: object[] }>('/tickets/hooks.repo~repo:7/history');
    expect(body.history).toMatchObject([{ action: 'cancel', by: 'hooks.repo' }]);
  });

  it('is ignored where no such ticket is known', async () => {
    const ticket_id = 'hooks.repo~repo:7';
    expect(await sendIssue('closed')).toMatchObject({ status: 202, body: { status: 'ignored', ticket_id } });
  });
});

describe('a webhook that says that all is over, about a ticket in the shared queue,', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedisServer();
  }, 30_000);
  afterAll(() => redis?.stop());

  it('completes it while it is queued, and is sent again while a worker has it', async () => {
    await start({ REDIS_URL: redis.url });
    await eventually('Redis serves', () => gateway.engine.serving.mode === 'async');
    expect((await sendIssue('opened')).status).toBe(202);
    expect(await sendIssue('closed')).toMatchObject({ status: 200, body: { status: 'completed' } });
    await sendIssue('opened', { id: 8 });
    await redis.command('HSET', '{smart-support}:ticket:hooks.repo~repo:8', 'status', 'processing');
    const { status, headers } = await sendIssue('closed', { id: 8 });
    expect([status, headers.has('retry-after')]).toEqual([503, true]);
    await redis.command('HSET', '{smart-support}:ticket:hooks.repo~repo:8', 'status', 'dead');
    expect(await sendIssue('closed', { id: 8 })).toMatchObject({ status: 202, body: { status: 'ignored' } });
  });
});

describe('a webhook', () => {
  beforeEach(() => start());

  it('about something else is answered 204 and leaves nothing behind', async () => {
    const ping = '{"zen": "Keep it simple."}';
    for (const { status, body } of [
      await send('repo', ping, sign(ping)),
      await sendIssue('labeled'),
      await send('open', { text: 'without an id' }),
      await sendAlerts(),
      await sendAlerts({ status: 'odd' }),
      await send('alerts', [], BEARER),
    ]) {
      expect([status, body]).toEqual([204, '']);
    }
    expect((await ask<{ total: number }>('/ticket-counts')).body.total).toBe(0);
  });

  it('that is forged is refused as any other forged one, whatever is wrong with it', async () => {
    const body = JSON.stringify({ action: 'opened', issue: { id: 8, title: 'Forged' } });
    const other = { 'x-hub-signature-256': sign(`${body} `)['x-hub-signature-256'] };
    const answers = [
      await send('repo', body),
      await send('repo', body, other),
      await send('repo', body, { 'x-hub-signature-256': 'sha256=' }),
      await send('repo', body, { 'x-api-key': OPERATOR }),
      await send('repo', '{"action": ', sign(body)),
      await send('alerts', { alerts: [alert('a')] }, { authorization: `Bearer ${SECRET}x` }),
    ];
    for (const { status, body: problem } of answers) {
      expect([status, problem.title, problem.detail]).toEqual([
        401,
        'Unauthorized',
        'This webhook does not come from its source.',
      ]);
    }
    expect((await ask<{ total: number }>('/ticket-counts')).body.total).toBe(0);
    expect(gateway.log.join()).not.toContain(SECRET);
  });

  it('that was recorded is refused after five minutes, and a repeat before', async () => {
    const detail = { id: 5, subject: 'Refund', description: 'Where is it?' };
    const body = JSON.stringify({ type: 'zen:event-type:ticket.created', detail });
    const sentAt = (time: number) => {
      const timestamp = new Date(time).toISOString();
      const signature = createHmac('sha256', SECRET).update(timestamp).update(body).digest('base64');
      return { 'x-zendesk-webhook-signature': signature, 'x-zendesk-webhook-signature-timestamp': timestamp };
    };
    const now = sentAt(Date.now());
    expect((await send('desk', body, now)).body.id).toBe('shop~desk:5');
    expect((await send('desk', body, now)).body.is_repeat).toBe(true);
    for (const minutes of [-6, 6]) {
      expect((await send('desk', body, sentAt(Date.now() + minutes * 60_000))).status).toBe(401);
    }
  });

  it.each(['unknown', 'constructor', '__proto__', 'Repo', 'repo%00'])(
    'for no source (%s) is answered 404',
    async (source) => {
      expect((await send(source, {})).status).toBe(404);
    },
  );

  it('that cannot be read is refused, once its sender is known', async () => {
    for (const [status, body, headers] of [
      [400, '', {}],
      [400, '{"id": 1', {}],
      [400, '7', {}],
      [400, '['.repeat(40), {}],
      [415, 'id=1', { 'content-type': 'application/x-www-form-urlencoded' }],
      [413, { id: 1, text: 'x'.repeat(70_000) }, {}],
      [413, Array.from({ length: 20_000 }, () => 0), {}],
      [422, { id: 1 }, {}],
    ] as const) {
      expect((await send('open', body, headers)).status).toBe(status);
    }
    expect((await gateway.call('GET', '/hooks/repo', undefined, { 'x-api-key': OPERATOR })).status).toBe(405);
  });

  it('may be larger than a ticket where its mapping says so, and the ticket in it may not', async () => {
    const noise = { repository: { description: 'n'.repeat(100_000) } };
    const large = JSON.stringify({ action: 'opened', issue: { id: 9, title: 'Large' }, ...noise });
    expect((await send('repo', large, sign(large))).status).toBe(200);
    expect((await sendIssue('opened', { id: 10, body: 'x'.repeat(70_000) })).status).toBe(413);
    expect((await sendIssue('opened', { id: 10, body: 'x'.repeat(300_000) })).status).toBe(413);
  });

  it('of more than a hundred items is refused as a whole', async () => {
    const alerts = Array.from({ length: 101 }, (_, index) => alert(`a${index}`));
    expect((await sendAlerts(...alerts)).status).toBe(413);
    expect((await sendAlerts(...alerts.slice(0, 100))).body.results).toHaveLength(100);
  });

  it('reads nothing of the engine: ids of its source are its own, also in the unnamed domain', async () => {
    expect((await send('open', { id: 'A1', text: 'a' })).body.id).toBe('open:A1');
    expect((await send('open', { id: 'shop~desk:5', text: 'a' })).body.id).toMatch(/^open:[0-9a-f]{64}$/);
    expect((await send('open', { id: 'A2', text: ' ' })).status).toBe(422);
  });
});

describe('rate limits', () => {
  it('count each source by itself, and forged webhooks for the client that sends them', async () => {
    await start({ RATE_LIMIT_TICKETS_PER_MINUTE: '2', RATE_LIMIT_REQUESTS_PER_MINUTE: '3' });
    for (let time = 0; time < 3; time += 1) expect((await send('repo', {})).status).toBe(401);
    expect((await send('repo', {})).status).toBe(429);
    for (let id = 1; id <= 2; id += 1) expect((await sendIssue('opened', { id })).status).toBe(200);
    const refused = await sendIssue('opened', { id: 3 });
    expect([refused.status, refused.headers.has('retry-after')]).toEqual([429, true]);
    expect((await send('open', { id: 1, text: 'a' })).status).toBe(200);
  });

  it('that some items of a webhook meet have it sent again as a whole', async () => {
    await start({ RATE_LIMIT_TICKETS_PER_MINUTE: '2' });
    const { status, headers } = await sendAlerts(alert('a'), alert('b'), alert('c'));
    expect([status, headers.has('retry-after')]).toEqual([503, true]);
    expect((await ask<{ total: number }>('/ticket-counts')).body.total).toBe(2);
  });
});

it('a gateway without keys takes webhooks, too', async () => {
  gateway = await startGateway({ MODEL_FALLBACK: '1', HOOKS_FILE: writeMapping(FILE), REPO_SECRET: SECRET });
  expect((await sendIssue('opened')).body.id).toBe('hooks.repo~repo:7');
  expect((await gateway.call('GET', '/tickets/hooks.repo~repo:7')).status).toBe(200);
});

describe('the file of sources', () => {
  it('is not needed', () => {
    expect(readHookFile(undefined, {}).size).toBe(0);
  });

  it('that cannot be read, or has no end, is named with the reason', () => {
    const missing = join(folder, 'missing.json');
    expect(() => readHookFile(missing, {})).toThrow(`HOOKS_FILE "${missing}" cannot be read (ENOENT).`);
    expect(() => readHookFile(folder, {})).toThrow('EISDIR');
    expect(() => readHookFile('/dev/zero', {})).toThrow('too large');
  });

  it('that is wrong is refused with everything that is wrong in it', () => {
    const verify = { secret: { file: '/dev/zero' } };
    const file = writeMapping({ sources: { a: { uses: 'zendesk', verify }, b: {} } });
    const problem =
      /sources\.a\.verify\.secret: names a file that cannot be read; sources\.b\.verify: .*sources\.b\.ticket/;
    expect(() => readHookFile(file, {})).toThrow(problem);
  });

  it('may name secrets that stand in files', () => {
    const secret = join(folder, 'secret');
    writeFileSync(secret, `${SECRET}\n`);
    const file = writeMapping({ sources: { repo: { uses: 'github_issues', verify: { secret: { file: secret } } } } });
    const body = Buffer.from('{}');
    expect(readHookFile(file, {}).get('repo')?.verify(sign('{}'), body, Date.now())).toBe(true);
  });
});
