import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { askRedis } from './ask-redis';
import type { RedisServer } from './redis-server';
import { type RedisServerOptions, startRedisServer } from './start-redis-server';
import { waitUntil } from './wait-until';

const started: RedisServer[] = [];
const start = async (options?: RedisServerOptions): Promise<RedisServer> => {
  const server = await startRedisServer(options);
  started.push(server);
  return server;
};

afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
}, 30_000);

const isThere = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

jest.setTimeout(60_000);

/** Runs this library in a process of its own, which starts a server and prints its address. */
const PROGRAM = `
  const { transformFileSync } = require('@swc/core');
  const jsc = { parser: { syntax: 'typescript' }, target: 'es2022' };
  const options = { swcrc: false, jsc, module: { type: 'commonjs' } };
  require.extensions['.ts'] = (module, file) => module._compile(transformFileSync(file, options).code, file);
  const { startRedisServer } = require('./start-redis-server.ts');
  startRedisServer().then(({ port, directory }) => console.log(JSON.stringify({ port, directory })));
`;

describe('a redis-server for tests', () => {
  it('answers once it is started, and is empty', async () => {
    const server = await start();
    expect(await server.command('PING')).toBe('PONG');
    expect(await server.command('DBSIZE')).toBe(0);
    expect(server.url).toBe(`redis://127.0.0.1:${server.port}`);
    expect(isThere(server.pid)).toBe(true);
  });

  it('leaves neither process nor directory behind', async () => {
    const server = await start({ appendOnly: true });
    expect(existsSync(server.directory)).toBe(true);
    await server.stop();
    expect(isThere(server.pid)).toBe(false);
    expect(existsSync(server.directory)).toBe(false);
    await server.stop();
  });

  it('shares nothing with another one', async () => {
    const [one, other] = await Promise.all([start(), start()]);
    await one.command('SET', 'key', 'of one');
    expect(await other.command('GET', 'key')).toBeNull();
  });

  it('cannot be reached from another machine', async () => {
    const server = await start();
    expect(await server.command('CONFIG', 'GET', 'bind')).toEqual(['bind', '127.0.0.1']);
  });

  it('keeps every answered write when it is killed, with append-only files', async () => {
    const server = await start({ appendOnly: true });
    const { pid, port, directory } = server;
    for (let count = 0; count < 50; count += 1) await server.command('RPUSH', 'list', count);
    await server.kill();
    await expect(server.command('PING')).rejects.toThrow('ECONNREFUSED');
    await server.restart();
    expect(await server.command('LLEN', 'list')).toBe(50);
    expect(server).toMatchObject({ port, directory });
    expect(server.pid).not.toBe(pid);
  });

  it('is empty after a restart without append-only files', async () => {
    const server = await start();
    await server.command('SET', 'key', 'value');
    await server.restart();
    expect(await server.command('DBSIZE')).toBe(0);
  });

  it('does not answer while it is paused, and afterwards answers what was sent meanwhile', async () => {
    const server = await start();
    server.pause();
    let answered = false;
    const answer = server.command('PING').then((reply) => {
      answered = true;
      return reply;
    });
    await sleep(100);
    expect(answered).toBe(false);
    server.resume();
    expect(await answer).toBe('PONG');
  });

  it('can be stopped and restarted while it is paused', async () => {
    const server = await start();
    server.pause();
    await server.restart();
    expect(await server.command('PING')).toBe('PONG');
    server.pause();
    await server.stop();
    expect(isThere(server.pid)).toBe(false);
  });

  it('requires its password, and has it in its address', async () => {
    const password = 'p@ss: word/"ü"';
    const server = await start({ password });
    expect(await server.command('PING')).toBe('PONG');
    expect(decodeURIComponent(new URL(server.url).password)).toBe(password);
    const stranger = await start();
    await stranger.command('SET', 'key', 'value');
    await expect(stranger.command('MIGRATE', '127.0.0.1', server.port, 'key', 0, 1000)).rejects.toThrow('NOAUTH');
  });

  it('takes additional arguments, which have precedence', async () => {
    const server = await start({ args: ['--maxmemory', '3mb', '--appendonly', 'yes'] });
    expect(await server.command('CONFIG', 'GET', 'maxmemory')).toEqual(['maxmemory', '3145728']);
    expect(await server.command('CONFIG', 'GET', 'appendonly')).toEqual(['appendonly', 'yes']);
  });

  it('returns the message of a refusal', async () => {
    const server = await start();
    await server.command('SET', 'key', 'value');
    await expect(server.command('LPUSH', 'key', 'value')).rejects.toThrow('WRONGTYPE');
  });

  it('stores bytes that are no text', async () => {
    const server = await start();
    await server.command('SET', 'key', Uint8Array.of(0, 255, 13, 10));
    expect(await server.command('STRLEN', 'key')).toBe(4);
  });
});

describe('a test process that dies', () => {
  it.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)(
    'by %s ends its server and removes the directory',
    async (signal) => {
      const child = spawn(process.execPath, ['-e', PROGRAM], { cwd: __dirname, stdio: ['ignore', 'pipe', 'inherit'] });
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      const { port, directory } = JSON.parse(line.toString()) as { readonly port: number; readonly directory: string };
      expect(await askRedis({ port }, ['PING'])).toBe('PONG');
      child.kill(signal);
      await once(child, 'close');
      await waitUntil('the directory to be removed', async () => !existsSync(directory));
      await waitUntil('the server to end', () =>
        askRedis({ port }, ['PING']).then(
          () => false,
          (problem) => problem.code === 'ECONNREFUSED',
        ),
      );
    },
  );
});

describe('a cluster of one node', () => {
  it('serves every slot, announces its address to clients, and comes back with its data', async () => {
    const server = await start({ clusterEnabled: true, appendOnly: true });
    expect(await server.command('CLUSTER', 'SLOTS')).toEqual([
      [0, 16_383, ['127.0.0.1', server.port, expect.any(String), []]],
    ]);
    await server.command('SET', 'key', 'value');
    await expect(server.command('MGET', 'a', 'b')).rejects.toThrow('CROSSSLOT');
    await server.kill();
    await server.restart();
    expect(await server.command('GET', 'key')).toBe('value');
  });
});

describe('a redis-server that cannot start', () => {
  it('without an installation reports what to install', async () => {
    await expect(startRedisServer({ program: 'no-such-redis-server' })).rejects.toThrow(
      /^There is no no-such-redis-server on the PATH: install Redis 6\.2 or later \(.*apt-get install redis-server/u,
    );
  });

  it('with wrong arguments reports its own message', async () => {
    await expect(startRedisServer({ args: ['--no-such-setting', '1'] })).rejects.toThrow('no-such-setting');
  });

  it('on a port that is taken reports that, also if another Redis has it', async () => {
    const { port } = await start();
    await expect(startRedisServer({ port })).rejects.toThrow(`Port ${port} of 127.0.0.1 is taken`);
    const listener = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const taken = (listener.address() as { readonly port: number }).port;
    await expect(startRedisServer({ port: taken })).rejects.toThrow(`Port ${taken} of 127.0.0.1 is taken`);
    await new Promise((resolve) => listener.close(resolve));
  });
});
