import { SmartSupportError } from '@smart-support/contracts';

/** A value in a generated table. */
export type LuaValue = string | number | boolean | readonly LuaValue[] | { readonly [name: string]: LuaValue };

/** A table without a file: constants, each of which replaces its name, or the value of one expression. */
export type GeneratedTable =
  | { readonly members: readonly string[]; readonly constants: Readonly<Record<string, LuaValue>> }
  | { readonly members: readonly string[]; readonly expression: string };

/** Generated tables, by their names in Lua files. */
export type GeneratedTables = Readonly<Record<string, GeneratedTable>>;

/** A top-level definition of a part: a member of its table, or a local that only the part uses. */
interface Definition {
  readonly code: string;
  readonly members: readonly string[];
  readonly locals: readonly string[];
}

interface Part {
  readonly uses: readonly string[];
  readonly definitions: readonly Definition[];
}

const USES = /^-- uses: (?<names>[a-z_]+(?:, [a-z_]+)*)$/m;
const TEXT = /'(?:\\.|[^'\\\n])*'/g;
const MEMBER = /(?<![\w.])(?<table>[a-z_]+)\.(?<member>\w+)/g;

/**
 * Assembles the source of a command from its own lines and the shared parts that it declares after `-- uses:`, which in turn declare the parts
 * that they use. In the files each part is a table of the name of its file; in the
 * assembled source its members are locals, and constants their values. Only the definitions that the command reaches are included: a command defines
 * every function anew each time it runs.
 */
export class LuaLibrary {
  private readonly parts = new Map<string, Part>();

  /**
   * @param sources - the shared parts, by the names of their tables
   * @param generated - tables without a file
   * @throws SmartSupportError `internal` for a file that declares a table which does not exist, uses a table or member that it does not declare,
   * or declares one that it does not use; for parts that use each other
   */
  constructor(
    sources: Readonly<Record<string, string>>,
    private readonly generated: GeneratedTables,
  ) {
    for (const [name, source] of Object.entries(sources)) this.parts.set(name, partIn(name, source));
    for (const [name, source] of Object.entries(sources)) {
      this.usesOf(name, []);
      this.check(name, source, {});
    }
  }

  /**
   * The source of one command.
   * @param name - for messages
   * @param body - its own lines
   * @param own - tables that this command has without a declaration
   * @throws SmartSupportError `internal`, as the constructor
   */
  assemble(name: string, body: string, own: GeneratedTables = {}): string {
    this.check(name, body, own);
    const code = withoutComments(body);
    const order = [...Object.keys(own), ...new Set(usesIn(body).flatMap((use) => this.usesOf(use, [name])))];
    const reached = new Set<Definition>();
    const members = new Map<string, Set<string>>();
    const reach = (text: string, owner: string | undefined): void => {
      for (const [table, member] of membersIn(text)) {
        if (!order.includes(table) || members.get(table)?.has(member)) continue;
        members.set(table, (members.get(table) ?? new Set()).add(member));
        for (const definition of this.parts.get(table)?.definitions ?? [])
          if (definition.members.includes(member)) include(definition, table);
      }
      for (const definition of (owner !== undefined && this.parts.get(owner)?.definitions) || [])
        if (definition.locals.some((local) => new RegExp(`\\b${local}\\b`).test(text))) include(definition, owner);
    };
    const include = (definition: Definition, owner: string | undefined): void => {
      if (reached.has(definition)) return;
      reached.add(definition);
      reach(definition.code, owner);
    };
    reach(code, undefined);
    const generated = { ...this.generated, ...own };
    const nameOf = (table: string, member: string): string => {
      const values = generated[table];
      if (!values) return `${table}__${member}`;
      return 'constants' in values ? `(${literal(values.constants[member] ?? '')})` : `${table}.${member}`;
    };
    // A local is faster to read than a member of a table, and creating the table costs as much again as the functions.
    const flat = (text: string): string =>
      text
        .split(/('(?:\\.|[^'\\\n])*')/)
        .map((part, index) =>
          index % 2 === 1
            ? part
            : part.replace(MEMBER, (all, table: string, member: string) =>
                members.get(table)?.has(member) ? nameOf(table, member) : all,
              ),
        )
        .join('');
    const parts = order
      .filter((table) => members.has(table))
      .map((table) => {
        const values = generated[table];
        if (values) return 'expression' in values ? `local ${table} = ${values.expression}` : '';
        const names = [...(members.get(table) ?? [])].map((member) => nameOf(table, member)).join(', ');
        const definitions = (this.parts.get(table)?.definitions ?? []).filter((one) => reached.has(one));
        return [`local ${names}`, 'do', ...definitions.map((one) => flat(one.code)), 'end'].join('\n');
      });
    return [...parts.filter((part) => part !== ''), flat(code)].join('\n');
  }

