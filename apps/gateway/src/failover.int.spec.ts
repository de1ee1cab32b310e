import type { HealthReport } from '@smart-support/contracts';
import {
  type MovingAddress,
  type RedisServer,
  eventually,
  startMovingAddress,
  startRedisServer,
} from '@smart-support/testing';
import { type RunningGateway, startGateway } from './spec-support/running-gateway';
import { type StandInWorker, aWorker } from './spec-support/stand-in-worker';

let old: RedisServer;
let next: RedisServer;
let address: MovingAddress;
let gateway: RunningGateway | undefined;
let worker: StandInWorker | undefined;

beforeEach(async () => {
  [old, next] = [await startRedisServer(), await startRedisServer()];
  address = await startMovingAddress(old.port);
}, 30_000);
afterEach(async () => {
  await gateway?.stop();
  await worker?.stop();
  [gateway, worker] = [undefined, undefined];
  await address.stop();
  await Promise.all([old.stop(), next.stop()]);
});

const startUp = async (env: Record<string, string> = {}): Promise<RunningGateway> => {
  gateway = await startGateway({ REDIS_URL: address.url, MODEL_FALLBACK: '1', ...env });
  return gateway;
};
const health = async (): Promise<HealthReport> => (await gateway!.call<HealthReport>('GET', '/health')).body;
const send = async (id: string): Promise<number> =>
  (await gateway!.call('POST', '/ticket', { text: `wrong amount on invoice ${id}`, id })).status;
const serves = (mode: HealthReport['mode']) => eventually(`mode ${mode}`, health, (report) => report.mode === mode);
const logged = () => gateway!.log.map((line) => JSON.parse(line) as Record<string, unknown>);
const onOld = async (id: string) => old.command('HGET', `{smart-support}:ticket:${id}`, 'status');
const onNext = async (id: string) => next.command('HGET', `{smart-support}:ticket:${id}`, 'status');

/** As a failover does it: the replica has everything and becomes the master, the old master follows it. */
async function demote(): Promise<void> {
  await next.command('REPLICAOF', '127.0.0.1', old.port);
  await eventually('the replica is in step', async () =>
    String(await next.command('INFO', 'replication')).includes('master_link_status:up'),
  );
  await old.command('WAIT', 1, 5_000);
  await next.command('REPLICAOF', 'NO', 'ONE');
  await old.command('REPLICAOF', '127.0.0.1', next.port);
}

