import { aDecision } from '../fixtures';
import { expectRefusal, otherDecision, type OpenScene } from './scene';

/** What a decision writes down, and which agent it finds. */
export function describeAssigning(open: OpenScene): void {
  describe('committing a decision', () => {
    it('writes down everything that was decided', async () => {
      const scene = await open();
      await scene.accept({ id: 'a', lane: 'urgent', lane_urgency: 0.6, input: { channel: 'mail' } });
      const claim = (await scene.broker.queue.claimById('a'))!;
      const decision = aDecision({ category: 'Technical', urgency_score: 0.85 });
      const record = await scene.broker.tickets.commit(claim, decision);
      expect(record).toEqual(await scene.record('a'));
      expect(record).toEqual({
        ticket: {
          ...claim.record.ticket,
          status: 'waiting',
          category: 'Technical',
          confidence: decision.confidence,
          needs_review: false,
          urgency_score: 0.85,
          model: 'baseline',
        },
        explanation: {
          ticket_id: 'a',
          lane: { name: 'urgent', urgency_score: 0.6 },
          ...decision.explanation,
          assignment: {
            how: 'waiting',
            decided_at: expect.stringMatching(/^\d{4}-.*Z$/),
            agent_id: null,
            agents: [],
          },
          corrections: null,
        },
        channel: 'mail',
        metadata: null,
        source: null,
      });
    });

    it('gives the ticket to the best agent and says why the others lost', async () => {
      const scene = await open();
      await scene.agent('best', { skills: { Billing: 0.9 }, capacity: 4 });
      await scene.agent('weaker', { skills: { Billing: 0.5 }, capacity: 4 });
      await scene.agent('away', { status: 'away' });
      await scene.agent('full', { capacity: 0 });
      await scene.agent('lawyer', { skills: { Legal: 1, Billing: 0 } });
      const record = await scene.committed('a', { category: 'Billing' });
      expect(record.ticket).toMatchObject({ status: 'assigned', assigned_agent: 'best' });
      expect(record.explanation.assignment).toEqual({
        how: 'ranked',
        decided_at: expect.any(String),
        agent_id: 'best',
        agents: [
          { agent_id: 'best', outcome: 'chosen', score: 0.9, load: 0, capacity: 4 },
          { agent_id: 'weaker', outcome: 'lower_score', score: 0.5, load: 0, capacity: 4 },
          { agent_id: 'full', outcome: 'no_capacity', score: 0, load: 0, capacity: 0 },
          { agent_id: 'lawyer', outcome: 'no_skill', score: 0, load: 0, capacity: 2 },
          { agent_id: 'away', outcome: 'away', score: 0, load: 0, capacity: 2 },
        ],
      });
      expect(await scene.load('best')).toBe(1);
      expect(await scene.load('weaker')).toBe(0);
    });

    it('ranks by what the agents are now, not by what they were', async () => {
      const scene = await open();
      const scores: (number | undefined)[] = [];
      for (const skill of [0.4, 0.6]) {
        await scene.agent('ann', { skills: { Billing: skill } });
        const { explanation } = await scene.committed(`t${skill}`);
        scores.push(explanation.assignment?.agents[0]?.score);
        await scene.broker.tickets.complete(`t${skill}`, {});
      }
      expect(scores).toEqual([0.4, 0.6]);
    });

    it('spreads tickets by skill and room', async () => {
      const scene = await open();
      await scene.agent('expert', { skills: { Legal: 1 }, capacity: 2 });
      await scene.agent('novice', { skills: { Legal: 0.6 }, capacity: 4 });
      const ids = ['a', 'b', 'c', 'd'];
      await scene.committedInTurn(ids, { category: 'Legal' });
      // 1 | 0.5 against 0.6 | 0.5 against 0.45 | 0 against 0.45
      expect(await scene.whereabouts(...ids)).toEqual(['expert', 'novice', 'expert', 'novice']);
    });

    it('prefers, of equal agents, the one that was given nothing for longest', async () => {
      const scene = await open();
      for (const id of ['c', 'b', 'a']) {
        await scene.agent(id, { capacity: 2 });
        await scene.advance(5);
      }
      await scene.committedInTurn(['t1', 't2', 't3']);
      expect(await scene.whereabouts('t1', 't2', 't3')).toEqual(['c', 'b', 'a']);
      for (const id of ['t1', 't2', 't3']) await scene.broker.tickets.complete(id, {});
      await scene.committedInTurn(['t4']);
      expect(await scene.whereabouts('t4')).toEqual(['c']);
    });

    it('lets a ticket wait if nobody can take it, with the reason for each agent', async () => {
      const scene = await open();
      await scene.agent('busy', { capacity: 1 });
      await scene.agent('lawyer', { skills: { Legal: 1 } });
      await scene.committed('a', { category: 'Billing' });
      const { ticket, explanation } = await scene.committed('b', { category: 'Billing' });
      expect(ticket).toMatchObject({ status: 'waiting', assigned_agent: null });
      expect(explanation.assignment).toMatchObject({ how: 'waiting', agent_id: null });
      expect(explanation.assignment?.agents.map(({ agent_id, outcome }) => [agent_id, outcome])).toEqual([
        ['busy', 'no_capacity'],
        ['lawyer', 'no_skill'],
      ]);
    });

    it('changes nothing when repeated with the same claim', async () => {
      const scene = await open();
      await scene.agent('ann', { capacity: 5 });
      const claim = await scene.claimed('a');
      const record = await scene.broker.tickets.commit(claim, aDecision());
      expect(await scene.broker.tickets.commit(claim, otherDecision())).toEqual(record);
      expect(await scene.load('ann')).toBe(1);
      await scene.broker.tickets.complete('a', {});
      expect((await scene.broker.tickets.commit(claim, otherDecision())).ticket.category).toBe('Billing');
      expect(await scene.status('a')).toBe('completed');
      expect(await scene.load('ann')).toBe(0);
    });

    it('happens once, also when two send it at the same time', async () => {
      const scene = await open();
      await scene.agent('ann', { capacity: 5 });
      const claim = await scene.claimed('a');
      const commit = () => scene.broker.tickets.commit(claim, aDecision());
      const [first, second] = await Promise.all([commit(), commit()]);
      expect(first).toEqual(second);
      expect(await scene.load('ann')).toBe(1);
    });

    it('ends the claim', async () => {
      const scene = await open();
      const claim = await scene.claimed('a');
      await scene.broker.tickets.commit(claim, aDecision());
      await expectRefusal(scene.broker.queue.requeue(claim), 'lease_lost');
      expect(await scene.broker.queue.heartbeat([claim])).toEqual(['a']);
      expect(await scene.sweepExpired()).toBe(0);
    });

    it('is refused whole if the decision cannot be ordered', async () => {
      const scene = await open();
      const claim = await scene.claimed('a');
      for (const urgency_score of [Number.NaN, -0.1, 1.1, Number.POSITIVE_INFINITY]) {
        await expectRefusal(scene.broker.tickets.commit(claim, aDecision({ urgency_score })), 'invalid_input');
      }
      expect((await scene.record('a')).ticket).toMatchObject({ status: 'processing', category: null });
      expect((await scene.broker.tickets.commit(claim, aDecision())).ticket.status).toBe('waiting');
    });
  });

  describe('completing a ticket', () => {
    it('frees the slot and says who ended it, when, and what was corrected', async () => {
      const scene = await open();
      await scene.agent('ann');
      const before = await scene.committed('a', { category: 'Billing' });
      const record = await scene.broker.tickets.complete('a', { category: 'Legal', urgency_score: 0 });
      expect(record).toEqual({
        ...before,
        ticket: {
          ...before.ticket,
          status: 'completed',
          resolution: 'agent',
          completed_at: expect.stringMatching(/^\d{4}-.*Z$/),
        },
        explanation: { ...before.explanation, corrections: { category: 'Legal', urgency_score: 0 } },
      });
      expect(record).toEqual(await scene.record('a'));
      expect(await scene.load('ann')).toBe(0);
    });

    it('notes no corrections where there were none', async () => {
      const scene = await open();
      await scene.agent('ann');
      await scene.committedInTurn(['a', 'b']);
      expect((await scene.broker.tickets.complete('a', {})).explanation.corrections).toBeNull();
      const { explanation } = await scene.broker.tickets.complete('b', { category: null, urgency_score: 0.2 });
      expect(explanation.corrections).toEqual({ urgency_score: 0.2 });
    });

    it('frees one slot however often it is repeated', async () => {
      const scene = await open();
      await scene.agent('ann', { capacity: 2 });
      await scene.committedInTurn(['a', 'b', 'c', 'd']);
      const complete = () => scene.broker.tickets.complete('a', { category: 'Legal' });
      const [first, second] = await Promise.all([complete(), complete()]);
      expect(second).toEqual(first);
      expect(await scene.broker.tickets.complete('a', { category: 'Technical' })).toEqual(first);
      expect(await scene.whereabouts('b', 'c', 'd')).toEqual(['ann', 'ann', 'waiting']);
      expect(await scene.load('ann')).toBe(2);
    });

    it('is refused for an unknown ticket', async () => {
      const { broker } = await open();
      for (const id of ['unknown', '__proto__', 'constructor', '']) {
        await expectRefusal(broker.tickets.complete(id, {}), 'not_found');
      }
    });
  });
}
