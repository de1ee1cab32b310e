import { randomUUID } from 'node:crypto';
import {
  type RedisServer,
  type RedisWithSentinels,
  aNewTicket,
  startRedisWithSentinels,
  eventually,
} from '@smart-support/testing';
import { type RedisBroker, createRedisBroker } from './redis-broker';
import { openBroker } from './spec-support/brokers';
import { documentedRights, documentedSentinelRights } from './spec-support/documented-rights';
import { Traffic, retryWhileUnavailable } from './spec-support/traffic';

let redis: RedisWithSentinels;
let prefix: string;
const open: RedisBroker[] = [];

jest.setTimeout(120_000);

beforeAll(async () => {
  redis = await startRedisWithSentinels({ password: 'of-servers', sentinelPassword: 'of-sentinels' });
});
afterAll(() => redis?.stop());
beforeEach(() => void (prefix = `test-${randomUUID()}`));
afterEach(async () => {
  await Promise.all(open.splice(0).map((broker) => broker.close()));
  for (const server of [...redis.servers, ...redis.sentinels]) {
    server.resume();
    if (!server.serving) await server.restart();
  }
  await redis.settled();
});

async function connect(url = redis.url, waitReplicas = 0, leaseMs = 2_000): Promise<RedisBroker> {
  const broker = await openBroker({ url }, prefix, { leaseMs }, {}, waitReplicas);
  open.push(broker);
  return broker;
}

/** The statuses of tickets on a server. */
async function statusesOn(server: RedisServer, ids: readonly string[]): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const id of ids) {
    const status = String((await server.command('HGET', `{${prefix}}:ticket:${id}`, 'status')) ?? 'lost');
    found[status] = (found[status] ?? 0) + 1;
  }
  return found;
}

describe.each<[how: string, fail: (master: RedisServer) => Promise<void>]>([
  ['is killed', (master) => master.kill()],
  ['is demoted', () => redis.failover()],
  [
    'is paused, and continues after it was replaced',
    async (master) => {
      master.pause();
      await redis.masterOtherThan(master);
      master.resume();
    },
  ],
])('while tickets flow and the master %s', (_, fail) => {
  it('no ticket is lost that was acknowledged once a replica had it', async () => {
    const traffic = new Traffic(await connect(redis.url, 1), await connect(redis.url, 1));
    await eventually('traffic', () => traffic.acknowledged.length > 200);
    const master = await redis.master();
    await fail(master);
    await redis.masterOtherThan(master);
    const before = traffic.acknowledged.length;
    await eventually('traffic at the new master', () => traffic.acknowledged.length > before + 200);
    await traffic.stop();
    // Without agents every decided ticket waits in line.
    // On a slow machine the master may have changed once more since.
    expect(await statusesOn(await redis.master(), traffic.acknowledged)).toEqual({
      waiting: traffic.acknowledged.length,
    });
  });
});

it('a process whose first sentinel is dead, or does not answer, connects', async () => {
  await redis.sentinels[0]?.kill();
  const first = await connect();
  expect((await first.queue.accept([aNewTicket({ id: 'a' })]))[0]?.outcome).toBe('accepted');
  await redis.sentinels[0]?.restart();
  redis.sentinels[0]?.pause();
  const second = await connect();
  expect((await second.queue.accept([aNewTicket({ id: 'a' })]))[0]?.outcome).toBe('repeated');
});

it('a process that starts before its sentinels waits for them', async () => {
  for (const sentinel of redis.sentinels) await sentinel.kill();
  const broker = createRedisBroker({ url: redis.url, prefix, queueKey: 'tickets' });
  open.push(broker);
  await expect(broker.queue.accept([aNewTicket({ id: 'a' })])).rejects.toMatchObject({ code: 'unavailable' });
  for (const sentinel of redis.sentinels) await sentinel.restart();
  await eventually('contact', () => broker.availability === 'up');
});

