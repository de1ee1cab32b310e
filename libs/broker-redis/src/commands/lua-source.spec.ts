import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS, type Command, luaSource } from './lua-source';

const LUA = join(__dirname, '../lua');
/** What is refused while Redis is full. */
const NEW_TICKETS: Command[] = ['accept', 'adopt'];

describe('the Lua of a command', () => {
  it('is there for every command, and no file is without a command', () => {
    const files = readdirSync(LUA).filter((name) => name.endsWith('.lua'));
    expect(files.map((name) => name.slice(0, -'.lua'.length)).sort()).toEqual([...COMMANDS].sort());
  });

  it.each(COMMANDS.map((command) => [command]))(
    '"%s" begins with the keys of the domain and ends with its own lines',
    (command) => {
      const source = luaSource(command);
      expect(source).toMatch(/^-- What every command starts from/);
      expect(source.trimEnd()).toMatch(/\nreturn .*$|\n\}$/);
    },
  );

  it('may write in a full Redis, but for what brings new tickets in', () => {
    const mayGrow = /redis\.call\('(?:HSET|HSETNX|HINCRBY|SET|INCR|INCRBY|LPUSH|RPUSH|SADD|XADD|ZADD|ZUNIONSTORE)'/;
    const ownLines = (command: Command) => readFileSync(join(LUA, `${command}.lua`), 'utf8');
    // In their own lines, or in a shared part that they call.
    const calls =
      /\b(?:write_entry|put_event|become|bury|requeue_first|settle_later|remember_gone|tell_of_incident|count_member|link|unlink)\(/;
    const writing = COMMANDS.filter((command) => mayGrow.test(ownLines(command)) || calls.test(ownLines(command)));
    const withReserve = COMMANDS.filter((command) => /^-- uses: domain, reserve\b/m.test(ownLines(command)));
    expect(withReserve).toEqual(expect.arrayContaining(writing.filter((command) => !NEW_TICKETS.includes(command))));
    expect(withReserve).toEqual(expect.not.arrayContaining(NEW_TICKETS));
  });

  it('holds nothing that Redis 6.2 with its Lua 5.1 would not know, as far as words tell', () => {
    for (const command of COMMANDS)
      expect(luaSource(command)).not.toMatch(/\bgoto\b|\/\/|redis\.(?:setresp|acl_check_cmd)|#!lua/);
  });
});
