import { type IncomingHttpHeaders, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { OutboxEntry } from '@smart-support/contracts';
import { createLogger, createMetrics } from '@smart-support/telemetry';
import { createAlertDelivery } from './alert-delivery';

const SECRET = Buffer.alloc(32, 7).toString('base64');

/** Delivers `count` alerts of an outbox to the receiver of the settings, and returns the outcome. */
async function deliver(webhooks: { url: string | undefined; secret: string | undefined }, count: number) {
  const waiting: OutboxEntry[] = Array.from({ length: count }, (_, index) => ({
    id: `ticket.urgent:T-${index}`,
    body: `{"n":${index}}`,
    attempts: 0,
    created_at: '2030-01-01T00:00:00.000Z',
  }));
  const settled: string[] = [];
  let allSettled!: () => void;
  const done = new Promise<void>((resolve) => (allSettled = resolve));
  const log: { level: string; msg: string }[] = [];
  const write = (line: string): void => void log.push(JSON.parse(line) as (typeof log)[number]);
  const metrics = createMetrics({ version: '1' });
  const delivery = createAlertDelivery({
    webhooks,
    faultInjection: { allowed: false, file: undefined },
    outbox: {
      claim: async (limit) => waiting.splice(0, limit),
      acknowledge: async (id) => {
        settled.push(id);
        if (settled.length === count) allSettled();
      },
      retryLater: async () => undefined,
      // With one receiver events are delivered from the outbox itself.
      endpoint: () => {
        throw new Error('not with one receiver');
      },
      fanOut: () => Promise.reject(new Error('not with one receiver')),
      emit: () => Promise.reject(new Error('not with one receiver')),
    },
    logger: createLogger({ level: 'info', name: 'spec', destination: { write } }),
    metrics,
  });
  delivery.start();
  await done;
  await delivery.stop();
  return { settled, log, page: (await metrics.render()).body };
}

describe('alerts', () => {
  const received: { headers: IncomingHttpHeaders; body: string }[] = [];
  let receiver: Server;
  let url: string;
  beforeAll(async () => {
    receiver = createServer((request, response) => {
      let body = '';
      request.on('data', (data: Buffer) => (body += data.toString()));
      request.on('end', () => {
        received.push({ headers: request.headers, body });
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/alerts`;
  });
  beforeEach(() => received.splice(0));
  afterAll(async () => {
    receiver.closeAllConnections();
    await new Promise((resolve) => receiver.close(resolve));
  });

  it('are posted to the receiver, signed, and counted', async () => {
    const { settled, log, page } = await deliver({ url, secret: SECRET }, 3);
    expect(received.map(({ headers }) => headers['webhook-id']).sort()).toEqual(settled.sort());
    for (const { headers } of received) expect(headers['webhook-signature']).toMatch(/^v1,/);
    expect(page).toContain('smart_support_webhooks_total{outcome="delivered"} 3\n');
    expect(log).toEqual([]);
  });

  it('are posted without a signature where there is no secret', async () => {
    await deliver({ url, secret: undefined }, 1);
    expect(received.map(({ headers, body }) => [headers['webhook-signature'], body])).toEqual([[undefined, '{"n":0}']]);
  });

  it('without a receiver are settled with a line each, also more than are taken at once', async () => {
    const { settled, log, page } = await deliver({ url: undefined, secret: undefined }, 50);
    expect(new Set(settled).size).toBe(50);
    expect(log.filter(({ level, msg }) => level === 'info' && msg.startsWith('alert recorded only'))).toHaveLength(50);
    expect(log).toHaveLength(50);
    expect(page).toContain('smart_support_webhooks_total{outcome="recorded_only"} 50\n');
    expect(received).toEqual([]);
  });
});