describe('a failover behind one address', () => {
  it('is survived by gateway and worker without a restart, and nothing that was accepted is lost', async () => {
    await startUp();
    worker = aWorker(address.url);
    const { broker } = worker;
    await eventually('the worker reaches the store', () => broker.availability === 'up');
    expect(await Promise.all(['A', 'B', 'C'].map(send))).toEqual([202, 202, 202]);

    await demote();
    await serves('sync');
    expect(await Promise.all(['D', 'E'].map(send))).toEqual([200, 200]);
    expect(await health()).toMatchObject({ redis: 'down', redis_problem: 'readonly' });
    address.leadTo(next.port);
    await serves('async');
    expect(await health()).toMatchObject({ redis: 'up', redis_problem: null });
    expect(await send('F')).toBe(202);
    await eventually('the worker is back, too', () => broker.availability === 'up');
    worker.start();
    await eventually(
      'every ticket is decided about, on the new master',
      () => Promise.all(['A', 'B', 'C', 'D', 'E', 'F'].map(onNext)),
      (statuses) => statuses.every((status) => ['assigned', 'waiting'].includes(String(status))),
    );
    const agents = (await gateway!.call<{ agents: { load: number }[] }>('GET', '/agents')).body.agents;
    const { waiting } = (await gateway!.call<{ waiting: Record<string, number> }>('GET', '/queue')).body;
    const inLine = Object.values(waiting).reduce((sum, length) => sum + length, 0);
    expect(agents.reduce((sum, { load }) => sum + load, 0) + inLine).toBe(6);
    expect(logged()).toContainEqual(
      expect.objectContaining({ level: 'warn', reason: 'readonly', msg: expect.stringMatching(/^Redis is away/) }),
    );
  }, 60_000);

  it('that does not end is reported at the stop: how many tickets end with the process, and which', async () => {
    const { engine } = await startUp();
    await old.command('REPLICAOF', '127.0.0.1', 1);
    await serves('sync');
    const ids = Array.from({ length: 120 }, (_, n) => `T-${n}`);
    for (const id of ids) expect(await send(id)).toBe(200);
    await engine.stop();
    const lines = logged().filter(({ level }) => level === 'error');
    expect(lines[0]).toMatchObject({ tickets: 120 });
    expect(lines.slice(1).flatMap(({ ticket_ids }) => ticket_ids)).toEqual(ids);
    expect(lines).toHaveLength(3);
  });

  it('that is over leaves nothing to report at the stop', async () => {
    const { engine } = await startUp();
    await old.command('REPLICAOF', '127.0.0.1', 1);
    await serves('sync');
    expect(await send('A')).toBe(200);
    await old.command('REPLICAOF', 'NO', 'ONE');
    await serves('async');
    await engine.stop();
    expect(await old.command('HGET', '{smart-support}:ticket:A', 'status')).toBe('assigned');
    expect(logged().filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('a Redis that is full, or may drop tickets', () => {
  it('has no space for new tickets, and completes, reads and recognises those inside; the log and the metrics say so', async () => {
    await startUp();
    worker = aWorker(address.url);
    const { broker } = worker;
    await eventually('the worker reaches the store', () => broker.availability === 'up');
    worker.start();
    await serves('async');
    await eventually('the policy is known', health, (report) => report.redis_maxmemory_policy === 'noeviction');
    expect(await Promise.all(['A', 'B'].map(send))).toEqual([202, 202]);
    await eventually('A is assigned', async () => (await onOld('A')) === 'assigned');
    await old.command('CONFIG', 'SET', 'maxmemory', 2_000_000);
    const metrics = async () => (await gateway!.call<string>('GET', '/metrics')).body;
    await eventually('the bound is known', async () =>
      (await metrics()).includes('smart_support_broker_bytes_max{broker="redis"} 1600000'),
    );
    expect(await metrics()).toMatch(/^smart_support_broker_bytes\{broker="redis"\} \d{6,}$/m);
    expect(await metrics()).toMatch(/^smart_support_broker_bytes\{broker="memory"\} 0$/m);
    await old.command('CONFIG', 'SET', 'maxmemory', 1);
    const refused = await gateway!.call<{ detail: string }>('POST', '/ticket', {
      text: 'the printer is on fire',
      id: 'C',
    });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    expect(refused.body.detail).toContain('no space for the bytes');
    expect(await send('A')).toBe(202);
    expect((await gateway!.call('POST', '/tickets/A/complete', {})).status).toBe(200);
    expect((await gateway!.call('GET', '/tickets/A')).body).toMatchObject({ status: 'completed' });
    expect(await health()).toMatchObject({ mode: 'async', redis: 'up', redis_problem: null });
    expect(logged()).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        msg: 'Redis has no space for new tickets: they are refused until it has',
      }),
    );
    await old.command('CONFIG', 'SET', 'maxmemory', 0);
    await eventually('tickets are accepted again', async () => (await send('C')) === 202);
  });

  it('by its maxmemory-policy is an error in the log', async () => {
    await old.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    await startUp();
    await eventually('the policy is known', health, (report) => report.redis_maxmemory_policy === 'allkeys-lru');
    expect((await gateway!.call<string>('GET', '/metrics')).body).toContain('smart_support_redis_evicts 1');
    expect(logged()).toContainEqual(expect.objectContaining({ level: 'error', maxmemory_policy: 'allkeys-lru' }));
  });
});
