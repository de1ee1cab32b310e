import { anAgentInput } from '../fixtures';
import { expectRefusal, only, type OpenScene } from './scene';

/** Agents coming, changing and leaving. */
export function describeAgents(open: OpenScene): void {
  describe('the agents', () => {
    it('are listed by id with their load and idle time', async () => {
      const scene = await open();
      await scene.agent('zoe', { capacity: 3 });
      const bea = await scene.agent('bea', { skills: { Legal: 0.4 } });
      await scene.committed('a', { category: 'Billing' });
      const agents = await scene.broker.agents.list();
      expect(agents).toEqual([
        { id: 'bea', ...anAgentInput({ skills: { Legal: 0.4 } }), load: 0, idle_since: bea.idle_since },
        { id: 'zoe', ...anAgentInput({ capacity: 3 }), load: 1, idle_since: expect.stringMatching(/Z$/) },
      ]);
    });

    it('take waiting tickets, in order, as soon as they come', async () => {
      const scene = await open();
      await scene.committedInTurn(['a', 'b'], { urgency_score: 0.2 });
      await scene.committedInTurn(['c'], { urgency_score: 0.9 });
      const ann = await scene.agent('ann', { capacity: 2 });
      expect(ann.load).toBe(2);
      expect(await scene.whereabouts('a', 'b', 'c')).toEqual(['ann', 'waiting', 'ann']);
    });

    it('keep their open tickets when they change', async () => {
      const scene = await open();
      await scene.agent('ann', { capacity: 3 });
      await scene.committedInTurn(['a', 'b']);
      const ann = await scene.agent('ann', { name: 'Ann Other', capacity: 1, skills: { Legal: 1 }, status: 'away' });
      expect(ann).toMatchObject({ name: 'Ann Other', capacity: 1, load: 2, status: 'away' });
      expect(await scene.whereabouts('a', 'b')).toEqual(['ann', 'ann']);
      await scene.broker.tickets.complete('a', {});
      expect(await scene.load('ann')).toBe(1);
    });

    it('get nothing while they hold more than their lowered capacity', async () => {
      const scene = await open();
      await scene.agent('ann', { capacity: 3 });
      await scene.committedInTurn(['a', 'b', 'c', 'd']);
      await scene.agent('ann', { capacity: 1 });
      await scene.broker.tickets.complete('a', {});
      await scene.broker.tickets.complete('b', {});
      expect(await scene.whereabouts('c', 'd')).toEqual(['ann', 'waiting']);
      await scene.broker.tickets.complete('c', {});
      expect(await scene.whereabouts('d')).toEqual(['ann']);
    });

    it.each([
      ['get more capacity', { capacity: 3 }],
      ['come back', { capacity: 3, status: 'available' as const }],
      ['learn a skill', { capacity: 3, skills: { Billing: 0.1 } }],
    ])('get waiting tickets at once when they %s', async (what, changes) => {
      const scene = await open();
      const before = {
        'get more capacity': { capacity: 0 },
        'come back': { capacity: 3, status: 'away' as const },
        'learn a skill': { capacity: 3, skills: { Legal: 1 } },
      }[what];
      await scene.agent('ann', before);
      await scene.committedInTurn(['a', 'b', 'c', 'd']);
      expect(await scene.whereabouts('a', 'b', 'c', 'd')).toEqual(['waiting', 'waiting', 'waiting', 'waiting']);
      expect((await scene.agent('ann', changes)).load).toBe(3);
      expect(await scene.whereabouts('a', 'b', 'c', 'd')).toEqual(['ann', 'ann', 'ann', 'waiting']);
    });

    it('get nothing while they are away', async () => {
      const scene = await open();
      await scene.agent('ann', { capacity: 2 });
      await scene.committedInTurn(['a']);
      await scene.agent('ann', { capacity: 2, status: 'away' });
      await scene.committedInTurn(['b']);
      await scene.broker.tickets.complete('a', {});
      expect(await scene.whereabouts('b')).toEqual(['waiting']);
    });

    it('are not changed by what a caller does to an answer', async () => {
      const scene = await open();
      await scene.agent('ann', { capacity: 1, skills: { Billing: 0.5 } });
      const listed = only(await scene.broker.agents.list());
      listed.skills.Legal = 1;
      listed.load = 7;
      expect(only(await scene.broker.agents.list())).toMatchObject({ skills: { Billing: 0.5 }, load: 0 });
    });

    it('may bear ids that name parts of JavaScript', async () => {
      const scene = await open();
      await expectRefusal(scene.broker.agents.remove('__proto__'), 'not_found');
      await scene.agent('constructor', { capacity: 1 });
      await scene.committedInTurn(['toString', 'valueOf']);
      expect(await scene.whereabouts('toString', 'valueOf')).toEqual(['constructor', 'waiting']);
      await scene.broker.tickets.complete('toString', {});
      expect(await scene.whereabouts('valueOf')).toEqual(['constructor']);
    });
  });

  describe('removing an agent', () => {
    it('gives its tickets to the others, first in line first, and lets the rest wait', async () => {
      const scene = await open();
      await scene.agent('ann', { capacity: 4 });
      await scene.committedInTurn(['a', 'b'], { urgency_score: 0.2 });
      await scene.committedInTurn(['c', 'd'], { urgency_score: 0.9 });
      await scene.agent('ben', { capacity: 3 });
      await scene.broker.agents.remove('ann');
      expect(await scene.whereabouts('a', 'b', 'c', 'd')).toEqual(['ben', 'waiting', 'ben', 'ben']);
      expect((await scene.broker.agents.list()).map(({ id, load }) => [id, load])).toEqual([['ben', 3]]);
    });

    it('keeps each ticket’s place in line', async () => {
      const scene = await open();
      await scene.agent('ann', { capacity: 1 });
      await scene.committedInTurn(['first', 'second', 'third']);
      await scene.broker.agents.remove('ann');
      await scene.agent('ben', { capacity: 2 });
      expect(await scene.whereabouts('first', 'second', 'third')).toEqual(['ben', 'ben', 'waiting']);
    });

    it('explains what became of each ticket', async () => {
      const scene = await open();
      await scene.agent('ann', { capacity: 2 });
      await scene.committedInTurn(['a', 'b']);
      await scene.agent('ben', { capacity: 1 });
      await scene.broker.agents.remove('ann');
      const [a, b] = [await scene.record('a'), await scene.record('b')];
      expect(a.explanation.assignment).toMatchObject({ how: 'ranked', agent_id: 'ben' });
      expect(b.ticket).toMatchObject({ status: 'waiting', assigned_agent: null });
      expect(b.explanation.assignment).toMatchObject({ how: 'waiting', agent_id: null });
      expect(b.explanation.assignment?.agents.map(({ agent_id, outcome }) => [agent_id, outcome])).toEqual([
        ['ben', 'no_capacity'],
      ]);
    });

    it('leaves completed tickets alone', async () => {
      const scene = await open();
      await scene.agent('ann');
      await scene.committed('a');
      const record = await scene.broker.tickets.complete('a', {});
      await scene.broker.agents.remove('ann');
      expect(await scene.record('a')).toEqual(record);
    });

    it('starts from nothing if the same id comes back', async () => {
      const scene = await open();
      await scene.agent('ann', { capacity: 2 });
      await scene.agent('ben', { capacity: 1 });
      await scene.committedInTurn(['a', 'b']);
      await scene.broker.agents.remove('ann');
      expect((await scene.agent('ann', { capacity: 0 })).load).toBe(0);
    });

    it('is refused for an agent that is not there', async () => {
      const scene = await open();
      await scene.agent('ann');
      await scene.broker.agents.remove('ann');
      await expectRefusal(scene.broker.agents.remove('ann'), 'not_found');
    });
  });

  describe('seeding a roster', () => {
    const roster = ['ann', 'ben'].map((id) => ({ id, ...anAgentInput({ capacity: 1 }) }));

    it('fills an empty broker and serves those who wait', async () => {
      const scene = await open();
      await scene.committedInTurn(['a', 'b', 'c']);
      expect(await scene.broker.agents.seed(roster)).toBe(true);
      expect((await scene.whereabouts('a', 'b', 'c')).toSorted()).toEqual(['ann', 'ben', 'waiting']);
      expect(await scene.status('c')).toBe('waiting');
    });

    it('leaves a roster empty that was emptied on purpose', async () => {
      const scene = await open();
      expect(await scene.broker.agents.seed(roster)).toBe(true);
      for (const { id } of roster) await scene.broker.agents.remove(id);
      expect(await scene.broker.agents.seed(roster)).toBe(false);
      expect(await scene.broker.agents.list()).toEqual([]);
    });

    it('changes nothing where somebody is', async () => {
      const scene = await open();
      await scene.agent('zoe');
      expect(await scene.broker.agents.seed(roster)).toBe(false);
      expect((await scene.broker.agents.list()).map(({ id }) => id)).toEqual(['zoe']);
    });
  });
}
