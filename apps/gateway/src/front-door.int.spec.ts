import { type Socket, connect } from 'node:net';
import { type RunningGateway, startGateway } from './spec-support/running-gateway';

const KEYS = 'shop:ingest:0123456789abcdef,boss:operator:fedcba9876543210';
const SHOP = { authorization: 'Bearer 0123456789abcdef' };
const DESK = 'https://desk.example.org';

const running: RunningGateway[] = [];
const start = async (env: Record<string, string>): Promise<RunningGateway> => {
  const gateway = await startGateway({ MODEL_FALLBACK: '1', ...env });
  running.push(gateway);
  return gateway;
};
afterEach(async () => {
  for (const gateway of running.splice(0)) await gateway.stop();
});

/** Sends one request on a socket of its own; resolves with the head of the answer. */
const head = (port: number, request: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let received = '';
    const socket: Socket = connect(port, '127.0.0.1', () => socket.write(`${request}\r\nHost: localhost\r\n\r\n`));
    socket.on('error', reject);
    socket.on('data', (data) => {
      received += data.toString();
      if (!received.includes('\r\n\r\n')) return;
      socket.destroy();
      resolve(received);
    });
  });

describe('a connection that is kept open', () => {
  it.each([
    [{}, 65],
    [{ HTTP_KEEP_ALIVE_SECONDS: '620' }, 620],
  ])('with %j it is for %i seconds', async (env, seconds) => {
    const { port } = await start(env as Record<string, string>);
    expect(await head(port, 'GET /livez HTTP/1.1')).toContain(`Keep-Alive: timeout=${seconds}\r\n`);
  });

  it.each([
    ['GET /nothing HTTP/1.1', 404, 'keep-alive'],
    ['GET /ticket HTTP/1.1', 405, 'keep-alive'],
    ['DELETE /ticket HTTP/1.1\r\nContent-Length: 0', 405, 'keep-alive'],
    ['POST /nothing HTTP/1.1\r\nContent-Length: 9', 404, 'close'],
    ['POST /nothing HTTP/1.1\r\nTransfer-Encoding: chunked', 404, 'close'],
  ])('goes on after "%s" is refused with %i, unless a body is still on its way: %s', async (request, status, how) => {
    const { port } = await start({});
    const answer = await head(port, request);
    expect(answer).toContain(`HTTP/1.1 ${status} `);
    expect(answer).toContain(`Connection: ${how}\r\n`);
  });
});

