import { once } from 'node:events';
import { request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHealthServer, type HealthServerOptions } from './health-server';
import { createMetrics } from './metrics';

const metrics = createMetrics({ version: '1.2.3' });
let server: Server;

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

interface Reply {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

async function serve(options: Partial<HealthServerOptions> = {}) {
  server = createHealthServer({ isReady: () => true, metrics, ...options });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return (path: string, method = 'GET'): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, path, method, agent: false }, (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (body += chunk));
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
      });
      sent.on('error', reject);
      sent.end();
    });
}

it('does not listen before it is started', () => {
  server = createHealthServer({ isReady: () => true, metrics });
  expect(server.listening).toBe(false);
  server.listen(0, '127.0.0.1');
});

it('a process that answers is live, ready or not', async () => {
  const get = await serve({ isReady: () => false });
  expect(await get('/livez')).toMatchObject({ status: 200, body: '{"status":"ok"}' });
});

it('metrics are refused to whom they are not for, and nothing else is', async () => {
  let refusal: 401 | 403 | undefined = 401;
  const get = await serve({ refuseMetrics: () => refusal });
  expect(await get('/metrics')).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
  refusal = 403;
  expect(await get('/metrics')).toMatchObject({ status: 403 });
  refusal = undefined;
  expect(await get('/metrics')).toMatchObject({ status: 200 });
  refusal = 401;
  expect(await get('/livez')).toMatchObject({ status: 200 });
});

it('readiness follows the process: ready, then draining', async () => {
  let ready = true;
  const get = await serve({ isReady: async () => ready });
  expect(await get('/readyz?verbose=1')).toMatchObject({
    status: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  });
  ready = false;
  const draining = await get('/readyz');
  expect(draining).toMatchObject({ status: 503, headers: { 'content-type': 'application/problem+json' } });
  expect(JSON.parse(draining.body)).toEqual({ type: 'about:blank', title: 'Service Unavailable', status: 503 });
});

it.each<[string, () => boolean | Promise<boolean>]>([
  [
    'throws',
    () => {
      throw new Error('no');
    },
  ],
  ['rejects', () => Promise.reject(new Error('no'))],
])('a readiness check that %s means not ready', async (_how, isReady) => {
  const get = await serve({ isReady });
  expect((await get('/readyz')).status).toBe(503);
  expect((await get('/livez')).status).toBe(200);
});

it('health is what the process says of itself, and unknown where it says nothing', async () => {
  let redis = 'down';
  const get = await serve({ health: () => ({ status: 'ok', redis }) });
  expect(await get('/health')).toMatchObject({ status: 200, body: '{"status":"ok","redis":"down"}' });
  redis = 'up';
  expect((await get('/health')).body).toBe('{"status":"ok","redis":"up"}');
});

it('metrics are served as Prometheus reads them', async () => {
  const get = await serve();
  const { status, headers, body } = await get('/metrics');
  expect(status).toBe(200);
  expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(body).toContain('smart_support_build_info{version="1.2.3"} 1');
});

it('metrics that fail are a 500 without details, and the server goes on', async () => {
  const get = await serve({ metrics: { render: () => Promise.reject(new Error('secret detail')) } });
  const { status, body } = await get('/metrics');
  expect(status).toBe(500);
  expect(body).not.toContain('secret');
  expect((await get('/livez')).status).toBe(200);
});

it.each(['/', '/health', '/livez/', '/LIVEZ', '/__proto__', '/constructor', '//', '/%00', `/${'x'.repeat(4000)}`])(
  'the path %s is unknown',
  async (path) => {
    const get = await serve();
    const { status, headers, body } = await get(path);
    expect(status).toBe(404);
    expect(headers['content-type']).toBe('application/problem+json');
    expect(JSON.parse(body)).toEqual({ type: 'about:blank', title: 'Not Found', status: 404 });
  },
);

it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD'])('the method %s is refused', async (method) => {
  const get = await serve();
  expect(await get('/livez', method)).toMatchObject({
    status: 405,
    headers: { allow: 'GET', 'content-type': 'application/problem+json' },
  });
  expect((await get('/nothing', method)).status).toBe(404);
});
