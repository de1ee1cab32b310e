import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  CATEGORIES,
  INCIDENT_STATUSES,
  LANES,
  MAX_EVENT_MEMBERS,
  MAX_HISTORY,
  MAX_URGENT_IN_A_ROW,
  OPERATOR_ACTIONS,
  TICKET_STATUSES,
} from '@smart-support/contracts';
import { COLUMNS_FOR_LUA } from '../records/index-columns';
import { COMMANDS, type Command } from './command-table';
import { type GeneratedTable, type GeneratedTables, LuaLibrary, constants } from './lua-library';

/** The Lua files are packed beside the sources, at the same distance from `src` and `dist`. */
const DIRECTORY = join(__dirname, '../../src/lua');

/** The constants of the contracts for Lua. */
const CONTRACTS: GeneratedTables = {
  contract: constants({
    ...{ CATEGORIES, LANES, MAX_EVENT_MEMBERS, MAX_HISTORY, MAX_URGENT_IN_A_ROW, OPERATOR_ACTIONS },
  }),
  incident_status: byName([...INCIDENT_STATUSES, 'gone']),
  lane_name: byName(LANES),
  ticket_columns: constants(COLUMNS_FOR_LUA),
  ticket_status: byName(TICKET_STATUSES),
};

let library: LuaLibrary | undefined;

/** What was assembled before: each broker of a process defines all commands, and assembling them takes longer than anything else that it does at its start. */
const assembled = new Map<Command, string>();

/** The source of a command with the shared parts that it uses. */
export function luaSource(command: Command): string {
  library ??= new LuaLibrary(sharedParts(), CONTRACTS);
  const source =
    assembled.get(command) ??
    library.assemble(command, readFileSync(join(DIRECTORY, `${command}.lua`), 'utf8'), namesOf(command));
  assembled.set(command, source);
  return source;
}

/** The argument names of a command as constants for Lua. */
function namesOf(command: Command): GeneratedTables {
  const spec = COMMANDS[command];
  if ('args' in spec) return { args: { members: spec.args, expression: 'cjson.decode(ARGV[1])' } };
  const { positions } = spec;
  const fields = 'items' in spec ? spec.items : [];
  return {
    argument: constants({ ...numbered(positions, 1), ITEMS: positions.length + 1 }),
    field: constants({ ...numbered(fields, 0), COUNT: fields.length }),
  };
}

function numbered(names: readonly string[], first: number): Record<string, number> {
  return Object.fromEntries(names.map((name, index) => [name, first + index]));
}

function sharedParts(): Record<string, string> {
  const directory = join(DIRECTORY, 'shared');
  const names = readdirSync(directory).map((file) => file.slice(0, -'.lua'.length));
  return Object.fromEntries(
    names.map((name) => [name.replaceAll('-', '_'), readFileSync(join(directory, `${name}.lua`), 'utf8')]),
  );
}

function byName(values: readonly string[]): GeneratedTable {
  return constants(Object.fromEntries(values.map((value) => [value, value])));
}
