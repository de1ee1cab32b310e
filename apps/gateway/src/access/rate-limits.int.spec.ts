import { type RedisServer, eventually, startRedisServer } from '@smart-support/testing';
import { type RunningGateway, startGateway } from '../spec-support/running-gateway';

interface Problem {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly retry_after_seconds?: number;
}

interface Batch {
  readonly results: readonly { readonly status_code: number; readonly body: Problem }[];
}

const SECRETS = { web: 'a-long-secret-of-web', app: 'a-long-secret-of-app', me: 'a-long-secret-of-me' } as const;
const KEYS = {
  API_KEYS: `web:ingest:${SECRETS.web},app:ingest:${SECRETS.app},me:operator:${SECRETS.me}`,
};

const gateways: RunningGateway[] = [];
afterEach(async () => {
  for (const gateway of gateways.splice(0)) await gateway.stop();
});

async function start(env: Record<string, string>): Promise<RunningGateway> {
  const gateway = await startGateway({ MODEL_FALLBACK: '1', ...env });
  gateways.push(gateway);
  return gateway;
}

const as = (key: keyof typeof SECRETS) => ({ 'x-api-key': SECRETS[key] });
const send = (gateway: RunningGateway, ticket: unknown, headers: Record<string, string> = {}) =>
  gateway.call<Problem>('POST', '/ticket', ticket, headers);
const text = { text: 'wrong amount on my invoice' };

/** The statuses of so many tickets, one after the other. */
async function statuses(gateway: RunningGateway, count: number, headers: Record<string, string> = {}, ticket = text) {
  const found: number[] = [];
  for (let sent = 0; sent < count; sent += 1) found.push((await send(gateway, ticket, headers)).status);
  return found;
}

describe('tickets of one key', () => {
  it('beyond the limit are refused, with when to try again; those of another key are not', async () => {
    const gateway = await start({ ...KEYS, RATE_LIMIT_TICKETS_PER_MINUTE: '2' });
    const first = await send(gateway, text, as('web'));
    expect([first.status, first.headers.get('ratelimit'), first.headers.get('ratelimit-policy')]).toEqual([
      200,
      expect.stringMatching(/^"tickets";r=1;t=(?:[1-5]\d?|60)$/),
      '"tickets";q=2;w=60',
    ]);
    expect(await statuses(gateway, 1, as('web'))).toEqual([200]);
    const { status, headers, body } = await send(gateway, text, as('web'));
    expect([status, headers.get('content-type')]).toEqual([429, 'application/problem+json; charset=utf-8']);
    expect(body).toMatchObject({
      title: 'Too Many Requests',
      detail: 'No more than 2 tickets a minute are taken of this caller.',
    });
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect(String(body.retry_after_seconds)).toBe(headers.get('retry-after'));
    expect(headers.get('ratelimit')).toMatch(/^"tickets";r=0;t=/);
    expect(await statuses(gateway, 3, as('app'))).toEqual([200, 200, 429]);
  });

  it('are refused before their bodies are read', async () => {
    const gateway = await start({ ...KEYS, RATE_LIMIT_TICKETS_PER_MINUTE: '1' });
    expect((await send(gateway, '{"text":', as('web'))).status).toBe(400);
    expect((await send(gateway, '{"text":', as('web'))).status).toBe(429);
    expect((await gateway.call('POST', '/tickets', '[', as('web'))).status).toBe(429);
  });

  it('count one by one in a batch, and each that is refused says so itself', async () => {
    const gateway = await start({ ...KEYS, RATE_LIMIT_TICKETS_PER_MINUTE: '3' });
    const { status, headers, body } = await gateway.call<Batch>('POST', '/tickets', [text, {}, text, text], as('web'));
    expect(status).toBe(207);
    expect(body.results.map(({ status_code }) => status_code)).toEqual([200, 422, 200, 429]);
    expect(body.results[3]?.body).toMatchObject({ status: 429, title: 'Too Many Requests' });
    const seconds = body.results[3]?.body.retry_after_seconds ?? 0;
    expect([Number.isInteger(seconds), seconds > 0, seconds <= 60]).toEqual([true, true, true]);
    expect(headers.get('ratelimit')).toMatch(/"tickets";r=0;t=/);
    expect(await statuses(gateway, 1, as('web'))).toEqual([429]);
    expect((await gateway.call('POST', '/tickets', [text], as('web'))).status).toBe(429);
  });

  it('are not limited by 0, and by 6000 where nothing is set', async () => {
    const off = await start({ ...KEYS, RATE_LIMIT_TICKETS_PER_MINUTE: '0' });
    expect((await send(off, text, as('web'))).headers.get('ratelimit')).toBeNull();
    const unset = await start(KEYS);
    expect((await send(unset, text, as('web'))).headers.get('ratelimit-policy')).toBe('"tickets";q=6000;w=60');
  });
});

