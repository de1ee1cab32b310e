import { VirtualClock, anAgentInput } from '@smart-support/testing';
import * as fc from 'fast-check';
import { AgentRegistry } from './agent-registry';

describe('the agent registry', () => {
  let clock: VirtualClock;
  let registry: AgentRegistry;
  beforeEach(() => {
    clock = new VirtualClock();
    registry = new AgentRegistry(clock);
  });
  const now = (): string => new Date(clock.now()).toISOString();

  it('knows a new agent as idle since now, with nothing in flight', () => {
    clock.advance(1234);
    const agent = registry.put('ann', anAgentInput());
    expect(agent).toEqual({ id: 'ann', ...anAgentInput(), load: 0, idle_since: now() });
    expect(registry.get('ann')).toEqual(agent);
    expect(registry.list()).toEqual([agent]);
    expect(registry.size).toBe(1);
  });

  it('lists agents by id', () => {
    for (const id of ['c', 'a', 'constructor', 'b']) registry.put(id, anAgentInput());
    expect(registry.list().map(({ id }) => id)).toEqual(['a', 'b', 'c', 'constructor']);
  });

  it('counts an agent as idle since it was last given something, not since it finished', () => {
    registry.put('ann', anAgentInput());
    clock.advance(1000);
    registry.reserve('ann');
    const given = now();
    clock.advance(1000);
    registry.free('ann');
    registry.put('ann', anAgentInput({ capacity: 5 }));
    expect(registry.get('ann')).toMatchObject({ idle_since: given, load: 0, capacity: 5 });
  });

  it('gives out as many slots as there are', () => {
    registry.put('ann', anAgentInput({ capacity: 2 }));
    expect([1, 2, 3].map(() => registry.reserve('ann'))).toEqual([true, true, false]);
    expect([1, 2, 3].map(() => registry.free('ann'))).toEqual([true, true, false]);
    expect(registry.get('ann').load).toBe(0);
  });

  it('gives an away agent nothing', () => {
    registry.put('ann', anAgentInput({ status: 'away' }));
    expect(registry.reserve('ann')).toBe(false);
    expect(registry.openCategories()).toEqual([]);
  });

  it('has no slot while the capacity was lowered below the load', () => {
    registry.put('ann', anAgentInput({ capacity: 3 }));
    for (let n = 0; n < 3; n += 1) registry.reserve('ann');
    registry.put('ann', anAgentInput({ capacity: 1 }));
    expect(registry.get('ann').load).toBe(3);
    registry.free('ann');
    registry.free('ann');
    expect(registry.reserve('ann')).toBe(false);
    registry.free('ann');
    expect(registry.reserve('ann')).toBe(true);
  });

  it('knows nothing of agents that are not there', () => {
    for (const id of ['nobody', '__proto__', 'constructor', '']) {
      expect(() => registry.get(id)).toThrow(expect.objectContaining({ code: 'not_found' }));
      expect([registry.reserve(id), registry.free(id), registry.remove(id)]).toEqual([false, false, false]);
    }
  });

  it('forgets an agent with all it had', () => {
    registry.put('ann', anAgentInput());
    registry.reserve('ann');
    expect(registry.remove('ann')).toBe(true);
    expect(registry.list()).toEqual([]);
    expect(registry.put('ann', anAgentInput()).load).toBe(0);
  });

  it('says which categories can be served at the moment', () => {
    registry.put('ann', anAgentInput({ skills: { Legal: 0.1, Billing: 0 }, capacity: 1 }));
    registry.put('ben', anAgentInput({ skills: { Technical: 1 }, capacity: 1 }));
    expect(registry.openCategories()).toEqual(['Technical', 'Legal']);
    registry.reserve('ben');
    expect(registry.openCategories()).toEqual(['Legal']);
  });

  it('ranks everybody as they stand, after every change anew', () => {
    const ranking = () => registry.rank('Billing').map(({ agent_id, outcome, load }) => [agent_id, outcome, load]);
    expect(ranking()).toEqual([]);
    registry.put('ann', anAgentInput({ skills: { Billing: 0.8 }, capacity: 2 }));
    registry.put('ben', anAgentInput({ skills: { Billing: 0.5 }, capacity: 2 }));
    expect(ranking()).toEqual([
      ['ann', 'chosen', 0],
      ['ben', 'lower_score', 0],
    ]);
    registry.reserve('ann');
    expect(ranking()).toEqual([
      ['ben', 'chosen', 0],
      ['ann', 'lower_score', 1],
    ]);
    registry.free('ann');
    expect(ranking()[0]).toEqual(['ann', 'chosen', 0]);
    registry.put('ann', anAgentInput({ status: 'away' }));
    expect(ranking()).toEqual([
      ['ben', 'chosen', 0],
      ['ann', 'away', 0],
    ]);
    registry.remove('ann');
    expect(ranking()).toEqual([['ben', 'chosen', 0]]);
  });

  it('is not changed by what a caller does to answers or to what it gave', () => {
    const input = anAgentInput({ skills: { Billing: 0.5 } });
    const answer = registry.put('ann', input);
    input.skills.Legal = 1;
    answer.load = 9;
    for (const agent of [answer, registry.get('ann'), ...registry.list()]) agent.skills.Technical = 1;
    expect(registry.get('ann')).toMatchObject({ skills: { Billing: 0.5 }, load: 0 });
    expect(registry.get('ann').skills).toEqual({ Billing: 0.5 });
  });

  it('never counts below nothing nor reserves beyond the capacity, whatever happens', () => {
    const change = fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom('reserve' as const, 'free' as const) },
      { weight: 1, arbitrary: fc.nat({ max: 4 }) },
    );
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
        const agents = new AgentRegistry(clock);
        agents.put('ann', anAgentInput({ capacity: 2 }));
        let load = 0;
        for (const step of changes) {
          const { capacity } = agents.get('ann');
          if (step === 'reserve') {
            expect(agents.reserve('ann')).toBe(load < capacity);
            if (load < capacity) load += 1;
          } else if (step === 'free') {
            expect(agents.free('ann')).toBe(load > 0);
            if (load > 0) load -= 1;
          } else agents.put('ann', anAgentInput({ capacity: step }));
          expect(agents.get('ann').load).toBe(load);
        }
      }),
    );
  });
});
