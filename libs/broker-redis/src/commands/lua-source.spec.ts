import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS, type Command } from './command-table';
import { luaSource } from './lua-source';

const LUA = join(__dirname, '../lua');
/** Commands that Redis refuses while it is full. */
const NEW_TICKETS: Command[] = ['queue/accept', 'adoption/adopt'];

const commands = Object.keys(COMMANDS) as Command[];
const ownLines = (command: Command) =>
  readFileSync(join(LUA, `${command}.lua`), 'utf8')
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('--'))
    .join('\n');

describe('the Lua of a command', () => {
  it('exists for every command, and every file has a command', () => {
    const files = readdirSync(LUA, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.lua'));
    const names = files.map((name) => name.slice(0, -'.lua'.length)).filter((name) => !name.startsWith('shared/'));
    expect(names.sort()).toEqual([...commands].sort());
  });

  it.each(commands)('"%s" reads all arguments that the caller sends, and returns a reply', (command) => {
    const { args = [], positions = [], items = [] } = COMMANDS[command] as Record<string, readonly string[]>;
    const sent = [
      ...args.map((name) => `args.${name}`),
      ...positions.map((name) => `argument.${name}`),
      // An item begins with its id.
      ...items.slice(1).map((name) => `field.${name}`),
    ];
    const source = luaSource(command);
    expect(sent.filter((name) => !new RegExp(`\\b${name.replace('.', '\\.')}\\b`).test(ownLines(command)))).toEqual([]);
    expect(source.trimEnd()).toMatch(/\nreturn .*$|\n\}$/);
  });

  it('may write in a full Redis, except for commands that add new tickets', () => {
    const mayGrow = /redis\.call\('(?:HSET|HSETNX|HINCRBY|SET|INCR|INCRBY|LPUSH|RPUSH|SADD|XADD|ZADD|ZUNIONSTORE)'/;
    const writing = commands.filter((command) => mayGrow.test(luaSource(command)));
    const allowed = commands.filter((command) => ownLines(command).includes('store.allow_writes_when_full()'));
    expect(allowed).toEqual(expect.arrayContaining(writing.filter((command) => !NEW_TICKETS.includes(command))));
    expect(allowed).toEqual(expect.not.arrayContaining(NEW_TICKETS));
  });

  it('uses only names that Redis 6.2 with its Lua 5.1 knows', () => {
    for (const command of commands)
      expect(luaSource(command)).not.toMatch(/\bgoto\b|\/\/|redis\.(?:setresp|acl_check_cmd)|#!lua/);
  });
});
