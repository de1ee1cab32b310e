import { CATEGORIES, type Agent } from '@smart-support/contracts';
import { anAgent } from '@smart-support/testing';
import * as fc from 'fast-check';
import { rankAgents } from './rank-agents';

const billing = (agents: readonly Agent[]) =>
  rankAgents('Billing', agents).map(({ agent_id, outcome }) => [agent_id, outcome]);

const idleSince = (seconds: number): string => new Date(Date.UTC(2030, 0, 1, 0, 0, seconds)).toISOString();

describe('ranking agents', () => {
  it('scores skill by the room that is left for it', () => {
    const agents = [
      anAgent({ id: 'half-full', skills: { Billing: 0.8 }, load: 2, capacity: 4 }),
      anAgent({ id: 'empty', skills: { Billing: 0.5 }, load: 0, capacity: 1 }),
    ];
    expect(rankAgents('Billing', agents)).toEqual([
      { agent_id: 'empty', outcome: 'chosen', score: 0.5, load: 0, capacity: 1 },
      { agent_id: 'half-full', outcome: 'lower_score', score: 0.4, load: 2, capacity: 4 },
    ]);
  });

  it('breaks ties by the longest idle time, then by id', () => {
    const agents = [
      anAgent({ id: 'c', idle_since: idleSince(30) }),
      anAgent({ id: 'b', idle_since: idleSince(20) }),
      anAgent({ id: 'a', idle_since: idleSince(20) }),
      anAgent({ id: 'd', idle_since: '2030-01-01T01:00:10+01:00' }),
    ];
    expect(billing(agents)).toEqual([
      ['d', 'chosen'],
      ['a', 'less_idle'],
      ['b', 'less_idle'],
      ['c', 'less_idle'],
    ]);
  });

  it('says of a candidate with a lower score just that, however long it was idle', () => {
    const agents = [
      anAgent({ id: 'expert', idle_since: idleSince(50) }),
      anAgent({ id: 'novice', skills: { Billing: 0.2 }, idle_since: idleSince(0) }),
    ];
    expect(billing(agents)).toEqual([
      ['expert', 'chosen'],
      ['novice', 'lower_score'],
    ]);
  });

  it('gives the first reason that holds: away, then no skill, then no capacity', () => {
    const nothing = { skills: {}, capacity: 0 };
    const agents = [
      anAgent({ id: 'away', status: 'away', ...nothing }),
      anAgent({ id: 'no-skill', ...nothing }),
      anAgent({ id: 'zero-skill', skills: { Billing: 0 } }),
      anAgent({ id: 'no-slots', capacity: 0 }),
      anAgent({ id: 'full', load: 2, capacity: 2 }),
      anAgent({ id: 'beyond', load: 5, capacity: 2 }),
    ];
    expect(billing(agents)).toEqual([
      ['beyond', 'no_capacity'],
      ['full', 'no_capacity'],
      ['no-slots', 'no_capacity'],
      ['no-skill', 'no_skill'],
      ['zero-skill', 'no_skill'],
      ['away', 'away'],
    ]);
  });

  it('chooses nobody where there is nobody', () => {
    expect(rankAgents('Legal', [])).toEqual([]);
  });

  it('ranks hundreds of agents, and ids that name parts of JavaScript', () => {
    const ids = ['constructor', 'toString', ...Array.from({ length: 500 }, (_, n) => `a${n}`)];
    const ranking = rankAgents(
      'Legal',
      ids.map((id) => anAgent({ id })),
    );
    expect(new Set(ranking.map(({ agent_id }) => agent_id))).toEqual(new Set(ids));
  });

  const skill = fc.oneof(fc.constantFrom(0, 0.5, 1), fc.double({ min: 0, max: 1, noNaN: true }));
  const agents = fc
    .array(
      fc.record({
        skills: fc.record({ Billing: skill, Technical: skill, Legal: skill }, { requiredKeys: [] }),
        load: fc.nat({ max: 4 }),
        capacity: fc.nat({ max: 4 }),
        status: fc.constantFrom('available' as const, 'away' as const),
        idle_since: fc.nat({ max: 3 }).map(idleSince),
      }),
      { maxLength: 12 },
    )
    .map((list) => list.map((agent, index) => anAgent({ id: `a${index}`, ...agent })));

  it('chooses, whatever the agents, one with skill and a free slot whom no other beats, if there is any', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CATEGORIES), agents, (category, present) => {
        const ranking = rankAgents(category, present);
        const able = present.filter(
          ({ status, skills, load, capacity }) =>
            status === 'available' && (skills[category] ?? 0) > 0 && load < capacity,
        );
        expect(ranking.map(({ agent_id }) => agent_id).toSorted()).toEqual(present.map(({ id }) => id).toSorted());
        const chosen = ranking.filter(({ outcome }) => outcome === 'chosen');
        expect(chosen).toHaveLength(able.length > 0 ? 1 : 0);
        const candidates = ranking.filter(({ outcome }) => ['chosen', 'lower_score', 'less_idle'].includes(outcome));
        expect(candidates.map(({ agent_id }) => agent_id).toSorted()).toEqual(able.map(({ id }) => id).toSorted());
        if (!chosen[0]) return;
        expect(ranking[0]).toBe(chosen[0]);
        for (const { outcome, score } of candidates.slice(1)) {
          expect(score).toBeLessThanOrEqual(chosen[0].score);
          expect(outcome === 'less_idle').toBe(score === chosen[0].score);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('does not depend on the order in which agents are given, and changes none of them', () => {
    fc.assert(
      fc.property(agents, (present) => {
        const before = JSON.stringify(present);
        expect(rankAgents('Legal', present.toReversed())).toEqual(rankAgents('Legal', present));
        expect(JSON.stringify(present)).toBe(before);
      }),
    );
  });
});