describe('tickets of one requester', () => {
  const LIMIT = { RATE_LIMIT_REQUESTER_PER_MINUTE: '2', DUPLICATE_SECONDS: '0' };
  const of = (requester: string, more: object = {}) => ({ ...text, requester, ...more });

  it('beyond the limit are refused, however the requester is spelt; those of others are not', async () => {
    const gateway = await start(LIMIT);
    const first = await send(gateway, of('mara@example.com'));
    expect([first.status, first.headers.get('ratelimit-policy')]).toEqual([200, '"requester";q=2;w=60']);
    expect((await send(gateway, of('Mara Lind <Mara@Example.com>'))).status).toBe(200);
    const { status, headers, body } = await send(gateway, of(' MARA@example.com '));
    expect([status, body.detail]).toEqual([429, 'No more than 2 tickets a minute are taken of this requester.']);
    expect(headers.has('retry-after')).toBe(true);
    expect((await send(gateway, of('ben@example.com'))).status).toBe(200);
    expect(await statuses(gateway, 4)).toEqual([200, 200, 200, 200]);
  });

  it('are another matter in another trust domain', async () => {
    const gateway = await start({ ...KEYS, ...LIMIT });
    const ticket = of('mara@example.com');
    expect(await statuses(gateway, 3, as('web'), ticket)).toEqual([200, 200, 429]);
    expect(await statuses(gateway, 3, as('app'), ticket)).toEqual([200, 200, 429]);
  });

  it('in a batch get answers of their own', async () => {
    const gateway = await start(LIMIT);
    const tickets = ['mara', 'mara', 'ben', 'mara'].map((name) => of(`${name}@example.com`));
    const { body } = await gateway.call<Batch>('POST', '/tickets', tickets);
    expect(body.results.map(({ status_code }) => status_code)).toEqual([200, 200, 200, 429]);
  });

  it.each([
    ['a sender of programs', of('alerts@example.com')],
    ['a channel of programs', of('mara@example.com', { channel: 'alertmanager' })],
    ['metadata that say so', of('mara@example.com', { metadata: { machine: true } })],
  ])('are not counted if a program sends them, known by %s', async (_what, ticket) => {
    const gateway = await start(LIMIT);
    expect(await statuses(gateway, 4, {}, ticket)).toEqual([200, 200, 200, 200]);
  });
});

