import { request } from 'node:http';
import { connect } from 'node:net';
import { type ApiRole, loadConfig } from '@smart-support/config';
import * as fc from 'fast-check';
import type { GatewayDependencies } from '../dependencies';
import { createGateway } from '../gateway';
import { type RunningGateway, startGateway } from '../spec-support/running-gateway';
import { RateLimits } from './rate-limits';
import { RIGHTS } from './rights';

const SECRETS: Readonly<Record<ApiRole, string>> = {
  ingest: 'a-secret-that-hands-in',
  agent: 'a-secret-that-finishes',
  operator: 'a-secret-that-may-everything',
};
const ROLES = Object.keys(SECRETS) as ApiRole[];
const API_KEYS = ROLES.map((role) => `${role}-key:${role}:${SECRETS[role]}`).join(',');

/** What each role is there for, as docs/operations.md promises it. Operators may make every call. */
const EXPECTED_RIGHTS: Readonly<Record<'everyone' | 'ingest' | 'agent', readonly string[]>> = {
  everyone: ['GET /livez', 'GET /readyz', 'GET /health', 'POST /hooks/:source'],
  ingest: ['POST /ticket', 'POST /tickets', 'GET /tickets/:id', 'POST /tickets/:id/note'],
  agent: [
    ...['GET /tickets/:id', 'GET /tickets/:id/explain', 'POST /tickets/:id/complete', 'GET /agents', 'GET /queue'],
    ...['GET /incidents', 'GET /incidents/:id', 'GET /incidents/:id/members'],
    ...['GET /tickets', 'GET /ticket-counts', 'GET /agents/:id/tickets', 'GET /tickets/:id/history'],
    ...['PATCH /tickets/:id', 'POST /tickets/:id/reassign', 'POST /tickets/:id/cancel', 'POST /tickets/:id/reopen'],
    'POST /tickets/:id/note',
  ],
};

interface ProblemAnswer {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly instance: string;
}

/** Every call that the gateway has a route for, found by looking at its routes. */
function callsOfTheGateway(): string[] {
  const rateLimits = new RateLimits(loadConfig({}), undefined);
  const parts = { engine: {}, rateLimits, apiKeys: undefined } as unknown as GatewayDependencies;
  return createGateway(parts).router.stack.flatMap(({ route }) =>
    (route?.stack ?? []).flatMap(({ method }) =>
      // `all` answers 405 and is no call.
      route && method ? `${method.toUpperCase()} ${String(route.path)}` : [],
    ),
  );
}

let gateway: RunningGateway;
beforeAll(async () => {
  gateway = await startGateway({ MODEL_FALLBACK: '1', API_KEYS, HOST: '0.0.0.0' });
});
afterAll(() => gateway.stop());

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

function call(name: string, headers: Record<string, string> = {}) {
  const [method = '', pattern = ''] = name.split(' ');
  const body = ['POST', 'PUT', 'PATCH'].includes(method) ? {} : undefined;
  return gateway.call<ProblemAnswer>(method, pattern.replace(/:\w+/g, 'unknown'), body, headers);
}

/** Writes bytes as they are and reads what comes until the answer's head is complete. */
function say(head: string, port = gateway.port): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(head));
    socket.on('data', (data) => {
      received += data.toString('latin1');
      if (received.includes('\r\n\r\n')) socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(received));
  });
}

