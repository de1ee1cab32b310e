import type { LookupFunction } from 'node:net';
import { isSmartSupportError, type OutboxEntry } from '@smart-support/contracts';
import { type Listening, startReceiver, startTcpServer } from '../../test/receiver';
import { createAddressPolicy } from '../sender/address-policy';
import type { WebhookSender } from '../sender/webhook-sender';
import { createEndpointSender, type EndpointSenderOptions } from './endpoint-sender';

const entry: OutboxEntry = {
  id: 'ticket.urgent:T-1',
  body: '{"type":"ticket.urgent"}',
  attempts: 0,
  created_at: '2030-01-01T00:00:00.000Z',
};
const REFUSED = {
  outcome: 'failed',
  reason: 'refused_address',
  message: "The receiver's address is not public, and WEBHOOK_ALLOW_PRIVATE does not name its network.",
};
const DELIVERED = { outcome: 'delivered', status: 204 };

const open: { close(): unknown }[] = [];
const until = <T extends { close(): unknown }>(closable: T): T => {
  open.push(closable);
  return closable;
};
afterEach(async () => {
  for (const closable of open.splice(0).reverse()) await closable.close();
});
const receiver = async (...given: Parameters<typeof startReceiver>) => until(await startReceiver(...given));

/** The URL of a server under another name of its host. */
const at = (host: string, { url }: Listening) => url.replace('127.0.0.1', host);

/** A sender to an endpoint; only this machine's 127.0.0.1 counts as if it were public, unless the options say otherwise. */
const sender = (url: string, options: Partial<EndpointSenderOptions> = {}): WebhookSender =>
  until(
    createEndpointSender(
      { url, secrets: [], https_only: false },
      { addresses: createAddressPolicy(['127.0.0.1/32']), ...options },
    ),
  );

/** A resolver with one answer after the other; of each, all addresses at once if that is asked for. Keeps which hosts it was asked for. */
function resolver(...answers: readonly string[][]) {
  const asked: string[] = [];
  const lookup: LookupFunction = (host, { all }, callback) => {
    const addresses = (answers[asked.length] ?? []).map((address) => ({
      address,
      family: address.includes(':') ? 6 : 4,
    }));
    asked.push(host);
    const [first] = addresses;
    process.nextTick(() => (all ? callback(null, addresses) : callback(null, first?.address ?? '', first?.family)));
  };
  return { lookup, asked };
}

describe('an endpoint whose host is an address', () => {
  it.each([
    '127.0.0.1',
    '127.0.0.1.',
    '127.1',
    '2130706433',
    '0177.0.0.1',
    '0x7f.0x0.0x0.0x1',
    '0x7f000001',
    '%31%32%37.0.0.1',
    '①②⑦.0.0.1',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[0:0:0:0:0:FFFF:7F00:0001]',
  ])('that is private is refused in every notation, and no connection is made: %s', async (host) => {
    const to = await receiver();
    const url = at(host, to);
    expect(await sender(url, { addresses: createAddressPolicy() }).send(entry)).toEqual(REFUSED);
    expect(to.connections()).toBe(0);
    // What was refused would have arrived.
    expect(await sender(url).send(entry)).toEqual(DELIVERED);
  });

  it.each(['[64:ff9b::127.0.0.1]', '[2002:7f00:1::]', '[::127.0.0.1]', '[fe80::1]', '[::]', '0', '0.0.0.0', '[::1]'])(
    'is refused where it may lead to this machine or network: %s',
    async (host) => {
      const to = await receiver();
      expect(await sender(at(host, to), { addresses: createAddressPolicy() }).send(entry)).toEqual(REFUSED);
      expect(to.connections()).toBe(0);
    },
  );
});

