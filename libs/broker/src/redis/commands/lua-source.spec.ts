import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS, luaSource } from './lua-source';

const LUA = join(__dirname, '../lua');

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

  it('holds nothing that Redis 6.2 with its Lua 5.1 would not know, as far as words tell', () => {
    for (const command of COMMANDS)
      expect(luaSource(command)).not.toMatch(/\bgoto\b|\/\/|redis\.(?:setresp|acl_check_cmd)|#!lua/);
  });
});
