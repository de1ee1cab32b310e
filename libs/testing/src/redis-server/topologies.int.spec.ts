import type { RedisServer } from './redis-server';
import { type RedisCluster, startRedisCluster } from './redis-cluster';
import { type RedisWithSentinels, startRedisWithSentinels } from './redis-with-sentinels';
import { waitUntil } from './wait-until';

jest.setTimeout(180_000);

/** Writes on a master, and waits until replicas have the write. */
async function writeEverywhere(master: RedisServer, servers: readonly RedisServer[], key: string, value: string) {
  await master.command('SET', key, value);
  const size = await master.command('DBSIZE');
  for (const server of servers)
    await waitUntil(`${key} on ${server.port}`, async () => (await server.command('DBSIZE')) === size);
}

describe('servers watched by sentinels', () => {
  let redis: RedisWithSentinels;
  beforeAll(async () => {
    redis = await startRedisWithSentinels({ password: 'of-servers', sentinelPassword: 'of-sentinels' });
  });
  afterAll(() => redis?.stop());

  it('begin with the first as master, two replicas in step and three sentinels that agree', async () => {
    const master = await redis.master();
    expect(master.port).toBe(redis.servers[0]?.port);
    await writeEverywhere(master, redis.servers, 'a', '1');
    expect(redis.url).toMatch(/^redis-sentinel:\/\/:of-servers@127.*\/mymaster\?sentinelPassword=of-sentinels$/);
  });

  it('have another master after one was killed, with the data of the replicas; the old one comes back as a replica', async () => {
    const old = await redis.master();
    await writeEverywhere(old, redis.servers, 'b', '2');
    await old.kill();
    const next = await redis.masterOtherThan(old);
    expect(await next.command('GET', 'b')).toBe('2');
    await old.restart();
    await redis.settled();
    expect(await old.command('GET', 'b')).toBe('2');
  });

  it('have another master after a failover command', async () => {
    const old = await redis.master();
    await redis.failover();
    expect((await redis.masterOtherThan(old)).port).not.toBe(old.port);
    await redis.settled();
  });
});

describe('a cluster', () => {
  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = await startRedisCluster();
  });
  afterAll(() => cluster?.stop());

  it('has three masters that share the slots, and replicas that take over', async () => {
    const owner = await cluster.ownerOf('{a}:1');
    await writeEverywhere(owner, [await cluster.replicaOf(owner)], '{a}:1', 'one');
    await owner.kill();
    await cluster.settled();
    const next = await cluster.ownerOf('{a}:1');
    expect(next.port).not.toBe(owner.port);
    expect(await next.command('GET', '{a}:1')).toBe('one');
    await owner.restart();
    await cluster.settled();
  });

  it('moves a slot key by key', async () => {
    const from = await cluster.ownerOf('{b}:1');
    for (const name of ['1', '2', '3']) await from.command('SET', `{b}:${name}`, name);
    const [to] = await cluster.otherMasters('{b}:1');
    const move = await cluster.beginMove('{b}:1', to!);
    expect(await move.moveKeys(1)).toBe(1);
    await expect(from.command('GET', '{b}:not-there')).rejects.toThrow('ASK');
    await move.finish();
    expect((await cluster.ownerOf('{b}:1')).port).toBe(to!.port);
    await expect(from.command('GET', '{b}:1')).rejects.toThrow('MOVED');
    expect(await to!.command('GET', '{b}:3')).toBe('3');
  });
});
