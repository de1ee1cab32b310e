import { rankAgents } from '@smart-support/agent-registry';
import { CATEGORIES, type Agent, type Category } from '@smart-support/contracts';
import { anAgent, anAgentInput } from '@smart-support/testing';
import * as fc from 'fast-check';
import { factsField as factsOfKnown, profileField, profileIn, rankingOf } from './agent-facts';
import { KnownAgent } from './known-agent';

const factsField = (category: Category, agents: readonly Agent[]): string =>
  factsOfKnown(
    category,
    agents.map(({ id, load, idle_since, ...profile }) => new KnownAgent(id, profile, load, Date.parse(idle_since))),
  );

const skill = fc.double({ min: 0, max: 1, noNaN: true });
const agents: fc.Arbitrary<Agent[]> = fc.uniqueArray(
  fc.record({
    id: fc.constantFrom('ann', 'ben', 'cy', 'constructor'),
    name: fc.string(),
    skills: fc.record({ Billing: skill, Technical: skill, Legal: skill }, { requiredKeys: [] }),
    capacity: fc.nat({ max: 3 }),
    status: fc.constantFrom('available' as const, 'away' as const),
    load: fc.nat({ max: 4 }),
    idle_since: fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) })
      .map((date) => date.toISOString()),
  }),
  { selector: ({ id }) => id },
);

describe('the reasons of an assignment, read from the facts of the agents', () => {
  it('are those of the ranking that was made from them', () => {
    fc.assert(
      fc.property(agents, fc.constantFrom(...CATEGORIES), (known, category) => {
        const ranking = rankAgents(category, known);
        const chosen = ranking.find(({ outcome }) => outcome === 'chosen')?.agent_id ?? null;
        expect(rankingOf(category, factsField(category, known), chosen)).toEqual(ranking);
      }),
    );
  });

  it('put the agent first who got the ticket because better ones were busy', () => {
    const known = [
      anAgent({ id: 'best', skills: { Billing: 0.9 } }),
      anAgent({ id: 'better', skills: { Billing: 0.8 } }),
      anAgent({ id: 'got-it', skills: { Billing: 0.7 } }),
      anAgent({ id: 'worse', skills: { Billing: 0.6 } }),
      anAgent({ id: 'lawyer', skills: { Legal: 1 } }),
    ];
    const found = rankingOf('Billing', factsField('Billing', known), 'got-it').map(({ agent_id, outcome }) => [
      agent_id,
      outcome,
    ]);
    expect(found).toEqual([
      ['got-it', 'chosen'],
      ['worse', 'lower_score'],
      ['lawyer', 'no_skill'],
      ['best', 'no_capacity'],
      ['better', 'no_capacity'],
    ]);
  });

  it('have one chosen agent at most, and every agent once, whichever got the ticket', () => {
    fc.assert(
      fc.property(agents, fc.nat(), (known, pick) => {
        const ranking = rankAgents('Billing', known);
        const candidates = ranking.filter(({ outcome }) => ['chosen', 'lower_score', 'less_idle'].includes(outcome));
        fc.pre(candidates.length > 0);
        const got = candidates[pick % candidates.length]!.agent_id;
        const found = rankingOf('Billing', factsField('Billing', known), got);
        expect(found.filter(({ outcome }) => outcome === 'chosen').map(({ agent_id }) => agent_id)).toEqual([got]);
        expect(found[0]?.agent_id).toBe(got);
        expect(found.map(({ agent_id }) => agent_id).sort()).toEqual(known.map(({ id }) => id).sort());
      }),
    );
  });

  it.each(['', '[', 'null', '{}', '[1]', '[["ann"]]', '[["ann",0.5,2,"available",0,"x"]]'])(
    'are empty if they are corrupt (%s)',
    (facts) => {
      expect(rankingOf('Billing', facts, 'ann')).toEqual([]);
    },
  );
});

describe('a profile as the store keeps it', () => {
  it('is read as it was written, without the name', () => {
    const { name: _name, ...profile } = anAgentInput({ skills: { Legal: 0.25 }, capacity: 0, status: 'away' });
    expect(profileIn(profileField(anAgentInput({ ...profile })))).toEqual(profile);
  });

  it.each([
    '',
    '{',
    'null',
    '[]',
    '7',
    '{}',
    '{"skills":{},"capacity":-1,"status":"away"}',
    '{"skills":{},"capacity":1.5,"status":"away"}',
    '{"skills":{},"capacity":1,"status":"ill"}',
    '{"skills":{"Billing":2},"capacity":1,"status":"away"}',
    '{"skills":{"Weather":1},"capacity":1,"status":"away"}',
    '{"skills":[],"capacity":1}',
  ])('is invalid if the broker did not write it (%s)', (field) => {
    expect(profileIn(field)).toBeUndefined();
  });
});
