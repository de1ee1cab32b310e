import { anAgentInput } from '../fixtures';
import { expectRefusal, only, type OpenHarness } from './broker-harness';

/** Agents that are added, changed and removed. */
export function describeAgents(open: OpenHarness): void {
  describe('the agents', () => {
    it('are listed by id with their load and idle time', async () => {
      const harness = await open();
      await harness.agent('zoe', { capacity: 3 });
      const bea = await harness.agent('bea', { skills: { Legal: 0.4 } });
      await harness.committed('a', { category: 'Billing' });
      const agents = await harness.broker.agents.list();
      expect(agents).toEqual([
        { id: 'bea', ...anAgentInput({ skills: { Legal: 0.4 } }), load: 0, idle_since: bea.idle_since },
        { id: 'zoe', ...anAgentInput({ capacity: 3 }), load: 1, idle_since: expect.stringMatching(/Z$/) },
      ]);
    });

    it('take waiting tickets, in order, as soon as they are added', async () => {
      const harness = await open();
      await harness.committedInTurn(['a', 'b'], { urgency_score: 0.2 });
      await harness.committedInTurn(['c'], { urgency_score: 0.9 });
      const ann = await harness.agent('ann', { capacity: 2 });
      expect(ann.load).toBe(2);
      expect(await harness.whereabouts('a', 'b', 'c')).toEqual(['ann', 'waiting', 'ann']);
    });

    it('keep their open tickets when they change', async () => {
      const harness = await open();
      await harness.agent('ann', { capacity: 3 });
      await harness.committedInTurn(['a', 'b']);
      const ann = await harness.agent('ann', { name: 'Ann Other', capacity: 1, skills: { Legal: 1 }, status: 'away' });
      expect(ann).toMatchObject({ name: 'Ann Other', capacity: 1, load: 2, status: 'away' });
      expect(await harness.whereabouts('a', 'b')).toEqual(['ann', 'ann']);
      await harness.broker.tickets.complete('a', {});
      expect(await harness.load('ann')).toBe(1);
    });

    it('get nothing while they have more than their lowered capacity', async () => {
      const harness = await open();
      await harness.agent('ann', { capacity: 3 });
      await harness.committedInTurn(['a', 'b', 'c', 'd']);
      await harness.agent('ann', { capacity: 1 });
      await harness.broker.tickets.complete('a', {});
      await harness.broker.tickets.complete('b', {});
      expect(await harness.whereabouts('c', 'd')).toEqual(['ann', 'waiting']);
      await harness.broker.tickets.complete('c', {});
      expect(await harness.whereabouts('d')).toEqual(['ann']);
    });

    it.each([
      ['get more capacity', { capacity: 3 }],
      ['come back', { capacity: 3, status: 'available' as const }],
      ['learn a skill', { capacity: 3, skills: { Billing: 0.1 } }],
    ])('get waiting tickets at once when they %s', async (what, changes) => {
      const harness = await open();
      const before = {
        'get more capacity': { capacity: 0 },
        'come back': { capacity: 3, status: 'away' as const },
        'learn a skill': { capacity: 3, skills: { Legal: 1 } },
      }[what];
      await harness.agent('ann', before);
      await harness.committedInTurn(['a', 'b', 'c', 'd']);
      expect(await harness.whereabouts('a', 'b', 'c', 'd')).toEqual(['waiting', 'waiting', 'waiting', 'waiting']);
      expect((await harness.agent('ann', changes)).load).toBe(3);
      expect(await harness.whereabouts('a', 'b', 'c', 'd')).toEqual(['ann', 'ann', 'ann', 'waiting']);
    });

    it('get nothing while they are away', async () => {
      const harness = await open();
      await harness.agent('ann', { capacity: 2 });
      await harness.committedInTurn(['a']);
      await harness.agent('ann', { capacity: 2, status: 'away' });
      await harness.committedInTurn(['b']);
      await harness.broker.tickets.complete('a', {});
      expect(await harness.whereabouts('b')).toEqual(['waiting']);
    });

    it('are not changed by a caller that changes a result', async () => {
      const harness = await open();
      await harness.agent('ann', { capacity: 1, skills: { Billing: 0.5 } });
      const listed = only(await harness.broker.agents.list());
      listed.skills.Legal = 1;
      listed.load = 7;
      expect(only(await harness.broker.agents.list())).toMatchObject({ skills: { Billing: 0.5 }, load: 0 });
    });

    it('may have ids that are names of JavaScript', async () => {
      const harness = await open();
      await expectRefusal(harness.broker.agents.remove('__proto__'), 'not_found');
      await harness.agent('constructor', { capacity: 1 });
      await harness.committedInTurn(['toString', 'valueOf']);
      expect(await harness.whereabouts('toString', 'valueOf')).toEqual(['constructor', 'waiting']);
      await harness.broker.tickets.complete('toString', {});
      expect(await harness.whereabouts('valueOf')).toEqual(['constructor']);
    });
  });

  describe('removing an agent', () => {
    it('assigns its tickets to the others, first in line first, and puts the rest in line', async () => {
      const harness = await open();
      await harness.agent('ann', { capacity: 4 });
      await harness.committedInTurn(['a', 'b'], { urgency_score: 0.2 });
      await harness.committedInTurn(['c', 'd'], { urgency_score: 0.9 });
      await harness.agent('ben', { capacity: 3 });
      await harness.broker.agents.remove('ann');
      expect(await harness.whereabouts('a', 'b', 'c', 'd')).toEqual(['ben', 'waiting', 'ben', 'ben']);
      expect((await harness.broker.agents.list()).map(({ id, load }) => [id, load])).toEqual([['ben', 3]]);
    });

    it('keeps each ticket’s place in line', async () => {
      const harness = await open();
      await harness.agent('ann', { capacity: 1 });
      await harness.committedInTurn(['first', 'second', 'third']);
      await harness.broker.agents.remove('ann');
      await harness.agent('ben', { capacity: 2 });
      expect(await harness.whereabouts('first', 'second', 'third')).toEqual(['ben', 'ben', 'waiting']);
    });

    it('explains what became of each ticket', async () => {
      const harness = await open();
      await harness.agent('ann', { capacity: 2 });
      await harness.committedInTurn(['a', 'b']);
      await harness.agent('ben', { capacity: 1 });
      await harness.broker.agents.remove('ann');
      const [a, b] = [await harness.record('a'), await harness.record('b')];
      expect(a.explanation.assignment).toMatchObject({ how: 'ranked', agent_id: 'ben' });
      expect(b.ticket).toMatchObject({ status: 'waiting', assigned_agent: null });
      expect(b.explanation.assignment).toMatchObject({ how: 'waiting', agent_id: null });
      expect(b.explanation.assignment?.agents.map(({ agent_id, outcome }) => [agent_id, outcome])).toEqual([
        ['ben', 'no_capacity'],
      ]);
    });

    it('leaves completed tickets alone', async () => {
      const harness = await open();
      await harness.agent('ann');
      await harness.committed('a');
      const record = await harness.broker.tickets.complete('a', {});
      await harness.broker.agents.remove('ann');
      expect(await harness.record('a')).toEqual(record);
    });

    it('starts with an empty record if the same id is added again', async () => {
      const harness = await open();
      await harness.agent('ann', { capacity: 2 });
      await harness.agent('ben', { capacity: 1 });
      await harness.committedInTurn(['a', 'b']);
      await harness.broker.agents.remove('ann');
      expect((await harness.agent('ann', { capacity: 0 })).load).toBe(0);
    });

    it('is refused for an agent that is not there', async () => {
      const harness = await open();
      await harness.agent('ann');
      await harness.broker.agents.remove('ann');
      await expectRefusal(harness.broker.agents.remove('ann'), 'not_found');
    });
  });

  describe('seeding a roster', () => {
    const roster = ['ann', 'ben'].map((id) => ({ id, ...anAgentInput({ capacity: 1 }) }));

    it('fills an empty broker and assigns waiting tickets', async () => {
      const harness = await open();
      await harness.committedInTurn(['a', 'b', 'c']);
      expect(await harness.broker.agents.seed(roster)).toBe(true);
      expect((await harness.whereabouts('a', 'b', 'c')).toSorted()).toEqual(['ann', 'ben', 'waiting']);
      expect(await harness.status('c')).toBe('waiting');
    });

    it('leaves a roster empty that was emptied on purpose', async () => {
      const harness = await open();
      expect(await harness.broker.agents.seed(roster)).toBe(true);
      for (const { id } of roster) await harness.broker.agents.remove(id);
      expect(await harness.broker.agents.seed(roster)).toBe(false);
      expect(await harness.broker.agents.list()).toEqual([]);
    });

    it('changes nothing if there is an agent', async () => {
      const harness = await open();
      await harness.agent('zoe');
      expect(await harness.broker.agents.seed(roster)).toBe(false);
      expect((await harness.broker.agents.list()).map(({ id }) => id)).toEqual(['zoe']);
    });
  });
}
