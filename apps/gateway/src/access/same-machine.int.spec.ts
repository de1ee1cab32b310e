import { type OutgoingHttpHeaders, request } from 'node:http';
import { type RunningGateway, startGateway } from '../spec-support/running-gateway';

/** Sends a request with any headers, `Host` and those that `fetch` keeps to itself included. @returns the status */
const send = (gateway: RunningGateway, method: string, path: string, headers: OutgoingHttpHeaders = {}, body = '') =>
  new Promise<number | undefined>((resolve, reject) => {
    const options = { method, path, headers, port: gateway.port, host: '127.0.0.1', agent: false };
    request(options, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    })
      .on('error', reject)
      .end(body);
  });

const PAGE = 'https://page.example';
const DESK = 'https://desk.example.org';
const FORM = 'application/x-www-form-urlencoded';

describe('a gateway without keys', () => {
  let gateway: RunningGateway;
  beforeAll(async () => {
    gateway = await startGateway({ MODEL_FALLBACK: '1' });
  });
  afterAll(() => gateway.stop());

  it.each(['localhost', 'LOCALHOST:8000', '127.0.0.1:80', '127.5.6.7', '[::1]', '[::1]:8000'])(
    'answers to the name %s',
    async (host) => {
      expect(await send(gateway, 'GET', '/queue', { host })).toBe(200);
    },
  );

  it.each([
    'page.example',
    'page.example:8000',
    'localhost.page.example',
    '127.0.0.1.page.example',
    '127.page.example',
    '10.0.0.7',
    '[::2]',
  ])('refuses the Host "%s": a page whose name points here sends its own', async (host) => {
    expect(await send(gateway, 'GET', '/queue', { host })).toBe(403);
  });

  it.each([PAGE, 'null', 'http://localhost:3000', 'http://127.0.0.1'])(
    'refuses pages of %s, their preflight requests included',
    async (origin) => {
      expect(await send(gateway, 'GET', '/queue', { origin })).toBe(403);
      const preflight = { origin, 'access-control-request-method': 'POST' };
      expect(await send(gateway, 'OPTIONS', '/ticket', preflight)).toBe(403);
      const ticket = { origin, 'content-type': 'application/json' };
      expect(await send(gateway, 'POST', '/ticket', ticket, '{"text":"a"}')).toBe(403);
    },
  );

  it('refuses what a browser sends for an image or a link of another site', async () => {
    expect(await send(gateway, 'GET', '/queue', { 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await send(gateway, 'GET', '/queue', { 'sec-fetch-site': 'none' })).toBe(200);
  });

  it.each([
    ['POST', '/tickets/open/complete'],
    ['POST', '/incidents/x/confirm'],
    ['POST', '/incidents/x/resolve'],
    ['POST', '/incidents/x/reject'],
    ['POST', '/dead-letters/x/retry'],
    ['DELETE', '/dead-letters/x'],
    ['DELETE', '/agents/x'],
    ['PUT', '/agents/x'],
  ])('lets no form call %s %s, also in a browser that marks nothing', async (method, path) => {
    await gateway.call('POST', '/ticket', { text: 'a', id: 'open' });
    for (const type of [FORM, 'text/plain', 'multipart/form-data; boundary=x', undefined]) {
      const headers = { 'user-agent': 'Mozilla/5.0 (old)', ...(type === undefined ? {} : { 'content-type': type }) };
      expect(await send(gateway, method, path, headers)).toBe(403);
      expect(await send(gateway, method, path, { referer: `${PAGE}/`, ...headers, 'user-agent': 'odd' })).toBe(403);
    }
    expect((await gateway.call('GET', '/tickets/open')).body.status).not.toBe('completed');
  });

  it('serves programs, which mark nothing, as ever', async () => {
    await gateway.call('POST', '/ticket', { text: 'a', id: 'by-program' });
    expect(await send(gateway, 'POST', '/tickets/by-program/complete', { 'user-agent': 'curl/8.5.0' })).toBe(200);
  });
});

describe('a gateway without keys that other callers reach', () => {
  it('serves the pages that CORS_ORIGINS names, and only these', async () => {
    const gateway = await startGateway({ MODEL_FALLBACK: '1', CORS_ORIGINS: DESK });
    try {
      expect(await send(gateway, 'GET', '/queue', { origin: DESK, 'sec-fetch-site': 'cross-site' })).toBe(200);
      expect(await send(gateway, 'GET', '/queue', { origin: PAGE })).toBe(403);
    } finally {
      await gateway.stop();
    }
  });

  it('at every address of the machine has any name, and is still closed to foreign pages', async () => {
    const gateway = await startGateway({ MODEL_FALLBACK: '1', HOST: '0.0.0.0', ALLOW_ANONYMOUS: '1' });
    try {
      expect(await send(gateway, 'GET', '/queue', { host: 'support.internal' })).toBe(200);
      expect(await send(gateway, 'GET', '/queue', { host: 'support.internal', origin: PAGE })).toBe(403);
    } finally {
      await gateway.stop();
    }
  });

  it('with keys is open to every name and page that has one', async () => {
    const secret = 'a-secret-of-an-operator';
    const gateway = await startGateway({ MODEL_FALLBACK: '1', API_KEYS: `me:operator:${secret}` });
    try {
      const headers = { host: 'support.example.org', origin: PAGE, authorization: `Bearer ${secret}` };
      expect(await send(gateway, 'GET', '/queue', headers)).toBe(200);
    } finally {
      await gateway.stop();
    }
  });
});
