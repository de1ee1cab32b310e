import type { LuaReply } from './commands/lua-commands';
import type { Command } from './commands/command-table';
import { list, named } from './commands/replies';
import { COMMAND_CASES } from './spec-support/command-cases/all-cases';
import { RawCommands } from './spec-support/raw-commands';
import type { Stored } from './spec-support/domain';
import { useDomains } from './spec-support/use-domains';

const newDomain = useDomains();

/** Stored values that may differ after a repeat, by command. */
const MAY_DIFFER: Partial<Record<Command, readonly string[]>> = {
  // Times that a repeat counts from its own moment.
  'workers/announce': ['workers'],
  'outbox/retry-later': ['outbox', 'endpoint:due:desk'],
  // A repeat is another change of the roster, whose readers load it again.
  'agents/put': ['agents:version'],
  // Readers of the log skip an incident that they know.
  'storms/write-entry': ['storm:log'],
};

/** The reply to the repeat of a command that reports it as one; otherwise both replies are equal. */
const SECOND_ANSWER: Partial<Record<Command, string>> = {
  'queue/accept': 'repeated',
  'adoption/adopt': 'known',
  'tickets/commit': 'already',
  'tickets/complete': 'repeated',
  'tickets/cancel': 'repeated',
  'tickets/reassign': 'changed',
  'tickets/amend': 'changed',
  'tickets/reopen': 'not_allowed',
  'tickets/note': 'repeated',
  'incidents/decide': 'not_allowed',
  'queue/fail': 'lease_lost',
  // As it was: no second one is opened.
  'incidents/open': 'opened',
  'queue/requeue': 'lease_lost',
  'agents/reassign': 'gone',
  'agents/remove': 'not_found',
  'dead-letters/remove': 'not_found',
  'dead-letters/retry': 'not_found',
  'agents/seed': 'not_empty',
  'incidents/settle-members': 'all',
  'storms/write-rules': 'known',
  'storms/tick': 'recent',
  'incidents/unlink': 'not_found',
};

/** The replies for single tickets, of commands for several. */
function answersOf(command: Command, reply: LuaReply): readonly LuaReply[] {
  if (command === 'queue/accept') return list(reply).slice(0, 1);
  return command === 'tickets/commit' ? list(reply).slice(1) : [reply];
}

describe('a command that is repeated because its reply was lost', () => {
  it.each(COMMAND_CASES)('has the effect of one: "%s" %s', async (command, _name, { prepare }) => {
    const domain = newDomain();
    const args = await prepare(new RawCommands(domain), domain);
    await domain.run(command, ...args);
    const once = await domain.dump();
    const again = await domain.run(command, ...args);
    const twice = await domain.dump();
    const expected = SECOND_ANSWER[command];
    if (expected !== undefined) {
      for (const answer of answersOf(command, again)) expect(named(answer)[0]).toBe(expected);
    }
    const steady = (all: Record<string, Stored>) =>
      Object.entries(all).map(([name, [type, value, runsOut]]) =>
        MAY_DIFFER[command]?.includes(name) ? [name, type] : [name, type, value, runsOut],
      );
    expect(steady(twice)).toEqual(steady(once));
    expect(await domain.audit()).toEqual([]);
  });

  it('and was a claim: its tickets come back with the sweep once their lease has expired, in their order', async () => {
    const domain = newDomain();
    const commands = new RawCommands(domain);
    await commands.accept('a', 'b', 'c');
    await domain.run('queue/claim', { limit: 2, lease_ms: 60_000, token_start: 'lost-', roster_version: 'unknown' });
    expect(await commands.sweep()).toEqual([0, [], [], [], []]);
    for (const id of ['a', 'b']) await commands.expireLease(id);
    expect(await commands.sweep()).toEqual([2, ['a', 'b'], [], [], []]);
    expect(await commands.sweep()).toEqual([0, [], [], [], []]);
    expect((await domain.dump())['tickets:normal']?.[1]).toEqual(['a', 'b', 'c']);
  });
});
