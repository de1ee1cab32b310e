import type { ExplanationReport } from '@smart-support/contracts';
import { type RedisServer, eventually, startRedisServer } from '@smart-support/testing';
import { type RunningGateway, startGateway } from '../spec-support/running-gateway';

const KEYS = {
  web: 'ingest',
  app: 'ingest',
  mail: 'ingest',
  open: 'ingest',
  desk: 'agent',
  me: 'operator',
} as const;
type KeyName = keyof typeof KEYS;

const secretOf = (name: KeyName): string => `a-long-secret-of-${name}`;
const ENV = {
  MODEL_FALLBACK: '1',
  API_KEYS: Object.entries(KEYS)
    .map(([name, role]) => `${name}:${role}:${secretOf(name as KeyName)}`)
    .join(','),
  // `mail` has a domain of its own, `open` the unnamed one.
  API_KEY_DOMAINS: 'web=shop,app=shop,open=',
};

interface Reply {
  readonly status: number;
  readonly id: string | undefined;
  readonly isRepeat: boolean;
  readonly location: string | null;
}

let redis: RedisServer;
let gateway: RunningGateway;

const callAs = <Body>(name: KeyName, method: string, path: string, body?: unknown, headers = {}) =>
  gateway.call<Body>(method, path, body, { 'x-api-key': secretOf(name), ...headers });

/** Sends a ticket: the id that the answer names, whether it was taken or not. */
const send = async (name: KeyName, ticket: object, idempotencyKey?: string): Promise<Reply> => {
  const headers = idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey };
  const answer = await callAs<Partial<Record<string, string | boolean>>>(name, 'POST', '/ticket', ticket, headers);
  const id = (answer.body['ticket_id'] ?? answer.body['id']) as string | undefined;
  const isRepeat = answer.body['is_repeat'] === true;
  return { status: answer.status, id, isRepeat, location: answer.headers.get('location') };
};

const read = (name: KeyName, id: string) =>
  callAs<{ id?: string; text?: string }>(name, 'GET', `/tickets/${encodeURIComponent(id)}`);
const textOf = async (name: KeyName, id: string) => (await read(name, id)).body.text;

beforeAll(async () => {
  redis = await startRedisServer();
}, 30_000);
afterAll(() => redis?.stop());
afterEach(() => gateway?.stop());

