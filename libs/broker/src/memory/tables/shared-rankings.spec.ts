import { AgentRegistry } from '@smart-support/agent-registry';
import { VirtualClock, anAgentInput } from '@smart-support/testing';
import { SharedRankings } from './shared-rankings';

describe('rankings as explanations keep them', () => {
  let registry: AgentRegistry;
  let rankings: SharedRankings;
  beforeEach(() => {
    registry = new AgentRegistry(new VirtualClock());
    rankings = new SharedRankings(registry);
  });

  it('always match the registry', () => {
    const check = (): void => expect(rankings.of('Billing')).toEqual(registry.rank('Billing'));
    const put = (skill: number, capacity: number): void => {
      registry.put('ann', anAgentInput({ skills: { Billing: skill }, capacity }));
      check();
    };
    put(0.5, 4);
    put(0.5, 5);
    put(0.7, 5);
    for (let n = 0; n < 3; n += 1) registry.reserve('ann');
    check();
    put(0.7, 1);
    registry.free('ann');
    check();
    registry.put('ben', anAgentInput());
    check();
    registry.remove('ann');
    rankings.forget('ann');
    check();
  });

  it('are one array while their content has not changed', () => {
    registry.put('ann', anAgentInput());
    registry.put('ben', anAgentInput({ skills: { Billing: 0.1 } }));
    const before = rankings.of('Billing');
    registry.reserve('ann');
    registry.free('ann');
    expect(rankings.of('Billing')).toBe(before);
  });

  it('share the entries that stayed the same', () => {
    registry.put('ann', anAgentInput());
    registry.put('ben', anAgentInput({ skills: { Billing: 0.1 } }));
    const before = rankings.of('Billing');
    registry.put('zoe', anAgentInput({ status: 'away' }));
    const after = rankings.of('Billing');
    expect(after.map(({ agent_id }) => agent_id)).toEqual(['ann', 'ben', 'zoe']);
    expect([after[0], after[1]].map((place, index) => place === before[index])).toEqual([true, true]);
  });
});