  /** A table and the tables that it uses, each after those that it uses itself. */
  private usesOf(name: string, users: readonly string[]): string[] {
    if (users.includes(name)) throw broken(name, `is used by itself: ${[...users, name].join(', ')}`);
    const uses = this.parts.get(name)?.uses ?? [];
    if (!this.exists(name)) throw broken(users.at(-1) ?? name, `uses "${name}", which does not exist`);
    return [...uses.flatMap((use) => this.usesOf(use, [...users, name])), name];
  }

  private check(name: string, source: string, own: GeneratedTables): void {
    const declared = usesIn(source);
    const known = [...declared, ...Object.keys(own), name];
    const used = new Set<string>();
    const code = withoutComments(source).replace(TEXT, "''");
    for (const [table, member] of membersIn(code)) {
      if (!this.exists(table) && !Object.hasOwn(own, table)) continue;
      used.add(table);
      if (!known.includes(table)) throw broken(name, `uses "${table}" without declaring it`);
      if (!this.membersOf(table, own).includes(member))
        throw broken(name, `uses "${table}.${member}", which does not exist`);
    }
    const hidden = known.find((table) => new RegExp(`(?<![\\w.])${table}(?![\\w.])`).test(code));
    if (hidden !== undefined) throw broken(name, `hides "${hidden}" by a local of that name`);
    for (const table of declared) {
      if (!this.exists(table)) throw broken(name, `uses "${table}", which does not exist`);
      if (!used.has(table)) throw broken(name, `declares "${table}" without using it`);
    }
  }

  private exists(table: string): boolean {
    return this.parts.has(table) || Object.hasOwn(this.generated, table);
  }

  private membersOf(table: string, own: GeneratedTables): readonly string[] {
    const part = this.parts.get(table);
    return part
      ? part.definitions.flatMap(({ members }) => members)
      : ((own[table] ?? this.generated[table])?.members ?? []);
  }
}

/** Splits a part into its definitions: each begins at the start of a line. */
function partIn(name: string, source: string): Part {
  const start = new RegExp(`^(?=(?:local|function|${name}\\.))`, 'm');
  const definitions = withoutComments(source)
    .split(new RegExp(start.source, 'gm'))
    .filter((code) => code.trim() !== '')
    .map((code): Definition => {
      const head = /^(?:local function|local|function)?\s*(?<names>[\w., ]+)/.exec(code)?.groups?.['names'] ?? '';
      const names = head.split(',').map((one) => one.trim());
      const prefix = `${name}.`;
      return {
        code: code.trimEnd(),
        members: names.filter((one) => one.startsWith(prefix)).map((one) => one.slice(prefix.length)),
        locals: code.startsWith('local') ? names : [],
      };
    });
  return { uses: usesIn(source), definitions };
}

function usesIn(source: string): string[] {
  return USES.exec(source)?.groups?.['names']?.split(', ') ?? [];
}

/** The lines of code: a comment has a line of its own. */
function withoutComments(source: string): string {
  return source
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.trimStart().startsWith('--'))
    .join('\n');
}

function* membersIn(code: string): Generator<readonly [table: string, member: string]> {
  for (const { groups } of code.replace(TEXT, "''").matchAll(MEMBER))
    if (groups) yield [groups['table'] ?? '', groups['member'] ?? ''];
}

/** A table of constants. */
export function constants(values: Readonly<Record<string, LuaValue>>): GeneratedTable {
  return { members: Object.keys(values), constants: values };
}

/** A value as a Lua literal. */
function literal(value: LuaValue): string {
  if (Array.isArray(value)) return `{ ${value.map(literal).join(', ')} }`;
  if (typeof value !== 'object') return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([name, one]) => `[${JSON.stringify(name)}] = ${literal(one as LuaValue)}`)
    .join(', ')} }`;
}

function broken(name: string, what: string): SmartSupportError {
  return new SmartSupportError('internal', `The Lua file "${name}" ${what}`);
}