it('a sleeping worker, and the sweep lead, move to the new master', async () => {
  const broker = await connect();
  const sweeps = jest.fn();
  const leader = broker.leadSweeps(50, sweeps);
  const master = await redis.master();
  await broker.queue.waitForWork(1);
  await redis.failover();
  const next = await redis.masterOtherThan(master);
  await eventually(
    'the lead at the new master',
    async () => (await next.command('EXISTS', `{${prefix}}:leader`)) === 1,
  );
  await eventually('contact', () => broker.availability === 'up');
  const woken = retryWhileUnavailable(() => broker.queue.waitForWork(60_000));
  await eventually('a sleeper', async () =>
    /blocked_clients:[1-9]/.test(String(await next.command('INFO', 'clients'))),
  );
  await retryWhileUnavailable(() => broker.queue.accept([aNewTicket({ id: 'a' })]));
  await woken;
  await leader.stop();
});

it('a wrong name of a master, or a wrong password of a sentinel, is in the log', async () => {
  for (const url of [redis.url.replace('mymaster', 'other'), redis.url.replace(/of-sentinels$/, 'wrong')]) {
    // Each broker's own: a closed one may still report a former error.
    const problems: string[] = [];
    const onConnectionError = (error: unknown): void => void problems.push((error as Error).message);
    const broker = createRedisBroker({ url, prefix, queueKey: 'tickets' }, {}, { onConnectionError });
    await eventually('a problem', () => problems.length > 0);
    await broker.close();
    expect(problems[0]).toMatch(url.includes('other') ? /No sentinel names a master "other"/ : /WRONGPASS/);
    expect(problems.join()).not.toContain('of-servers');
  }
});

it('users with the documented rights only follow a failover, at sentinels and servers', async () => {
  const watcher = documentedSentinelRights();
  for (const sentinel of redis.sentinels)
    await sentinel.command(
      'ACL',
      'SETUSER',
      'watcher',
      'on',
      '>watching',
      'resetkeys',
      'resetchannels',
      '-@all',
      ...watcher,
    );
  const [user = '', ...rules] = documentedRights();
  const ours = rules.map((rule) => (rule.startsWith('>') ? '>serving' : rule.replace('{smart-support}', '{test-*}')));
  for (const server of redis.servers) await server.command('ACL', 'SETUSER', user, ...ours, '+wait');
  const url = redis.url
    .replace(':of-servers@', `${user}:serving@`)
    .replace('sentinelPassword=of-sentinels', 'sentinelUsername=watcher&sentinelPassword=watching');
  const broker = await connect(url, 1);
  const master = await redis.master();
  await redis.failover();
  await redis.masterOtherThan(master);
  const [answer] = await retryWhileUnavailable(() => broker.queue.accept([aNewTicket({ id: 'a' })]));
  expect(answer?.outcome).toMatch(/accepted|repeated/);
  for (const sentinel of redis.sentinels) {
    // Only what this user was refused: a client of another test may try the port of a former server.
    const refused = (await sentinel.command('ACL', 'LOG')) as readonly (readonly unknown[])[];
    expect(refused.filter((entry) => entry.includes('watcher'))).toEqual([]);
  }
});

it('a sentinel that refuses the subscription to its events is in the log, once, and does not keep the store away', async () => {
  const [deaf, ...others] = redis.sentinels;
  const rights = documentedSentinelRights();
  const user = ['ACL', 'SETUSER', 'half-deaf', 'on', '>watching', 'resetkeys', 'resetchannels', '-@all'];
  for (const sentinel of others) await sentinel.command(...user, ...rights);
  await deaf?.command(...user, ...rights.filter((right) => right !== '&+try-failover'));
  const url = redis.url.replace(
    'sentinelPassword=of-sentinels',
    'sentinelUsername=half-deaf&sentinelPassword=watching',
  );
  const refusals: string[] = [];
  const onSentinelRefusal = ({ message }: Error): void => void refusals.push(message);
  open.push(await openBroker({ url }, prefix, {}, { onSentinelRefusal }));
  await eventually('the refusal', () => refusals.length > 0);
  expect(refusals).toEqual([expect.stringMatching(new RegExp(`127.0.0.1:${deaf?.port} .*: NOPERM .*channel`))]);
});

it('the password of the servers is not sent to sentinels without one', async () => {
  const plain = await startRedisWithSentinels({ replicas: 1, password: 'of-servers' });
  try {
    const broker = await connect(plain.url);
    expect(broker.availability).toBe('up');
  } finally {
    await Promise.all(open.splice(0).map((broker) => broker.close()));
    await plain.stop();
  }
});
