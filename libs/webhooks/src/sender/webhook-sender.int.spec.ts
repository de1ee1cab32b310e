import { EventEmitter, once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { isSmartSupportError, type OutboxEntry, systemClock, type TimerClock } from '@smart-support/contracts';
import { VirtualClock } from '@smart-support/testing';
import axios from 'axios';
import { Webhook } from 'standardwebhooks';
import { type Listening, type Received, startReceiver, startTcpServer } from '../../test/receiver';
import { createWebhookSender, type WebhookSender, type WebhookSenderOptions } from './webhook-sender';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const entry: OutboxEntry = {
  id: 'ticket.urgent:T-1',
  body: ' {"type": "ticket.urgent", "data": {"text_start": "Überfällig 😀"}}\n',
  attempts: 2,
  created_at: '2030-01-01T00:00:00.000Z',
};

const open: { close(): unknown }[] = [];
const until = <T extends { close(): unknown }>(closable: T): T => {
  open.push(closable);
  return closable;
};
afterEach(async () => {
  for (const closable of open.splice(0).reverse()) await closable.close();
});

const receiver = async (...given: Parameters<typeof startReceiver>) => until(await startReceiver(...given));
const sender = (to: Listening, options: Partial<WebhookSenderOptions> = {}): WebhookSender =>
  until(createWebhookSender({ url: to.url, ...options }));

/** Does something every few milliseconds for as long as the answer is wanted. */
const drip = (response: ServerResponse, step: () => void): void => {
  const timer = setInterval(step, 5);
  response.on('close', () => clearInterval(timer));
};

describe('what a receiver is sent', () => {
  it('is the event byte for byte, with its id, and a signature that its own library accepts', async () => {
    const to = await receiver();
    expect(await sender(to, { secret: SECRET }).send(entry)).toEqual({ outcome: 'delivered', status: 204 });
    const [{ method, url, headers, body }] = to.received as [Received];
    expect([method, url, headers['content-type']]).toEqual(['POST', '/hook', 'application/json']);
    expect([headers['webhook-id'], headers['user-agent']]).toEqual([entry.id, 'smart-support-webhooks']);
    expect(body.equals(Buffer.from(entry.body))).toBe(true);
    const verified = new Webhook(SECRET).verify(body, headers as Record<string, string>);
    expect(verified).toEqual(JSON.parse(entry.body));
  });

  it('bears the time of the try and the same id again on the next', async () => {
    const to = await receiver();
    let now = 1_900_000_000_999;
    const clock: TimerClock = { ...systemClock, now: () => now };
    const from = sender(to, { clock, secret: SECRET, userAgent: 'ours/1' });
    await from.send(entry);
    now += 5000;
    await from.send({ ...entry, attempts: 3 });
    expect(to.received.map(({ headers }) => headers['webhook-timestamp'])).toEqual(['1900000000', '1900000005']);
    expect(to.received.map(({ headers }) => headers['webhook-id'])).toEqual([entry.id, entry.id]);
    expect(new Set(to.received.map(({ headers }) => headers['webhook-signature'])).size).toBe(2);
    expect(to.received[0]?.headers['user-agent']).toBe('ours/1');
  });

  it('is signed with each of two secrets while one takes the place of the other', async () => {
    const to = await receiver();
    const old = Buffer.alloc(32, 7).toString('base64');
    await sender(to, { secret: [SECRET, old] }).send(entry);
    const [{ headers, body }] = to.received as [Received];
    expect(headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
    for (const secret of [SECRET, old]) {
      expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toEqual(JSON.parse(entry.body));
    }
    const unknown = new Webhook(Buffer.alloc(32, 8).toString('base64'));
    expect(() => unknown.verify(body, headers as Record<string, string>)).toThrow('No matching signature found');
  });

  it('is not signed without a secret', async () => {
    const to = await receiver();
    await sender(to).send(entry);
    expect(to.received[0]?.headers).not.toHaveProperty('webhook-signature');
    expect(to.received[0]?.headers).not.toHaveProperty('authorization');
  });

  it('is authorised with the user and password of the URL', async () => {
    const to = await receiver();
    await sender({ ...to, url: to.url.replace('//', '//ada:hunter2@') }).send(entry);
    expect(to.received[0]?.headers.authorization).toBe(`Basic ${Buffer.from('ada:hunter2').toString('base64')}`);
  });

  it('goes over one connection, which is kept', async () => {
    const to = await receiver((response) => void response.end('thank you'));
    const from = sender(to);
    for (let times = 0; times < 3; times++) await from.send(entry);
    expect([to.received.length, to.connections()]).toEqual([3, 1]);
  });

  it('does not pass by a proxy of the environment, nor what the host application set for its own calls', async () => {
    const [to, proxy] = [await receiver(), await receiver()];
    process.env['http_proxy'] = proxy.url;
    axios.defaults.headers.common['x-host'] = 'secret of the host';
    try {
      await sender(to).send(entry);
    } finally {
      delete process.env['http_proxy'];
      delete axios.defaults.headers.common['x-host'];
    }
    expect([to.received.length, proxy.received.length]).toEqual([1, 0]);
    expect(to.received[0]?.headers).not.toHaveProperty('x-host');
  });
});

describe('what a receiver answers', () => {
  it('410 means gone', async () => {
    const to = await receiver((response) => void response.writeHead(410).end());
    expect(await sender(to).send(entry)).toEqual({ outcome: 'gone' });
  });

  it('500 is a failed try, and the next may succeed', async () => {
    const to = await receiver((response, _request, nth) => void response.writeHead(nth === 1 ? 500 : 200).end('words'));
    const from = sender(to);
    const failed = { outcome: 'failed', reason: 'status', message: 'The receiver answered 500.', status: 500 };
    expect([await from.send(entry), await from.send(entry)]).toEqual([failed, { outcome: 'delivered', status: 200 }]);
  });

  it.each([
    ['seconds', '90'],
    ['a date', 'Tue, 01 Jan 2030 00:01:30 GMT'],
  ])('Retry-After is read as %s', async (_form, value) => {
    const to = await receiver((response) => void response.writeHead(503, { 'retry-after': value }).end());
    const clock: TimerClock = { ...systemClock, now: () => Date.UTC(2030, 0, 1) };
    expect(await sender(to, { clock }).send(entry)).toMatchObject({ reason: 'status', retryAfterMs: 90_000 });
  });

  it.each([301, 302, 303, 307, 308])(
    'a redirect (%d) is a failed try, and its target is not called',
    async (status) => {
      const target = await receiver();
      const to = await receiver((response) => void response.writeHead(status, { location: target.url }).end());
      expect(await sender(to).send(entry)).toMatchObject({ outcome: 'failed', reason: 'redirect' });
      expect(target.received).toEqual([]);
    },
  );

  it('ten megabytes do not fail a delivery, and are not read to their end', async () => {
    const to = await receiver((response) => void response.end(Buffer.alloc(10 * 1024 * 1024)));
    const from = sender(to);
    expect([await from.send(entry), await from.send(entry)]).toEqual([
      { outcome: 'delivered', status: 200 },
      { outcome: 'delivered', status: 200 },
    ]);
    // The rest of the first answer would have delayed the second.
    expect(to.connections()).toBe(2);
  });

  it('an endless body does not fail a delivery, and its connection is closed', async () => {
    let closed: Promise<void> | undefined;
    const to = await receiver((response) => {
      closed = new Promise((resolve) => void response.on('close', resolve));
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(16 * 1024)));
      };
      response.on('drain', more);
      more();
    });
    expect(await sender(to).send(entry)).toEqual({ outcome: 'delivered', status: 200 });
    await closed;
  });

  it('a decompression bomb stays compressed', async () => {
    const bomb = gzipSync(Buffer.alloc(32 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(64 * 1024);
    const half = bomb.length / 2;
    const to = await receiver((response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).write(bomb.subarray(0, half));
      setTimeout(() => response.end(bomb.subarray(half)), 20);
    });
    const from = sender(to);
    for (let times = 0; times < 2; times++) expect(await from.send(entry)).toMatchObject({ outcome: 'delivered' });
    // Unpacked, its first half would be more than is read, and the connection would not have been kept.
    expect(to.connections()).toBe(1);
    expect(to.received[0]?.headers['accept-encoding']).toBe('identity');
  });

  it('a body that breaks off does not change the outcome of the status', async () => {
    const breakOff = (status: number) => (response: ServerResponse) =>
      response.writeHead(status, { 'content-length': '100' }).write('half', () => response.destroy());
    const [good, bad] = [await receiver(breakOff(200)), await receiver(breakOff(503))];
    expect(await sender(good).send(entry)).toEqual({ outcome: 'delivered', status: 200 });
    expect(await sender(bad).send(entry)).toMatchObject({ reason: 'status' });
  });
});

