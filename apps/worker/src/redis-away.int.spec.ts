import { createRedisBroker } from '@smart-support/broker-redis';
import { aNewTicket, eventually, type RedisServer, startRedisServer } from '@smart-support/testing';
import { endAllWorkers, startWorker, type WorkerProcess } from './spec-support/worker-process';

let redis: RedisServer;
beforeEach(async () => {
  redis = await startRedisServer({ appendOnly: true });
}, 30_000);
afterEach(async () => {
  await endAllWorkers();
  await redis.stop();
});

const start = (): WorkerProcess => startWorker({ REDIS_URL: redis.url, MODEL_FALLBACK: '1', LOG_LEVEL: 'debug' });

/** Queues a ticket and waits until a worker has routed it. */
async function isRouted(id: string): Promise<boolean> {
  const broker = createRedisBroker({ url: redis.url, prefix: 'smart-support', queueKey: 'tickets' });
  try {
    await eventually('Redis is there', () => broker.availability === 'up');
    await broker.queue.accept([aNewTicket({ id })]);
    const isAssigned = async () => (await broker.tickets.get(id))?.ticket.status === 'assigned';
    return await eventually(`ticket ${id} is routed`, isAssigned);
  } finally {
    await broker.close();
  }
}
const warnings = (worker: WorkerProcess) => worker.log().filter(({ level }) => level === 'warn' || level === 'error');

describe('a worker whose Redis', () => {
  it('is restarted goes on by itself, and logs the outage once', async () => {
    const worker = start();
    await worker.logged('ready');
    expect(await isRouted('before')).toBe(true);
    await redis.kill('SIGKILL');
    await worker.logged('Redis is away');
    await eventually(
      'several attempts',
      () => worker.log().filter(({ msg }) => msg === 'trouble with Redis').length >= 5,
    );
    expect((await worker.get('/livez')).status).toBe(200);
    expect((await worker.get('/readyz')).status).toBe(503);
    expect(await worker.metric('smart_support_redis_up')).toBe('0');
    expect(warnings(worker)).toHaveLength(1);

    await redis.restart();
    expect(await isRouted('after')).toBe(true);
    expect((await worker.get('/readyz')).status).toBe(200);
    expect(await worker.metric('smart_support_redis_up')).toBe('1');
    expect(worker.log().filter(({ msg }) => msg === 'ready')).toHaveLength(1);
  });

  it('is not there at the start waits for it, logs that once with the reason, and then works', async () => {
    await redis.kill();
    const worker = start();
    const away = await worker.logged('Redis is away');
    expect(away['err']).toMatchObject({ code: 'ECONNREFUSED' });
    await worker.logged('models are switched off');
    expect((await worker.get('/readyz')).status).toBe(503);
    await eventually(
      'several attempts',
      () => worker.log().filter(({ msg }) => msg === 'trouble with Redis').length >= 3,
    );
    expect(warnings(worker)).toHaveLength(1);
    await redis.restart();
    await worker.logged('ready');
    expect(await isRouted('first')).toBe(true);
  });

  it('is away can still be stopped: exit code 0', async () => {
    await redis.kill();
    const worker = start();
    await worker.logged('Redis is away');
    worker.signal('SIGTERM');
    expect(await worker.ended).toBe(0);
  });

  it('may drop tickets reports that in the log, in health and in the metrics', async () => {
    await redis.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    const worker = start();
    const line = await worker.logged('a full Redis drops tickets');
    expect(line).toMatchObject({ level: 'error', maxmemory_policy: 'allkeys-lru' });
    const { status, text } = await worker.get('/health');
    expect([status, JSON.parse(text)]).toEqual([
      200,
      expect.objectContaining({ redis: 'up', redis_problem: null, redis_maxmemory_policy: 'allkeys-lru' }),
    ]);
    expect(await worker.metric('smart_support_redis_evicts')).toBe('1');
    await worker.logged('ready');
  });

  it('is full is not away: the tickets inside are processed', async () => {
    await redis.command('CONFIG', 'SET', 'maxmemory', 1);
    const worker = start();
    await worker.logged('ready');
    expect(JSON.parse((await worker.get('/health')).text)).toMatchObject({ redis: 'up', redis_problem: null });
    expect(await worker.metric('smart_support_redis_up')).toBe('1');
  });
});