const get = (path: string, ...headers: string[]) =>
  say(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n`);

const statusOf = (answer: string) => Number(answer.slice(9, 12));

describe('every call of the gateway', () => {
  const calls = callsOfTheGateway();

  it('is in the table of rights, and nothing else is: a new route forces a decision', () => {
    const listed = RIGHTS.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect([...listed].sort()).toEqual([...new Set(calls)].sort());
    expect(new Set(listed).size).toBe(listed.length);
  });

  it.each(calls)('%s opens for its roles only', async (name) => {
    const isOpen = EXPECTED_RIGHTS.everyone.includes(name);
    for (const headers of [{}, bearer('a-key-that-nobody-has'), bearer(SECRETS.operator.slice(0, -1))]) {
      const { status, headers: answered, body } = await call(name, headers);
      if (isOpen) {
        // The sources of webhooks check them themselves, and there are none.
        expect(status).toBe(name.startsWith('POST /hooks') ? 404 : 200);
        continue;
      }
      expect([status, body.title]).toEqual([401, 'Unauthorized']);
      expect(answered.get('www-authenticate')).toBe('Bearer');
      expect(answered.get('content-type')).toContain('application/problem+json');
      expect(body.instance).toBe(name.split(' ')[1]?.replace(/:\w+/g, 'unknown'));
    }
    for (const role of ROLES) {
      const may = isOpen || role === 'operator' || EXPECTED_RIGHTS[role].includes(name);
      for (const headers of [bearer(SECRETS[role]), { 'x-api-key': SECRETS[role] }]) {
        const { status, headers: answered, body } = await call(name, headers);
        if (may) {
          expect([401, 403]).not.toContain(status);
          continue;
        }
        expect([status, body.title, body.detail]).toEqual([
          403,
          'Forbidden',
          `The role "${role}" may not make this call.`,
        ]);
        expect(answered.get('www-authenticate')).toBeNull();
        expect(JSON.stringify(body)).not.toMatch(/secret|-key/);
      }
    }
  });
});

describe('what no route answers', () => {
  const WHAT = ['GET /nothing', 'DELETE /ticket', 'POST /health', 'OPTIONS /queue', 'GET /tickets/%ff'];

  it.each(WHAT)('%s reveals nothing without a key', async (name) => {
    expect((await call(name)).status).toBe(401);
    expect((await call(name, bearer('a-key-that-nobody-has'))).status).toBe(401);
  });

  it('shows an operator what is wrong', async () => {
    const statuses = await Promise.all(WHAT.map(async (name) => (await call(name, bearer(SECRETS.operator))).status));
    expect(statuses).toEqual([404, 405, 405, 405, 400]);
  });

  it('is not for the other roles', async () => {
    expect((await call('GET /nothing', bearer(SECRETS.agent))).status).toBe(403);
    expect((await call('DELETE /ticket', bearer(SECRETS.ingest))).status).toBe(403);
  });

  it('another spelling of a path is the same path, to the guard as to the route', async () => {
    expect(statusOf(await get('/LiveZ/'))).toBe(200);
    expect(statusOf(await get('/QUEUE/?x=/livez'))).toBe(401);
    expect(statusOf(await get('/Queue/', `Authorization: Bearer ${SECRETS.agent}`))).toBe(200);
    expect(statusOf(await get('/Dead-Letters/', `Authorization: Bearer ${SECRETS.agent}`))).toBe(403);
  });

  it('a HEAD is a GET without a body, also to strangers', async () => {
    const head = (path: string) => say(`HEAD ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    expect(statusOf(await head('/health'))).toBe(200);
    expect(statusOf(await head('/queue'))).toBe(401);
  });

  it('on any path, a caller without a key sees only that the process is there', async () => {
    const part = fc.constantFrom(
      ...['livez', 'LIVEZ', 'health', 'queue', 'metrics', 'agents', 'tickets', 'x', '', '.', '..'],
      ...['%2e%2e', '%2f', '%2fqueue', '%00', '%ff', ';', '*', ':id', '?', '#', 'queue%20', '__proto__'],
    );
    const path = fc.array(part, { maxLength: 5 }).map((parts) => `/${parts.join('/')}`);
    const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS');
    const ask = (how: string, where: string) =>
      new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
        const sent = request({ host: '127.0.0.1', port: gateway.port, method: how, path: where }, (response) => {
          let body = '';
          response.on('data', (data: Buffer) => (body += data.toString()));
          response.on('end', () => resolve({ status: response.statusCode, body }));
        });
        sent.on('error', reject);
        sent.end();
      });
    await fc.assert(
      fc.asyncProperty(method, path, async (how, where) => {
        const { status, body } = await ask(how, where);
        if (status === 200) {
          expect(where).toMatch(/^\/(?:livez|health)\/?(?:[?#]|$)/i);
          if (how !== 'HEAD') expect(JSON.parse(body)).toMatchObject({ status: 'ok' });
        } else {
          expect(status).toBe(401);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('headers in odd shapes', () => {
  const good = `Authorization: Bearer ${SECRETS.operator}`;

  it.each([
    ['an empty Authorization', ['Authorization:']],
    ['an empty X-API-Key', ['X-API-Key:']],
    ['a scheme alone', ['Authorization: Bearer']],
    ['another scheme', [`Authorization: Basic ${Buffer.from(`a:${SECRETS.operator}`).toString('base64')}`]],
    ['a key without its scheme', [`Authorization: ${SECRETS.operator}`]],
    ['a key in quotes', [`Authorization: Bearer "${SECRETS.operator}"`]],
    ['a good key in front of a bad one', [good, 'Authorization: Bearer x']],
    ['a bad key in front of a good one', ['Authorization: Bearer x', good]],
    ['a good key in each header', [good, `X-API-Key: ${SECRETS.operator}`]],
    ['two good keys in one header', [`X-API-Key: ${SECRETS.operator}, ${SECRETS.agent}`]],
    ['the same key twice', [`X-API-Key: ${SECRETS.operator}`, `X-API-Key: ${SECRETS.operator}`]],
    ['letters beyond ASCII', [`X-API-Key: ${SECRETS.operator}\u00fc`]],
    ['a key as long as a header may be', [`X-API-Key: ${'k'.repeat(15_000)}`]],
    ['a key in the wrong header', [`Cookie: ${SECRETS.operator}`]],
  ])('%s: 401', async (_, headers) => {
    const answer = await get('/queue', ...headers);
    expect(statusOf(answer)).toBe(401);
    expect(answer).toMatch(/\r\nWWW-Authenticate: Bearer\r\n/);
    expect(answer).not.toContain(SECRETS.operator);
  });

  it.each([
    ['capitals in the name and the scheme', [`AUTHORIZATION: bearer ${SECRETS.operator}`]],
    ['white space around the key', [`X-API-Key:   ${SECRETS.operator}  `]],
    ["a proxy's own Authorization beside the key", ['Authorization: Basic dTpw', `X-API-Key: ${SECRETS.operator}`]],
  ])('%s: welcome', async (_, headers) => {
    expect(statusOf(await get('/queue', ...headers))).toBe(200);
  });

  it('a header of 64 KiB is refused by Node itself, and the gateway goes on', async () => {
    expect(statusOf(await get('/queue', `Authorization: Bearer ${'k'.repeat(64 * 1024)}`))).toBe(431);
    expect(statusOf(await get('/queue', good))).toBe(200);
  });

  it('a key in the address opens nothing', async () => {
    expect(statusOf(await get(`/queue?key=${SECRETS.operator}&access_token=${SECRETS.operator}`))).toBe(401);
  });
});

describe('a stranger with a large body', () => {
  it.each(['Content-Length: 8388608', 'Transfer-Encoding: chunked'])(
    'is refused before a single byte of it has come: %s',
    async (length) => {
      const head = `POST /tickets HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${length}\r\n`;
      expect(statusOf(await say(`${head}\r\n`))).toBe(401);
      expect(statusOf(await say(`${head}X-API-Key: ${SECRETS.agent}\r\n\r\n`))).toBe(403);
    },
  );

  it('does not even learn that it was no JSON, or the wrong kind', async () => {
    expect((await gateway.call('POST', '/ticket', '{"text":')).status).toBe(401);
    expect((await gateway.call('POST', '/ticket', 'x', { 'content-type': 'text/plain' })).status).toBe(401);
  });
});

describe('who was refused', () => {
  it('is counted under the pattern of the call, not under its ids', async () => {
    await gateway.call('GET', '/tickets/some-secret-id/explain');
    const { body } = await gateway.call<string>('GET', '/metrics', undefined, bearer(SECRETS.operator));
    expect(body).toMatch(/http_requests_total\{[^}]*route="\/tickets\/:id\/explain"[^}]*status="401"/);
    expect(body).not.toContain('some-secret-id');
  });

  it('is logged by the name of the key if the key is known; no secret is ever in the log', async () => {
    const before = gateway.log.length;
    await gateway.call('DELETE', '/agents/ada', undefined, bearer(SECRETS.ingest));
    await gateway.call('GET', '/queue', undefined, { 'x-api-key': 'guessed-by-a-stranger' });
    await gateway.call('POST', '/ticket', { text: 'a' }, bearer(SECRETS.operator));
    const lines = gateway.log.slice(before).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.filter(({ msg }) => msg === 'access refused')).toMatchObject([
      { level: 'warn', key_name: 'ingest-key', role: 'ingest', method: 'DELETE', route: '/agents/:id' },
    ]);
    expect(gateway.log.join('')).not.toMatch(/a-secret-that|guessed-by/);
  });
});

describe('a gateway without keys', () => {
  it.each([{}, { HOST: '0.0.0.0', ALLOW_ANONYMOUS: '1' }])(
    'is open to every caller that reaches it: %j',
    async (env) => {
      const open = await startGateway({ MODEL_FALLBACK: '1', ...env });
      try {
        for (const headers of [{}, bearer('whatever')]) {
          expect((await open.call('GET', '/metrics', undefined, headers)).status).toBe(200);
          expect((await open.call('POST', '/ticket', { text: 'a' }, headers)).status).toBe(200);
          expect((await open.call('GET', '/nothing', undefined, headers)).status).toBe(404);
        }
      } finally {
        await open.stop();
      }
    },
  );
});