describe('a receiver that does not answer in time', () => {
  const TIMEOUT = { outcome: 'failed', reason: 'timeout', message: 'The receiver did not answer within 150 ms.' };

  it('because it hangs', async () => {
    const to = await receiver(() => undefined);
    expect(await sender(to, { timeoutMs: 150 }).send(entry)).toEqual(TIMEOUT);
  });

  it('is given ten seconds, connecting included', async () => {
    const clock = new VirtualClock();
    const arrived = new EventEmitter();
    const to = await receiver(() => void arrived.emit('request'));
    const waited = once(arrived, 'request');
    const outcome = sender(to, { clock }).send(entry);
    expect(clock.waiting).toBe(1);
    await waited;
    clock.advance(9999);
    expect(clock.waiting).toBe(1);
    clock.advance(1);
    expect(await outcome).toMatchObject({ reason: 'timeout' });
  });

  it('because it sends its headers byte by byte', async () => {
    const to = until(
      await startTcpServer((socket) => {
        socket.write('HTTP/1.1 200 OK\r\nx-endless: ');
        const timer = setInterval(() => socket.write('x'), 5);
        socket.on('close', () => clearInterval(timer));
      }),
    );
    expect(await sender(to, { timeoutMs: 150 }).send(entry)).toEqual(TIMEOUT);
  });

  it.each([
    [200, { outcome: 'delivered', status: 200 }],
    [500, { outcome: 'failed', reason: 'status', message: 'The receiver answered 500.', status: 500 }],
  ])('because its body drips after a status of %d, which stands', async (status, outcome) => {
    let closed: Promise<void> | undefined;
    const to = await receiver((response) => {
      response.writeHead(status);
      drip(response, () => response.write('x'));
      closed = new Promise((resolve) => void response.on('close', resolve));
    });
    expect(await sender(to, { timeoutMs: 150 }).send(entry)).toEqual(outcome);
    await closed;
  });
});

