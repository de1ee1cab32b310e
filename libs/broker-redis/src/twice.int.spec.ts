import type { LuaReply } from './commands/lua-commands';
import { COMMANDS, type Command } from './commands/lua-source';
import { list, named } from './commands/replies';
import { SCENES } from './spec-support/command-scenes';
import { Deeds } from './spec-support/deeds';
import type { Stored } from './spec-support/domain';
import { useDomains } from './spec-support/use-domains';

const newDomain = useDomains();

/** What differs after a repeat although it is harmless, by command: a part of what is stored that need not be the same. */
const MAY_DIFFER: Partial<Record<Command, readonly string[]>> = {
  // Times that a repeat counts from its own moment.
  'announce-worker': ['workers'],
  'retry-event-later': ['outbox'],
  // A repeat is another change of the roster, whose readers look again.
  'put-agent': ['agents:version'],
  // Whoever follows the log passes over an incident that it knows.
  'storm-write': ['storm:log'],
};

/** How the repeat of a command is answered, where it says that it was one; otherwise both answers are alike. */
const SECOND_ANSWER: Partial<Record<Command, string>> = {
  accept: 'repeated',
  adopt: 'known',
  commit: 'already',
  complete: 'repeated',
  'decide-incident': 'not_allowed',
  fail: 'lease_lost',
  // As it was: nobody opens a second one.
  'open-incident': 'opened',
  release: 'lease_lost',
  'pass-on': 'gone',
  'remove-agent': 'not_found',
  'remove-dead': 'not_found',
  'retry-dead': 'not_found',
  'seed-agents': 'not_empty',
  'settle-members': 'all',
  'storm-rules': 'known',
  'storm-tick': 'recent',
  'unlink-member': 'not_found',
};

/** Of those that speak of several tickets, what they say of each. */
function answersOf(command: Command, reply: LuaReply): readonly LuaReply[] {
  if (command === 'accept') return list(reply).slice(0, 1);
  return command === 'commit' ? list(reply).slice(1) : [reply];
}

const cases = COMMANDS.flatMap((command) => Object.keys(SCENES[command]).map((scene) => [command, scene] as const));

describe('a command that is sent again because its answer was lost', () => {
  it.each(cases)('has the effect of one: "%s" %s', async (command, scene) => {
    const domain = newDomain();
    const args = await SCENES[command][scene]!.prepare(new Deeds(domain), domain);
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
    const deeds = new Deeds(domain);
    await deeds.accept('a', 'b', 'c');
    await domain.run('claim', 2, 60_000, 'lost-', 'unknown');
    expect(await deeds.sweep()).toEqual([0, [], [], [], []]);
    for (const id of ['a', 'b']) await deeds.vanish(id);
    expect(await deeds.sweep()).toEqual([2, ['a', 'b'], [], [], []]);
    expect(await deeds.sweep()).toEqual([0, [], [], [], []]);
    expect((await domain.dump())['tickets:normal']?.[1]).toEqual(['a', 'b', 'c']);
  });
});
