import { type AddressInfo, createServer } from 'node:net';
import { startRedisServer } from '@smart-support/testing';
import { endAllWorkers, startWorker } from './spec-support/worker-process';

afterEach(endAllWorkers);

/** No server listens there: a worker that cannot start must not connect first. */
const NOWHERE = 'redis://127.0.0.1:1';

describe('how a worker starts, or cannot', () => {
  it('without REDIS_URL: one clear sentence and exit code 1', async () => {
    const worker = startWorker({});
    expect(await worker.ended).toBe(1);
    expect(worker.complaints().trim()).toBe(
      'A worker takes its tickets from Redis: set REDIS_URL, for example to redis://127.0.0.1:6379.',
    );
  });

  it('wrong settings: one message that lists them all, exit code 1', async () => {
    const worker = startWorker({ REDIS_URL: 'http://example.org', WORKER_PORT: 'eighty', WORKER_CONCURRENCY: '0' });
    expect(await worker.ended).toBe(1);
    for (const name of ['REDIS_URL', 'WORKER_PORT', 'WORKER_CONCURRENCY']) expect(worker.complaints()).toContain(name);
    expect(worker.complaints()).not.toContain('    at ');
  });

  it('a Service named worker and settings that only the gateway uses do not stop it, and a line says so', async () => {
    const worker = startWorker({
      REDIS_URL: NOWHERE,
      WORKER_PORT: 'tcp://10.0.0.1:8001',
      PORT: 'eighty',
      CORS_ORIGINS: 'everywhere',
      QUEUE_MAX: 'many',
    });
    // The start may fail after that: the default port may be taken on this machine.
    expect(await worker.logged('a setting was ignored')).toMatchObject({ level: 'info', setting: 'WORKER_PORT' });
  });

  it('a taken port: one clear sentence and exit code 1', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const worker = startWorker({ REDIS_URL: NOWHERE, WORKER_PORT: String(port) });
    expect(await worker.ended).toBe(1);
    expect(worker.complaints().trim()).toBe(
      `Cannot listen on 127.0.0.1:${port}: the port is taken. Set WORKER_PORT or HOST to change it.`,
    );
    await new Promise((resolve) => other.close(resolve));
  });

  it('a roster that cannot be read: one clear sentence and exit code 1', async () => {
    const worker = startWorker({ REDIS_URL: NOWHERE, AGENTS_FILE: '/nowhere/agents.json' });
    expect(await worker.ended).toBe(1);
    expect(worker.complaints().trim()).toBe('AGENTS_FILE "/nowhere/agents.json" cannot be read (ENOENT).');
  });

  it('a database that Redis does not have: one clear sentence and exit code 1', async () => {
    const redis = await startRedisServer();
    try {
      const worker = startWorker({ REDIS_URL: `${redis.url}/99`, MODEL_FALLBACK: '1' });
      expect(await worker.ended).toBe(1);
      expect(worker.complaints().trim()).toBe(
        'The database 99 of REDIS_URL cannot be selected: Redis answers "ERR DB index is out of range".',
      );
      expect(await redis.command('DBSIZE')).toBe(0);
    } finally {
      await redis.stop();
    }
  });

  it('a model that is not there: one sentence that names it, exit code 1', async () => {
    const worker = startWorker({ REDIS_URL: NOWHERE, MODEL_DIR: '/nowhere/model' });
    expect(await worker.ended).toBe(1);
    expect(worker.complaints()).toContain('/nowhere/model');
    expect(worker.complaints()).not.toContain('    at ');
  });
});
