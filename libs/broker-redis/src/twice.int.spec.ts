import type { LuaReply } from './commands/lua-commands';
import type { Command } from './commands/command-table';
import { list, named } from './commands/replies';
import { ALL_SCENES } from './spec-support/command-scenes';
import { RawCommands } from './spec-support/raw-commands';
import type { Stored } from './spec-support/domain';
import { useDomains } from './spec-support/use-domains';

const newDomain = useDomains();

/** What differs after a repeat although it is harmless, by command: a part of what is stored that need not be the same. */
const MAY_DIFFER: Partial<Record<Command, readonly string[]>> = {
  // Times that a repeat counts from its own moment.
  'workers/announce': ['workers'],
  'outbox/retry-later': ['outbox'],
  // A repeat is another change of the roster, whose readers look again.
  'agents/put': ['agents:version'],
  // Whoever follows the log passes over an incident that it knows.
  'storms/write-entry': ['storm:log'],
};

/** How the repeat of a command is answered, where it says that it was one; otherwise both answers are alike. */
const SECOND_ANSWER: Partial<Record<Command, string>> = {
  'queue/accept': 'repeated',
  'adoption/adopt': 'known',
  'tickets/commit': 'already',
  'tickets/complete': 'repeated',
  'incidents/decide': 'not_allowed',
  'queue/fail': 'lease_lost',
  // As it was: nobody opens a second one.
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

/** Of those that speak of several tickets, what they say of each. */
function answersOf(command: Command, reply: LuaReply): readonly LuaReply[] {
  if (command === 'queue/accept') return list(reply).slice(0, 1);
  return command === 'tickets/commit' ? list(reply).slice(1) : [reply];
}

describe('a command that is sent again because its answer was lost', () => {
  it.each(ALL_SCENES)('has the effect of one: "%s" %s', async (command, _name, { prepare }) => {
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

  it('was a claim: its tickets come back with the sweep once their lease has run out, in their order', async () => {
    const domain = newDomain();
    const deeds = new RawCommands(domain);
    await deeds.accept('a', 'b', 'c');
    await domain.run('queue/claim', { limit: 2, lease_ms: 60_000, token_start: 'lost-', roster_version: 'unknown' });
    expect(await deeds.sweep()).toEqual([0, [], [], [], []]);
    for (const id of ['a', 'b']) await deeds.vanish(id);
    expect(await deeds.sweep()).toEqual([2, ['a', 'b'], [], [], []]);
    expect(await deeds.sweep()).toEqual([0, [], [], [], []]);
    expect((await domain.dump())['tickets:normal']?.[1]).toEqual(['a', 'b', 'c']);
  });
});
