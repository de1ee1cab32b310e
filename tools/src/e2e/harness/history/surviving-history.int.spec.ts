import { type RedisServer, startRedisServer } from '@smart-support/testing';
import { Redis } from 'ioredis';
import { SurvivingHistory } from './surviving-history';

jest.setTimeout(60_000);

const started: RedisServer[] = [];
let history: SurvivingHistory;
let read: string[];

async function start(...args: string[]): Promise<RedisServer> {
  const server = await startRedisServer({ args: ['--repl-diskless-sync-delay', '0', ...args] });
  started.push(server);
  return server;
}

async function startReplica(master: RedisServer): Promise<RedisServer> {
  const replica = await start('--replicaof', `127.0.0.1 ${master.port}`);
  for (;;) if (String(await replica.command('INFO', 'replication')).includes('master_link_status:up')) return replica;
}

/** Writes a hash. @returns the number of replicas that confirmed it */
async function confirmedBy(master: RedisServer, key: string, replicas: number, ms: number): Promise<number> {
  const client = new Redis(master.url);
  try {
    await client.hset(key, 'a', '1');
    return await client.wait(replicas, ms);
  } finally {
    client.disconnect();
  }
}

beforeEach(() => {
  read = [];
  history = new SurvivingHistory(([, key = '']) => read.push(key));
});
afterEach(async () => {
  history.close();
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

describe('the writes that survived', () => {
  it('are those of the one master, also of scripts, and nothing but hashes and streams', async () => {
    const master = await start();
    await master.command('HSET', 'before', 'a', '1');
    await history.begin(master);
    await master.command('HSET', 'one', 'a', '1');
    await master.command('SET', 'text', '1');
    await master.command('EVAL', "redis.call('HSET', 'two', 'a', 1) redis.call('XADD', 'three', '*', 'a', 1)", 0);
    await history.conclude(master);
    expect(read).toEqual(['one', 'two', 'three']);
    expect(history.lost).toBe(0);
  });

  it('are without what the successor never had', async () => {
    const master = await start();
    const replica = await startReplica(master);
    await history.begin(master);
    expect(await confirmedBy(master, 'shared', 1, 5000)).toBe(1);
    // Promoted behind the back of the master, which goes on to take writes.
    await replica.command('REPLICAOF', 'NO', 'ONE');
    await master.command('HSET', 'lost', 'a', '1');
    await history.caughtUp(master);
    await replica.command('HSET', 'after', 'a', '1');
    await history.followFailover(replica);
    await history.conclude(replica);
    expect(read).toEqual(['shared', 'after']);
    expect(history.lost).toBe(1);
  });

  it('are with what the successor had and this reader had not read yet', async () => {
    const master = await start();
    const replica = await startReplica(master);
    await history.begin(master);
    history.close();
    expect(await confirmedBy(master, 'unread', 1, 5000)).toBe(1);
    await master.kill();
    await replica.command('REPLICAOF', 'NO', 'ONE');
    await history.followFailover(replica);
    await history.conclude(replica);
    expect(read).toEqual(['unread']);
  });

  it('go on at another master to which everything is moved', async () => {
    const [from, to] = [await start(), await start()];
    await history.begin(from);
    await from.command('HSET', 'here', 'a', '1');
    await history.followMove(to, from, async () => {
      await from.command('MIGRATE', '127.0.0.1', to.port, 'here', 0, 1000);
    });
    await to.command('HSET', 'there', 'a', '1');
    await history.conclude(to);
    expect(read).toEqual(['here', 'there']);
  });

  it('cannot go on at a server with another history', async () => {
    const master = await start();
    await history.begin(master);
    await expect(history.followFailover(await start())).rejects.toThrow('does not go on with the history');
  });

  it('confirm nothing: WAIT does not count the reader', async () => {
    const master = await start();
    await history.begin(master);
    expect(await confirmedBy(master, 'a', 1, 200)).toBe(0);
  });
});