describe('other calls of one key', () => {
  it('beyond the limit are refused; tickets, and calls about the process, are not counted among them', async () => {
    const gateway = await start({ ...KEYS, RATE_LIMIT_REQUESTS_PER_MINUTE: '2' });
    expect(await statuses(gateway, 3, as('me'))).toEqual([200, 200, 200]);
    const get = async (path: string, key: keyof typeof SECRETS) =>
      (await gateway.call('GET', path, undefined, as(key))).status;
    expect([await get('/queue', 'me'), await get('/nothing', 'me'), await get('/queue', 'me')]).toEqual([
      200, 404, 429,
    ]);
    expect(await get('/tickets/x', 'web')).toBe(404);
    for (const path of ['/health', '/livez', '/readyz', '/metrics']) expect(await get(path, 'me')).toBe(200);
  });

  it('are calls that its role may not make, and batches that are refused as a whole, too', async () => {
    const gateway = await start({ ...KEYS, RATE_LIMIT_REQUESTS_PER_MINUTE: '2' });
    const status = async (key: keyof typeof SECRETS, method: 'GET' | 'POST', path: string, body?: unknown) =>
      (await gateway.call(method, path, body, as(key))).status;
    const refused = () => status('web', 'GET', '/queue');
    expect([await refused(), await refused(), await refused()]).toEqual([403, 403, 429]);
    const batch = (tickets: unknown) => status('app', 'POST', '/tickets', tickets);
    expect([await batch({}), await batch('no batch'), await batch([text])]).toEqual([400, 400, 429]);
    expect(await status('app', 'POST', '/ticket', text)).toBe(200);
  });
});

describe('without keys, tickets of one client address', () => {
  const from = (address: string) => ({ 'x-forwarded-for': address });

  it('are limited only if a limit is set', async () => {
    const gateway = await start({});
    expect((await send(gateway, text)).headers.get('ratelimit')).toBeNull();
  });

  it('are refused beyond it, also with a forged address', async () => {
    const gateway = await start({ RATE_LIMIT_TICKETS_PER_MINUTE: '1' });
    expect(await statuses(gateway, 1, from('192.0.2.1'))).toEqual([200]);
    expect(await statuses(gateway, 1, from('192.0.2.2'))).toEqual([429]);
  });

  it('behind a proxy that is trusted are those of the address that it names, of IPv6 those of a network', async () => {
    const gateway = await start({ RATE_LIMIT_TICKETS_PER_MINUTE: '1', TRUSTED_PROXIES: 'loopback' });
    const sent: [address: string, status: number][] = [
      ['192.0.2.1', 200],
      ['192.0.2.2', 200],
      ['192.0.2.1', 429],
      ['2001:db8::1', 200],
      ['2001:db8::ffff', 429],
      ['2001:db8:0:0:1::1', 429],
      ['2001:db8:0:1::1', 200],
      ['2001::db8:a:b:c:d:e', 200],
      ['2001:0:db8:a::1', 429],
      ['::1', 200],
      ['192.0.2.1:50001', 429],
      ['[2001:db8::2]:50001', 429],
      ['64:ff9b::192.0.2.7', 200],
      ['64:ff9b::192.0.2.8', 200],
      ['64:ff9b::c000:207', 429],
    ];
    for (const [address, status] of sent) {
      expect([address, (await send(gateway, text, from(address))).status]).toEqual([address, status]);
    }
  });
});

describe('several gateways on one Redis', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedisServer();
  }, 30_000);
  afterAll(() => redis?.stop());

  it('limit a key together, and go on by themselves when Redis is gone', async () => {
    const env = { ...KEYS, REDIS_URL: redis.url, RATE_LIMIT_TICKETS_PER_MINUTE: '40' };
    const [one, other] = [await start(env), await start(env)];
    for (const { engine } of [one, other]) await eventually('Redis serves', () => engine.serving.mode === 'async');
    const answers: number[] = [];
    for (let sent = 0; sent < 30; sent += 1) {
      for (const gateway of [one, other]) answers.push(...(await statuses(gateway, 1, as('web'))));
    }
    const taken = answers.filter((status) => status === 202).length;
    expect(taken).toBeGreaterThanOrEqual(40);
    // A block of two each, once in flight and once on its way.
    expect(taken).toBeLessThanOrEqual(48);
    await redis.kill();
    await eventually('it is gone', () => one.engine.serving.mode === 'sync');
    expect(await statuses(one, 1, as('app'))).toEqual([200]);
    expect(await statuses(one, 1, as('web'))).toEqual([429]);
    await redis.restart();
  }, 30_000);
});