describe('an endpoint whose host is a name', () => {
  it.each(['http', 'https'])(
    'that has private addresses only is refused (%s), and the outcome names none',
    async (scheme) => {
      const { lookup, asked } = resolver(['10.0.0.1', '::ffff:192.168.0.1', 'fe80::1%eth0']);
      const outcome = await sender(`${scheme}://intranet.example/hook`, { lookup }).send(entry);
      expect([outcome, asked]).toEqual([REFUSED, ['intranet.example']]);
    },
  );

  it('of this machine is refused by the resolver of the system', async () => {
    const to = await receiver();
    expect(await sender(at('localhost', to), { addresses: createAddressPolicy() }).send(entry)).toEqual(REFUSED);
    expect(to.connections()).toBe(0);
  });

  it('is connected to at its public addresses, if it has private ones, too', async () => {
    const to = await receiver();
    const { lookup } = resolver(['10.0.0.1', '127.0.0.1', '::1']);
    expect(await sender(at('mixed.example', to), { lookup }).send(entry)).toEqual(DELIVERED);
  });

  it('that has a public address first and a private one later is refused from then on', async () => {
    const to = await receiver((response) => void response.writeHead(204, { connection: 'close' }).end());
    const { lookup, asked } = resolver(['127.0.0.1'], ['10.0.0.1'], ['127.0.0.1']);
    const from = sender(at('rebinding.example', to), { lookup });
    expect([await from.send(entry), await from.send(entry), await from.send(entry)]).toEqual([
      DELIVERED,
      REFUSED,
      DELIVERED,
    ]);
    expect([to.connections(), asked.length]).toEqual([2, 3]);
  });

  it('that was public keeps its connection, which is not looked up again', async () => {
    const to = await receiver();
    const { lookup, asked } = resolver(['127.0.0.1'], ['10.0.0.1']);
    const from = sender(at('kept.example', to), { lookup });
    expect([await from.send(entry), await from.send(entry)]).toEqual([DELIVERED, DELIVERED]);
    expect([to.connections(), asked.length]).toEqual([1, 1]);
  });

  it('that nobody resolves in time is not waited for', async () => {
    const outcome = await sender('http://silent.example/', { lookup: () => undefined, timeoutMs: 100 }).send(entry);
    expect(outcome).toMatchObject({ outcome: 'failed', reason: 'timeout' });
  });
});

describe('an endpoint that is hostile', () => {
  it.each(['http://10.0.0.1/', 'http://169.254.169.254/latest/meta-data', undefined])(
    'and redirects to a private address is not followed: %s',
    async (location) => {
      const inside = await receiver();
      const to = await receiver((response) => void response.writeHead(307, { location: location ?? inside.url }).end());
      expect(await sender(to.url).send(entry)).toMatchObject({ outcome: 'failed', reason: 'redirect', status: 307 });
      expect(inside.connections()).toBe(0);
    },
  );

  it.each([200, 500])('and answers %d with a megabyte is judged by its status, and cut off', async (status) => {
    let closed: Promise<void> | undefined;
    const to = await receiver((response) => {
      closed = new Promise((resolve) => void response.on('close', resolve));
      response.writeHead(status, { 'content-length': 64 * 1024 * 1024 }).write(Buffer.alloc(1024 * 1024));
    });
    expect(await sender(to.url).send(entry)).toMatchObject({ status });
    // It would still be waiting for the rest.
    await closed;
  });

  it('and never answers is given up', async () => {
    const to = until(await startTcpServer(() => undefined));
    const outcome = await sender(to.url, { timeoutMs: 100 }).send(entry);
    expect(outcome).toMatchObject({ outcome: 'failed', reason: 'timeout' });
  });
});

it('an endpoint that says https only is not made with another URL', () => {
  const make = (): WebhookSender =>
    createEndpointSender(
      { url: 'http://example.org/', secrets: [], https_only: true },
      { addresses: createAddressPolicy() },
    );
  let error: unknown;
  try {
    make();
  } catch (thrown) {
    error = thrown;
  }
  expect(isSmartSupportError(error, 'invalid_config')).toBe(true);
});
