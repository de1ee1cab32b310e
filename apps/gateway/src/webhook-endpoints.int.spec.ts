import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@smart-support/testing';
import { type RunningGateway, startGateway } from './spec-support/running-gateway';

const OLD = Buffer.alloc(32, 1).toString('base64');
const NEW = Buffer.alloc(32, 2).toString('base64');

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A receiver of webhooks that answers with one status. */
async function startReceiver(status: number) {
  const received: Received[] = [];
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (data: Buffer) => (body += data.toString()));
    request.on('end', () => {
      received.push({ headers: request.headers, body });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`, received, server };
}

const typeOf = ({ body }: Received): string => (JSON.parse(body) as { readonly type: string }).type;

describe('webhooks to several endpoints', () => {
  const directory = mkdtempSync(join(tmpdir(), 'endpoints-'));
  const servers: Server[] = [];
  let gateway: RunningGateway | undefined;
  afterEach(async () => {
    await gateway?.stop();
    gateway = undefined;
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  async function receiver(status = 204) {
    const started = await startReceiver(status);
    servers.push(started.server);
    return started;
  }

  async function start(endpoints: readonly object[], environment: Record<string, string>): Promise<RunningGateway> {
    const file = join(directory, 'webhooks.json');
    writeFileSync(file, JSON.stringify({ endpoints }));
    gateway = await startGateway({
      WEBHOOKS_FILE: file,
      URGENCY_WEBHOOK_THRESHOLD: '0',
      MODEL_FALLBACK: '1',
      ...environment,
    });
    return gateway;
  }

  it('bring each endpoint what it wants, signed with both of its secrets, although another one is down', async () => {
    const [first, rotating, outages, down] = [
      await receiver(),
      await receiver(),
      await receiver(),
      await receiver(503),
    ];
    const { call } = await start(
      [
        { id: 'down', url: down.url },
        { id: 'rotating', url: rotating.url, secrets: [{ env: 'NEW_SECRET' }, OLD] },
        { id: 'outages', url: outages.url, types: ['incident.opened'] },
      ],
      { WEBHOOK_URL: first.url, WEBHOOK_ALLOW_PRIVATE: '127.0.0.0/8', NEW_SECRET: NEW },
    );
    const texts = ['The export of invoices fails with an error.', 'I was charged twice for July.'];
    for (const text of texts) expect((await call('POST', '/ticket', { text })).status).toBe(200);
    await eventually('both endpoints that want all have both', async () => {
      return first.received.length === 2 && rotating.received.length === 2;
    });
    await eventually('the broken endpoint was tried', async () => down.received.length > 0);
    expect(outages.received).toEqual([]);
    for (const one of [...first.received, ...rotating.received]) expect(typeOf(one)).toBe('ticket.urgent');
    const [event] = rotating.received;
    const { headers, body } = event!;
    const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
    const signatureBy = (secret: string): string =>
      `v1,${createHmac('sha256', Buffer.from(secret, 'base64')).update(signed).digest('base64')}`;
    expect(headers['webhook-signature']).toBe(`${signatureBy(NEW)} ${signatureBy(OLD)}`);
    expect(first.received.map(({ headers: { 'webhook-id': id } }) => id).sort()).toEqual(
      rotating.received.map(({ headers: { 'webhook-id': id } }) => id).sort(),
    );
  });

  it('reach no private address that is not allowed', async () => {
    const inside = await receiver();
    const { call, log } = await start([{ id: 'inside', url: inside.url }], {});
    await call('POST', '/ticket', { text: 'The export of invoices fails with an error.' });
    await eventually('the try failed', async () => log.some((line) => line.includes('refused_address')));
    expect(inside.received).toEqual([]);
  });

  it('are refused at the start where the file is wrong, without its secrets', async () => {
    const endpoints = [{ id: 'a', url: 'ftp://example.org', secrets: ['not base64!'], colour: 'red' }];
    const problem = await start(endpoints, {}).catch((error: unknown) => error as Error);
    expect(String(problem)).toMatch(/endpoints\.0/);
    expect(String(problem)).not.toMatch(/not base64!|ftp:/);
  });
});
