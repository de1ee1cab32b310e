import { systemClock } from '@smart-support/contracts';
import { type RedisServer, startRedisServer, eventually } from '@smart-support/testing';
import type { AbstractConnector } from 'ioredis';
import { ASKING, accessOf, askNode } from './ask-node';
import { LocatedClient } from './located-client';
import { LocatedConnector, type LocatedConnectorOptions } from './located-connector';

let server: RedisServer;
let printed: jest.SpyInstance;
const open: LocatedClient[] = [];

beforeAll(async () => {
  server = await startRedisServer();
});
beforeEach(() => void (printed = jest.spyOn(console, 'warn').mockImplementation(() => undefined)));
afterEach(() => {
  printed.mockRestore();
  for (const client of open.splice(0)) client.disconnect();
});
afterAll(() => server?.stop());

function optionsFor(options: Partial<LocatedConnectorOptions>): LocatedConnectorOptions {
  return {
    locate: async () => ({ host: '127.0.0.1', port: server.port }),
    isCurrent: () => true,
    tls: false,
    pause: () => new Promise((resolve) => void systemClock.after(1, resolve)),
    ...options,
  };
}

function clientFor(options: Partial<LocatedConnectorOptions> = {}, access = {}): LocatedClient {
  const Connector = class extends LocatedConnector {
    constructor() {
      super(optionsFor(options));
    }
  };
  const settings = { ...ASKING, ...access, Connector, enableReadyCheck: true, retryStrategy: () => 1 };
  const client = new LocatedClient(settings);
  client.on('error', () => undefined);
  open.push(client);
  return client;
}

describe('a connection to the current master', () => {
  it('is rejected before it is used if the master began to be replaced while it was made', async () => {
    const isCurrent = jest.fn().mockReturnValueOnce(false).mockReturnValue(true);
    const client = clientFor({ isCurrent });
    const ready = jest.fn();
    client.on('ready', ready);
    const closed = new Promise((resolve) => client.once('close', resolve));
    client.connect().catch(() => undefined);
    await closed;
    expect(ready).not.toHaveBeenCalled();
    await eventually('the next connection', () => client.status === 'ready');
    expect(isCurrent).toHaveBeenCalledTimes(2);
  });

  it('is not made to a replica', async () => {
    const replica = await startRedisServer({ args: ['--replicaof', `127.0.0.1 ${server.port}`] });
    try {
      const at = (port: number) => ({ host: '127.0.0.1', port });
      const locate = jest.fn(async () => at(server.port)).mockResolvedValueOnce(at(replica.port));
      const client = clientFor({ locate });
      client.connect().catch(() => undefined);
      await eventually('the master', () => client.status === 'ready');
      expect(await client.role()).toEqual(['master', expect.any(Number), expect.any(Array)]);
      expect(locate).toHaveBeenCalledTimes(2);
    } finally {
      await replica.stop();
    }
  });

  it('is made once although another attempt was given up while the master was located', async () => {
    const found: (() => void)[] = [];
    const locate = () =>
      new Promise<{ host: string; port: number }>((resolve) =>
        found.push(() => resolve({ host: '127.0.0.1', port: server.port })),
      );
    const connector: AbstractConnector = new LocatedConnector(optionsFor({ locate }));
    const first = connector.connect(() => undefined);
    connector.disconnect();
    const second = connector.connect(() => undefined);
    for (const each of found) each();
    await expect(first).rejects.toThrow('Connection is closed.');
    expect(await second).toMatchObject({ destroyed: false });
    connector.disconnect();
  });

  it('works without INFO, and prints nothing about it', async () => {
    await server.command('ACL', 'SETUSER', 'blind', 'on', '>secret', 'allkeys', '+@all', '-info');
    const client = clientFor({}, accessOf({ username: 'blind', password: 'secret', tls: false }));
    await client.connect();
    expect(await client.set('key', 'value')).toBe('OK');
    await expect(client.info('memory')).rejects.toThrow(/^NOPERM/);
    expect(printed).not.toHaveBeenCalled();
  });
});

describe('a node that requires no password', () => {
  it('accepts one all the same, and nothing is printed', async () => {
    const access = accessOf({ username: undefined, password: 'for-others', tls: false });
    const answer = await askNode({ host: '127.0.0.1', port: server.port }, access, (client) => client.ping());
    expect(answer).toBe('PONG');
    expect(printed).not.toHaveBeenCalled();
  });
});