describe.each([
  ['routed in the gateway', false, 200],
  ['queued in Redis', true, 202],
])('trust domains of keys, where tickets are %s:', (_where, hasRedis, taken) => {
  beforeEach(async () => {
    await redis.command('FLUSHALL');
    gateway = await startGateway({ ...ENV, ...(hasRedis ? { REDIS_URL: redis.url } : {}) });
    if (hasRedis) await eventually('Redis serves', () => gateway.engine.serving.mode === 'async');
  });

  it('two may use the same id: each finds its own ticket by it, and learns nothing of the other', async () => {
    expect(await send('web', { id: 'A1', text: 'of the shop' })).toMatchObject({ status: taken, id: 'shop~A1' });
    expect(await send('mail', { id: 'A1', text: 'of the mail' })).toMatchObject({ status: taken, id: 'mail~A1' });
    expect(await textOf('web', 'A1')).toBe('of the shop');
    expect(await textOf('web', 'shop~A1')).toBe('of the shop');
    expect(await textOf('mail', 'A1')).toBe('of the mail');
    expect((await read('mail', 'A1')).body.id).toBe('mail~A1');
  });

  it('a ticket of another one is answered exactly as one that was never sent', async () => {
    const { id = '' } = await send('web', { id: 'A1', text: 'of the shop' });
    const { id: generated = '' } = await send('web', { text: 'without an id' });
    const { body: unknown } = await read('mail', 'nothing');
    for (const name of ['mail', 'open'] as const) {
      for (const asked of [id, 'A1', generated, generated.replace('shop~', '')]) {
        const { status, body } = await read(name, asked);
        expect([status, body]).toEqual([404, { ...unknown, instance: `/tickets/${encodeURIComponent(asked)}` }]);
      }
    }
  });

  it('two may use the same Idempotency-Key for tickets that differ', async () => {
    const first = await send('web', { text: 'of the shop' }, 'k');
    const other = await send('mail', { text: 'of the mail' }, 'k');
    expect([first.status, other.status]).toEqual([taken, taken]);
    expect(other.isRepeat).toBe(false);
    expect(await send('web', { text: 'of the shop' }, 'k')).toMatchObject({ id: first.id, isRepeat: true });
    expect(await send('web', { text: 'another text' }, 'k')).toMatchObject({ status: 409, id: first.id });
  });

  it('a conflict names the id of the own ticket', async () => {
    await send('mail', { id: 'A1', text: 'of the mail' });
    await send('web', { id: 'A1', text: 'of the shop' });
    expect(await send('web', { id: 'A1', text: 'of the mail' })).toMatchObject({ status: 409, id: 'shop~A1' });
  });

  it('what looks like a double click is none if it comes from two', async () => {
    const ticket = { text: 'Save failed', requester: 'ann@example.com' };
    const first = await send('web', ticket);
    expect(await send('mail', ticket)).toMatchObject({ status: taken, isRepeat: false });
    expect(await send('app', ticket)).toMatchObject({ isRepeat: true, id: first.id });
  });

  it('keys of one are one caller', async () => {
    await send('web', { id: 'A1', text: 'of the shop' });
    expect(await textOf('app', 'A1')).toBe('of the shop');
    expect(await send('app', { id: 'A1', text: 'of the shop' })).toMatchObject({ id: 'shop~A1', isRepeat: true });
  });

  it('the unnamed one has ids as they were sent, and cannot take those of the others', async () => {
    expect(await send('open', { id: 'shop:A1', text: 'of the open' })).toMatchObject({ status: taken, id: 'shop:A1' });
    expect(await send('mail', { id: 'shop:A1', text: 'of the mail' })).toMatchObject({ id: 'mail~shop:A1' });
    for (const name of ['open', 'mail'] as const) {
      expect((await send(name, { id: 'shop~A1', text: 'in the way' })).status).toBe(422);
    }
    expect(await send('web', { id: 'A1', text: 'of the shop' })).toMatchObject({ status: taken, id: 'shop~A1' });
  });

  it('a ticket can be sent again under the id that it was answered with, given by its client or not', async () => {
    for (const ticket of [{ text: 'with an id', id: 'A1' }, { text: 'without an id' }]) {
      const { id = '' } = await send('web', ticket);
      expect(await send('web', { ...ticket, id })).toMatchObject({ status: taken, id, isRepeat: true });
      expect(await textOf('web', id.replace('shop~', ''))).toBe(ticket.text);
    }
  });

  it('the 128 characters of an id are those that the client sends', async () => {
    expect((await send('web', { id: 'A'.repeat(128), text: 'a' })).status).toBe(taken);
    expect((await send('web', { id: 'A'.repeat(129), text: 'a' })).status).toBe(422);
  });

  it('hold for each ticket of a batch', async () => {
    await send('mail', { id: 'A1', text: 'of the mail' });
    const batch = [
      { id: 'A1', text: 'of the shop' },
      { id: 'A1', text: 'of the shop' },
    ];
    const { body } = await callAs<{ results: { status_code: number }[] }>('web', 'POST', '/tickets', batch);
    expect(body.results.map(({ status_code }) => status_code)).toEqual([taken, taken]);
    expect(await textOf('web', 'A1')).toBe('of the shop');
  });

  it('one can fill its share of the queue, and not that of the others', async () => {
    await gateway.stop();
    const env = { ...ENV, QUEUE_MAX: '3', KEY_QUEUE_SHARE: '0.34', ...(hasRedis ? { REDIS_URL: redis.url } : {}) };
    gateway = await startGateway(env);
    if (hasRedis) await eventually('Redis serves', () => gateway.engine.serving.mode === 'async');
    expect((await send('web', { text: 'of the shop' })).status).toBe(taken);
    const refused = await callAs<{ detail: string }>('app', 'POST', '/ticket', { text: 'of the shop, too' });
    expect([refused.status, refused.body.detail]).toEqual([
      503,
      'The unfinished tickets of this trust domain fill its share of the queue, or of the bytes that tickets may take.',
    ]);
    expect(refused.headers.has('retry-after')).toBe(true);
    expect((await send('mail', { text: 'of the mail' })).status).toBe(taken);
  });

  it('agents and operators see all tickets, and which key each came with', async () => {
    await send('app', { id: 'A1', text: 'of the shop' });
    await send('me', { id: 'B1', text: 'of the operator' });
    for (const name of ['desk', 'me'] as const) {
      expect(await textOf(name, 'shop~A1')).toBe('of the shop');
      const { body } = await callAs<ExplanationReport>(name, 'GET', '/tickets/shop~A1/explain');
      expect([body.ticket_id, body.source]).toEqual(['shop~A1', { key: 'app', domain: 'shop' }]);
    }
    expect(await textOf('me', 'B1')).toBe('of the operator');
    expect((await read('desk', 'B1')).status).toBe(404);
  });

  it('an operator reaches both its own ticket and one of the unnamed domain that has the same id, and completes no other than it names', async () => {
    await send('me', { id: 'C1', text: 'of the operator' });
    expect(await textOf('me', 'C1')).toBe('of the operator');
    for (const call of [read('me', '~C1'), callAs('me', 'POST', '/tickets/~C1/complete')]) {
      expect((await call).status).toBe(404);
    }
    await send('open', { id: 'C1', text: 'of the open' });
    const texts = await Promise.all(['C1', '~C1', 'me~C1'].map((id) => textOf('me', id)));
    expect(texts).toEqual(['of the open', 'of the open', 'of the operator']);
    expect([await textOf('open', '~C1'), (await read('mail', '~C1')).status]).toEqual(['of the open', 404]);
  });
});

