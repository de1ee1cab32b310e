import { isSmartSupportError } from '@smart-support/contracts';
import { COMMANDS, type Call, type Command } from './commands/command-table';
import type { LuaReply } from './commands/lua-commands';
import { COMMAND_CASES, type CommandCase } from './spec-support/command-cases/all-cases';
import { RawCommands } from './spec-support/raw-commands';
import type { Domain } from './spec-support/domain';
import { useDomains } from './spec-support/use-domains';

const newDomain = useDomains();

/** A new domain with everything that a command needs. */
async function ready({ prepare }: CommandCase): Promise<readonly [Domain, Call<Command>]> {
  const domain = newDomain();
  return [domain, await prepare(new RawCommands(domain), domain)];
}

/** A reply without its numbers, which differ by times and by the numbers of tickets. */
const withoutNumbers = (reply: LuaReply): string => JSON.stringify(reply).replaceAll(/"?\d+"?|""/g, '#');

/** No command but those that read the index depends on it: see `ticket_index`. What it missed meanwhile is only missing in lists. */
const isIndex = (key: string): boolean => /^index(?::|$)/.test(key);

/** Corrupts a key, runs a command, repairs the key, and returns the outcome. */
async function corruptAndRestore(
  command: Command,
  commandCase: CommandCase,
  key: string,
  usual: LuaReply,
): Promise<string> {
  const [domain, args] = await ready(commandCase);
  await domain.corrupt(key);
  const before = await domain.dump();
  const reply = await domain.run(command, ...args).catch((error: unknown) => error as Error);
  if (reply instanceof Error) {
    if (!isSmartSupportError(reply, 'corrupt')) return `failed: ${reply.message}`;
    expect(await domain.dump()).toEqual(before);
    await domain.restore(key);
    await domain.run(command, ...args);
    expect(await domain.audit()).toEqual([]);
    return 'refused as corrupt';
  }
  const hasUsualReply = (found: LuaReply): void => expect(withoutNumbers(found)).toBe(withoutNumbers(usual));
  const check = commandCase.tolerates?.[key] ?? (isIndex(key) ? hasUsualReply : undefined);
  if (!check) return `answered ${JSON.stringify(reply)}`;
  await check(reply, domain);
  expect((await domain.dump())[key]?.[0]).toBe(commandCase.dropped?.includes(key) ? undefined : 'stream');
  if (commandCase.dropped?.includes(key)) return 'tolerated';
  await domain.restore(key);
  await new RawCommands(domain).sweep();
  expect((await domain.audit()).filter((wrong) => !(isIndex(key) && wrong.startsWith('The index')))).toEqual([]);
  // Quarantined entries have come back by themselves.
  expect((await domain.dump())['tickets:quarantined']).toBeUndefined();
  return 'tolerated';
}

describe('a corrupt key', () => {
  it('is tested for every command', () => {
    expect(new Set(COMMAND_CASES.map(([command]) => command))).toEqual(new Set(Object.keys(COMMANDS)));
  });

  it.each(COMMAND_CASES)(
    'prevents every change by "%s" %s, whichever key it is',
    async (command, _name, commandCase) => {
      const [domain, args] = await ready(commandCase);
      let usual: LuaReply = null;
      const keys = await domain.keysTouchedBy(async () => (usual = await domain.run(command, ...args)));
      expect(keys).not.toEqual([]);
      expect(await domain.audit()).toEqual([]);
      const outcomes: Record<string, string> = {};
      for (const key of keys) outcomes[key] = await corruptAndRestore(command, commandCase, key, usual);
      expect(outcomes).toEqual(
        Object.fromEntries(
          keys.map((key) => [key, commandCase.tolerates?.[key] || isIndex(key) ? 'tolerated' : 'refused as corrupt']),
        ),
      );
      // No exception without a key that needs it.
      expect(Object.keys(commandCase.tolerates ?? {}).filter((key) => !keys.includes(key))).toEqual([]);
    },
  );
});