describe('a caller that sends hundreds of requests ahead of their answers', () => {
  it('loses its connection, and nearly all of them are not worked on', async () => {
    const gateway = await start({});
    const report = jest.spyOn(gateway.engine.serving, 'report');
    const socket = connect(gateway.port, '127.0.0.1');
    socket.write('GET /queue HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(500));
    await new Promise((resolve) =>
      socket
        .once('close', resolve)
        .resume()
        .on('error', () => undefined),
    );
    expect(report.mock.calls.length).toBeLessThan(40);
  });
});

describe('where a request comes from', () => {
  const client = async (env: Record<string, string>, ...forwarded: string[]): Promise<unknown> => {
    const gateway = await start({ API_KEYS: KEYS, ...env });
    const headers = { ...SHOP, ...(forwarded.length > 0 ? { 'x-forwarded-for': forwarded.join(', ') } : {}) };
    expect((await gateway.call('GET', '/queue', undefined, headers)).status).toBe(403);
    const line = gateway.log.find((one) => one.includes('access refused')) ?? '{}';
    return (JSON.parse(line) as { client?: string }).client;
  };

  it('is never what it says itself, where no proxy is trusted', async () => {
    expect(await client({})).toMatch(/127\.0\.0\.1$/);
    expect(await client({}, '203.0.113.7')).toMatch(/127\.0\.0\.1$/);
  });

  it('is what a trusted proxy says', async () => {
    for (const TRUSTED_PROXIES of ['loopback', '127.0.0.1', '127.0.0.0/8,::1']) {
      expect(await client({ TRUSTED_PROXIES }, '203.0.113.7')).toBe('203.0.113.7');
    }
  });

  it('is not what a client wrote for the trusted proxy, but the address that the proxy saw', async () => {
    expect(await client({ TRUSTED_PROXIES: 'loopback' }, '127.0.0.1', '10.1.2.3', '203.0.113.7')).toBe('203.0.113.7');
    const chain = { TRUSTED_PROXIES: 'loopback, 10.0.0.0/8' };
    expect(await client(chain, '198.51.100.1', '203.0.113.7', '10.1.2.3')).toBe('203.0.113.7');
    expect(await client(chain, '198.51.100.1', '203.0.113.7:4711', '10.1.2.3:80')).toBe('203.0.113.7');
    expect(await client(chain, '203.0.113.7', '[2001:DB8::7]:4711', '[::ffff:10.1.2.3]:80')).toBe('2001:db8::7');
  });

  it('is the proxy where that passes on what is no address', async () => {
    for (const odd of ['unknown', '"},"level":"fatal', 'x'.repeat(5000)]) {
      expect(await client({ TRUSTED_PROXIES: 'loopback' }, odd)).toMatch(/127\.0\.0\.1$/);
    }
  });

  it('is the proxy where another one is trusted', async () => {
    expect(await client({ TRUSTED_PROXIES: '10.0.0.0/8' }, '203.0.113.7')).toMatch(/127\.0\.0\.1$/);
  });
});

describe('a web page of another origin', () => {
  const ask = (origin: string, path = '/ticket') => ({
    path,
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type,idempotency-key',
    },
  });
  const cors = (headers: Headers): string[] => [...headers.keys()].filter((name) => name.startsWith('access-control'));

  it('gets nothing where no origin is allowed', async () => {
    const gateway = await start({ API_KEYS: KEYS });
    const { path, headers } = ask(DESK);
    const preflight = await gateway.call('OPTIONS', path, undefined, headers);
    expect([preflight.status, cors(preflight.headers), preflight.headers.get('vary')]).toEqual([401, [], null]);
    const answer = await gateway.call('POST', '/ticket', { text: 'a' }, { ...SHOP, origin: DESK });
    expect([answer.status, cors(answer.headers)]).toEqual([200, []]);
  });

  it('that is allowed learns what it may send, without a key', async () => {
    const gateway = await start({ API_KEYS: KEYS, CORS_ORIGINS: `http://localhost:3000,${DESK}` });
    for (const path of ['/ticket', '/agents/ada', '/nowhere']) {
      const { status, headers } = await gateway.call('OPTIONS', path, undefined, ask(DESK).headers);
      expect(status).toBe(204);
      expect(headers.get('access-control-allow-origin')).toBe(DESK);
      expect(headers.get('access-control-allow-methods')?.split(', ').sort()).toEqual([
        'DELETE',
        'GET',
        'PATCH',
        'POST',
        'PUT',
      ]);
      for (const name of ['authorization', 'content-type', 'idempotency-key', 'x-api-key']) {
        expect(headers.get('access-control-allow-headers')?.toLowerCase().split(', ')).toContain(name);
      }
      expect(headers.get('vary')).toBe('Origin');
      expect(headers.get('access-control-allow-credentials')).toBeNull();
    }
  });

  it('that is allowed reads answers and refusals, with the headers that the API uses, and still needs a key', async () => {
    const gateway = await start({ API_KEYS: KEYS, CORS_ORIGINS: DESK });
    for (const [key, body, expected] of [
      [SHOP, { text: 'a' }, 200],
      [SHOP, {}, 422],
      [{}, { text: 'a' }, 401],
    ] as const) {
      const { status, headers } = await gateway.call('POST', '/ticket', body, { ...key, origin: DESK });
      expect([status, headers.get('access-control-allow-origin')]).toEqual([expected, DESK]);
      expect(headers.get('access-control-expose-headers')).toBe(
        'Location, Retry-After, RateLimit, RateLimit-Policy, WWW-Authenticate, Allow',
      );
      expect(headers.get('vary')).toBe('Origin');
    }
  });

  it.each(['https://desk.example.org.evil.test', 'http://desk.example.org', 'null', 'https://DESK.example.org', ''])(
    'that is not allowed (%s) gets no word of it, and caches keep answers apart',
    async (origin) => {
      const gateway = await start({ API_KEYS: KEYS, CORS_ORIGINS: DESK });
      const preflight = await gateway.call('OPTIONS', '/ticket', undefined, ask(origin).headers);
      expect([preflight.status, cors(preflight.headers), preflight.headers.get('vary')]).toEqual([401, [], 'Origin']);
      const answer = await gateway.call('POST', '/ticket', { text: 'a' }, { ...SHOP, origin });
      expect([answer.status, cors(answer.headers), answer.headers.get('vary')]).toEqual([200, [], 'Origin']);
    },
  );

  it('of any origin may call where all are allowed, and an OPTIONS that asks nothing is answered as ever', async () => {
    const gateway = await start({ CORS_ORIGINS: '*' });
    const preflight = await gateway.call('OPTIONS', '/ticket', undefined, ask('https://a.example').headers);
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
    const plain = await gateway.call('OPTIONS', '/ticket', undefined, { origin: 'https://a.example' });
    expect([plain.status, plain.headers.get('allow')]).toEqual([405, 'POST']);
  });
});