describe('a receiver that cannot be reached', () => {
  it.each([
    ['resets the connection', (socket: { resetAndDestroy(): unknown }) => void socket.resetAndDestroy(), 'ECONNRESET'],
    ['hangs up', (socket: { end(): unknown }) => void socket.end(), 'ECONNRESET'],
    ['does not speak HTTP', (socket: { end(text: string): unknown }) => void socket.end('hello\r\n'), 'HPE_'],
  ])('because it %s', async (_what, act, code) => {
    const to = until(await startTcpServer((socket) => void socket.once('data', () => act(socket))));
    const outcome = await sender(to).send(entry);
    expect(outcome).toMatchObject({ outcome: 'failed', reason: 'connection', message: expect.stringContaining(code) });
  });

  it('because no server listens: the outcome has neither URL nor secret', async () => {
    const stopped = await startReceiver();
    await stopped.close();
    const url = stopped.url.replace('//', '//ada:hunter2@');
    const outcome = await sender({ ...stopped, url }, { secret: SECRET }).send(entry);
    expect(outcome).toEqual({
      outcome: 'failed',
      reason: 'connection',
      message: 'The connection failed (ECONNREFUSED).',
    });
  });
});

describe('a sender', () => {
  it.each([
    [{ url: 'ftp://ada:hunter2@example.org/' }],
    [{ url: 'file:///hunter2' }],
    [{ url: 'data:text/plain,hunter2' }],
    [{ url: 'hunter2' }],
    [{ url: 'http://' }],
    [{ url: '' }],
    [{ url: 'http://example.org/', secret: 'hunter2' }],
    [{ url: 'http://example.org/', secret: ['c2VjcmV0', 'hunter2'] }],
    [{ url: 'http://ada:hunter2@example.org/', httpsOnly: true }],
    [{ url: 'http://example.org/', timeoutMs: 0 }],
    [{ url: 'http://example.org/', timeoutMs: Number.NaN }],
    [{ url: 'http://example.org/', timeoutMs: Infinity }],
  ])('is not made from settings that cannot work, and quotes none of them: %j', (options) => {
    let error: unknown;
    try {
      createWebhookSender(options);
    } catch (thrown) {
      error = thrown;
    }
    expect(isSmartSupportError(error, 'invalid_config')).toBe(true);
    expect((error as Error).message).not.toContain('hunter2');
  });

  it('says how long a try may take', () => {
    expect(createWebhookSender({ url: 'https://example.org/' }).timeoutMs).toBe(10_000);
  });
});
