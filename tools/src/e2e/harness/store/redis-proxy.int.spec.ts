import { type AddressInfo, type Server, connect, createServer } from 'node:net';
import { RedisProxy } from './redis-proxy';

/** Answers every request with the same ten bytes. */
async function answeringServer(): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('data', () => socket.write('0123456789'));
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** Sends so many requests, each after the answer to the one before. @returns what arrived until the end */
function ask(url: string, requests: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1' });
    let arrived = '';
    socket.on('connect', () => socket.write('ask'));
    socket.on('data', (chunk) => {
      arrived += chunk.toString();
      if (arrived.length === 10 * requests) socket.destroy();
      else if (arrived.length % 10 === 0) socket.write('ask');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(arrived));
  });
}

describe('the proxy before Redis', () => {
  let server: Server;
  let proxy: RedisProxy;

  beforeEach(async () => {
    server = await answeringServer();
    proxy = await RedisProxy.start((server.address() as AddressInfo).port);
  });

  afterEach(async () => {
    await proxy.close();
    await new Promise((resolve) => server.close(resolve));
  });

  it('passes on what both sides say', async () => {
    expect(await ask(proxy.url, 3)).toBe('012345678901234567890123456789');
  });

  it('cuts the scheduled reply in its middle, and nothing after it', async () => {
    proxy.scheduleCut(2, 0.5);
    expect(await ask(proxy.url, 3)).toBe('012345678901234');
    expect(proxy.cutCount).toBe(1);
    expect(await ask(proxy.url, 2)).toBe('01234567890123456789');
  });

  it('ends a connection at once when Redis is down', async () => {
    await new Promise((resolve) => server.close(resolve));
    expect(await ask(proxy.url, 1)).toBe('');
    server = await answeringServer();
  });
});
