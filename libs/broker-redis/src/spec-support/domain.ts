import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { systemClock } from '@smart-support/contracts';
import { type RedisArgument, type RedisServer, eventually } from '@smart-support/testing';
import { type Call, type Command, argumentsOf } from '../commands/command-table';
import { LuaCommands, type LuaReply } from '../commands/lua-commands';
import { luaSource } from '../commands/lua-source';
import { RedisLink } from '../connection/redis-link';
import { type Keys, keysOf } from '../keys';
import { type Stored, inconsistenciesOf } from './inconsistencies';

export type { Stored } from './inconsistencies';

/** A link to a server that accepts writes; its probes use a key outside all domains. */
export async function openLink(server: RedisServer): Promise<RedisLink> {
  const link = new RedisLink({ url: server.url, probeKey: 'probe', clock: systemClock, onError: () => undefined });
  await eventually('first contact', () => link.availability === 'up');
  return link;
}

const DUMP = `
local found = {}
for _, name in ipairs(redis.call('KEYS', ARGV[1] .. '*')) do
  local kind = redis.call('TYPE', name).ok
  local value = {}
  if kind == 'string' then value = { redis.call('GET', name) }
  elseif kind == 'list' then value = redis.call('LRANGE', name, 0, -1)
  elseif kind == 'set' then value = redis.call('SMEMBERS', name)
  elseif kind == 'hash' then value = redis.call('HGETALL', name)
  elseif kind == 'zset' then value = redis.call('ZRANGE', name, 0, -1, 'WITHSCORES')
  elseif kind == 'stream' then value = { tostring(redis.call('XLEN', name)) } end
  found[#found + 1] = { name, kind, value, redis.call('PTTL', name) }
end
return found`;

/** One routing domain of a server, empty at first, with what a test does to it past the broker. */
export class Domain {
  /** Hash tag of its keys. */
  readonly prefix = `test-${randomUUID()}`;
  /** Its names. */
  readonly keys: Keys = keysOf({ prefix: this.prefix, queueKey: 'tickets' });
  /** For readers of the storm log without a broker. */
  readonly lua: LuaCommands;
  private readonly saved = new Map<string, string>();

  constructor(
    readonly server: RedisServer,
    link: RedisLink,
  ) {
    this.lua = new LuaCommands(link, this.keys);
  }

  /** A key by its name within the domain, such as `ticket:a` or `tickets:urgent`. */
  key(name: string): string {
    return `${this.keys.domain}${name}`;
  }

  /** Runs one Lua command. */
  run<Name extends Command>(command: Name, ...call: Call<Name>): Promise<LuaReply> {
    return this.lua.run(command, ...call);
  }

  /** Runs one Lua command past the link, which would stop sending at the first refusal. */
  async runPastLink<Name extends Command>(command: Name, ...call: Call<Name>): Promise<unknown> {
    const { domain, queue } = this.keys;
    return this.server.command('EVAL', luaSource(command), 2, domain, queue, ...argumentsOf(command, ...call));
  }

  /** Sends one command past the broker: the first argument after its name is the name of a key within the domain. */
  async raw(command: string, name: string, ...args: RedisArgument[]): Promise<unknown> {
    return this.server.command(command, this.key(name), ...args);
  }

  /** All keys, by names within the domain. */
  async dump(): Promise<Record<string, Stored>> {
    const found = await this.server.command('EVAL', DUMP, 0, this.keys.domain);
    const entries = (found as [string, string, string[], number][]).map(([name, type, value, ttl]) => {
      const paired = type === 'hash' || type === 'zset' ? pairs(value) : value;
      const stored: Stored = [type, type === 'hash' || type === 'set' ? sorted(paired) : paired, ttl >= 0];
      return [name.slice(this.keys.domain.length), stored] as const;
    });
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Replaces the value of a key by one that the broker never writes. */
  async corrupt(name: string): Promise<void> {
    const saved = `saved:${randomUUID()}`;
    if ((await this.raw('EXISTS', name)) === 1) {
      await this.raw('RENAME', name, saved);
      this.saved.set(name, saved);
    }
    // The log is the only stream, so it gets another type.
    await (name === 'storm:log' ? this.raw('SET', name, 'not ours') : this.raw('XADD', name, '*', 'not', 'ours'));
  }

  /** Restores the value of a corrupt key. */
  async restore(name: string): Promise<void> {
    await this.raw('DEL', name);
    const saved = this.saved.get(name);
    if (saved !== undefined) await this.server.command('RENAME', saved, this.key(name));
  }

  /** The names of the keys that Lua reads or writes during an action. */
  async keysTouchedBy(act: () => Promise<unknown>): Promise<string[]> {
    const monitor = connect({ host: '127.0.0.1', port: this.server.port });
    let output = '';
    monitor.on('data', (chunk) => (output += chunk.toString()));
    monitor.write('MONITOR\r\n');
    try {
      await eventually('the monitor', () => output.includes('+OK'));
      await act();
      const end = randomUUID();
      await this.server.command('ECHO', end);
      await eventually('the end of the monitor output', () => output.includes(end));
    } finally {
      monitor.destroy();
    }
    const names = output.split('\n').flatMap((line) => {
      const { word = '', rest = '' } = /\[\d+ lua\] "(?<word>\w+)" (?<rest>.*)/.exec(line)?.groups ?? {};
      const args = [...rest.matchAll(/"(?<arg>[^"]*)"/g)].map(({ groups }) => groups?.['arg'] ?? '');
      const keys = ['MGET', 'DEL', 'UNLINK'].includes(word) ? args : args.slice(0, 1);
      return keys.flatMap((key) => (key.startsWith(this.keys.domain) ? [key.slice(this.keys.domain.length)] : []));
    });
    // This key never exists: see `store.allow_writes_when_full`.
    return [...new Set(names)].filter((name) => name !== 'absent').sort();
  }

  /** See {@link inconsistenciesOf}. */
  async audit(): Promise<string[]> {
    return inconsistenciesOf(await this.dump());
  }
}

function pairs(flat: readonly string[]): [string, string][] {
  return Array.from({ length: flat.length / 2 }, (_, index) => [flat[2 * index] ?? '', flat[2 * index + 1] ?? '']);
}

function sorted(items: readonly unknown[]): unknown[] {
  return [...items].sort((a, b) => (String(a) < String(b) ? -1 : 1));
}
