import { randomUUID } from 'node:crypto';
import { type RedisServer, aNewTicket, startRedisServer, eventually } from '@smart-support/testing';
import { COMMANDS, type Command } from './commands/command-table';
import { luaSource } from './commands/lua-source';
import { createRedisBroker } from './redis-broker';
import { openBroker } from './spec-support/brokers';
import { asDocumentedUser, documentedCommands } from './spec-support/documented-rights';

/** Commands that are sent outside Lua: scripts, the probe, the sleep on the wake list, reading a ticket, asking for the memory. */
const SENT = ['eval', 'evalsha', 'set', 'blpop', 'hgetall', 'info'];
/** Commands that the script of the shared counters calls. */
const BY_COUNTERS = ['srem', 'set', 'incrby', 'pttl', 'pexpire'];
/** Commands that the scripts of redlock call, for the sweep lead. */
const BY_REDLOCK = ['exists', 'set', 'get', 'del'];

let server: RedisServer;
beforeAll(async () => {
  server = await startRedisServer();
});
afterAll(() => server.stop());

describe('the documented rights of a Redis user', () => {
  it('are the commands that are used, and no others', async () => {
    const known = new Set(((await server.command('COMMAND', 'LIST')) as string[]).map((name) => name.toLowerCase()));
    const quoted = (Object.keys(COMMANDS) as Command[]).flatMap((command) => [
      ...luaSource(command).matchAll(/'(?<word>[A-Z]+)'/g),
    ]);
    const byLua = quoted
      .flatMap(({ groups }) => (groups?.['word'] ?? '').toLowerCase())
      .filter((word) => known.has(word));
    expect(documentedCommands().sort()).toEqual(
      [...new Set([...SENT, ...BY_COUNTERS, ...BY_REDLOCK, ...byLua])].sort(),
    );
  });

  it('suffice for everything beside the queue: sweep lead, sleeping, the memory, counters; no command was refused', async () => {
    const user = await asDocumentedUser(server);
    const policies: (string | null)[] = [];
    const broker = await openBroker(
      user,
      `test-${randomUUID()}`,
      {},
      {
        onMaxmemoryPolicy: (policy) => void policies.push(policy),
        onConnectionError: (error) => {
          throw error;
        },
      },
    );
    const lead = broker.leadSweeps(50);
    await broker.queue.accept([aNewTicket({ id: 'a' })]);
    await broker.queue.claim(1);
    expect(await broker.count('calls', 2, 1000)).toMatchObject({ total: 2 });
    await eventually('the policy is known', () => policies.length > 0);
    await broker.queue.waitForWork(50);
    await eventually('a leader', async () => String(await server.command('KEYS', '{test-*}:leader')).length > 0);
    await lead.stop();
    await broker.close();
    expect([policies, await server.command('ACL', 'LOG')]).toEqual([['noeviction'], []]);
  });

  it('allow no key of another routing domain, nor any other key', async () => {
    const user = await asDocumentedUser(server);
    const broker = createRedisBroker({ url: user.url, prefix: 'another', queueKey: 'tickets' });
    try {
      await eventually('the refusal', () => broker.problem === 'noperm');
      expect(broker.availability).toBe('down');
    } finally {
      await broker.close();
    }
  });
});