describe('a ticket of a trust domain that was routed while Redis was away', () => {
  it('keeps its key, and its ids and Idempotency-Key remain those of its domain', async () => {
    const store = await startRedisServer({ appendOnly: true });
    try {
      await store.kill();
      gateway = await startGateway({ ...ENV, REDIS_URL: store.url });
      const { id = '', status } = await send('web', { text: 'of the shop' }, 'k');
      expect(status).toBe(200);
      await send('web', { id: 'A1', text: 'of the shop, too' });
      expect(await textOf('web', 'A1')).toBe('of the shop, too');
      await store.restart();
      const record = (ticketId: string) => store.command('HGET', `{smart-support}:ticket:${ticketId}`, 'source');
      await eventually(
        'they are handed over',
        async () => (await record(id)) !== null && (await record('shop~A1')) !== null,
      );
      const { body } = await callAs<ExplanationReport>('me', 'GET', `/tickets/${id}/explain`);
      expect(body.source).toEqual({ key: 'web', domain: 'shop' });
      expect(await send('web', { text: 'of the shop' }, 'k')).toMatchObject({ id, isRepeat: true });
      expect(await send('mail', { text: 'of the mail' }, 'k')).toMatchObject({ status: 202, isRepeat: false });
      expect((await read('mail', 'A1')).status).toBe(404);
    } finally {
      await gateway.stop();
      await store.stop();
    }
  }, 30_000);
});

describe('a gateway without keys', () => {
  it('has ids as they were sent, and no ticket has a key', async () => {
    gateway = await startGateway({ MODEL_FALLBACK: '1' });
    const { body } = await gateway.call<{ id: string }>('POST', '/ticket', { id: 'A1', text: 'a' });
    expect(body.id).toBe('A1');
    const { body: explanation } = await gateway.call<ExplanationReport>('GET', '/tickets/A1/explain');
    expect(explanation.source).toBeNull();
  });
});
