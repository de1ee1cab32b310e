import { aDecision } from '../fixtures';
import { expectRefusal, otherDecision, type OpenHarness } from './broker-harness';

/** The effects of a decision, and the agent that it assigns. */
export function describeAssigning(open: OpenHarness): void {
  describe('committing a decision', () => {
    it('writes the whole decision', async () => {
      const harness = await open();
      await harness.accept({ id: 'a', lane: 'urgent', lane_urgency: 0.6, input: { channel: 'mail' } });
      const claim = (await harness.broker.queue.claimById('a'))!;
      const decision = aDecision({ category: 'Technical', urgency_score: 0.85 });
      const record = await harness.broker.tickets.commit(claim, decision);
      expect(record).toEqual(await harness.record('a'));
      expect(record).toEqual({
        ticket: {
          ...claim.record.ticket,
          status: 'waiting',
          category: 'Technical',
          confidence: decision.confidence,
          needs_review: false,
          review_reasons: [],
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
        history: [],
      });
    });

    it('assigns the ticket to the best agent and explains the others', async () => {
      const harness = await open();
      await harness.agent('best', { skills: { Billing: 0.9 }, capacity: 4 });
      await harness.agent('weaker', { skills: { Billing: 0.5 }, capacity: 4 });
      await harness.agent('away', { status: 'away' });
      await harness.agent('full', { capacity: 0 });
      await harness.agent('lawyer', { skills: { Legal: 1, Billing: 0 } });
      const record = await harness.committed('a', { category: 'Billing' });
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
      expect(await harness.load('best')).toBe(1);
      expect(await harness.load('weaker')).toBe(0);
    });

    it('ranks the agents as they are now, not as they were', async () => {
      const harness = await open();
      const scores: (number | undefined)[] = [];
      for (const skill of [0.4, 0.6]) {
        await harness.agent('ann', { skills: { Billing: skill } });
        const { explanation } = await harness.committed(`t${skill}`);
        scores.push(explanation.assignment?.agents[0]?.score);
        await harness.broker.tickets.complete(`t${skill}`, {});
      }
      expect(scores).toEqual([0.4, 0.6]);
    });

    it('spreads tickets by skill and load', async () => {
      const harness = await open();
      await harness.agent('expert', { skills: { Legal: 1 }, capacity: 2 });
      await harness.agent('novice', { skills: { Legal: 0.6 }, capacity: 4 });
      const ids = ['a', 'b', 'c', 'd'];
      await harness.committedInTurn(ids, { category: 'Legal' });
      // 1 | 0.5 against 0.6 | 0.5 against 0.45 | 0 against 0.45
      expect(await harness.whereabouts(...ids)).toEqual(['expert', 'novice', 'expert', 'novice']);
    });

    it('prefers, of equal agents, the one that has been idle for longest', async () => {
      const harness = await open();
      for (const id of ['c', 'b', 'a']) {
        await harness.agent(id, { capacity: 2 });
        await harness.advance(5);
      }
      await harness.committedInTurn(['t1', 't2', 't3']);
      expect(await harness.whereabouts('t1', 't2', 't3')).toEqual(['c', 'b', 'a']);
      for (const id of ['t1', 't2', 't3']) await harness.broker.tickets.complete(id, {});
      await harness.committedInTurn(['t4']);
      expect(await harness.whereabouts('t4')).toEqual(['c']);
    });

    it('lets a ticket wait if no agent can take it, with the reason for each agent', async () => {
      const harness = await open();
      await harness.agent('busy', { capacity: 1 });
      await harness.agent('lawyer', { skills: { Legal: 1 } });
      await harness.committed('a', { category: 'Billing' });
      const { ticket, explanation } = await harness.committed('b', { category: 'Billing' });
      expect(ticket).toMatchObject({ status: 'waiting', assigned_agent: null });
      expect(explanation.assignment).toMatchObject({ how: 'waiting', agent_id: null });
      expect(explanation.assignment?.agents.map(({ agent_id, outcome }) => [agent_id, outcome])).toEqual([
        ['busy', 'no_capacity'],
        ['lawyer', 'no_skill'],
      ]);
    });

    it('changes nothing when repeated with the same claim', async () => {
      const harness = await open();
      await harness.agent('ann', { capacity: 5 });
      const claim = await harness.claimed('a');
      const record = await harness.broker.tickets.commit(claim, aDecision());
      expect(await harness.broker.tickets.commit(claim, otherDecision())).toEqual(record);
      expect(await harness.load('ann')).toBe(1);
      await harness.broker.tickets.complete('a', {});
      expect((await harness.broker.tickets.commit(claim, otherDecision())).ticket.category).toBe('Billing');
      expect(await harness.status('a')).toBe('completed');
      expect(await harness.load('ann')).toBe(0);
    });

    it('happens once, also when two send it at the same time', async () => {
      const harness = await open();
      await harness.agent('ann', { capacity: 5 });
      const claim = await harness.claimed('a');
      const commit = () => harness.broker.tickets.commit(claim, aDecision());
      const [first, second] = await Promise.all([commit(), commit()]);
      expect(first).toEqual(second);
      expect(await harness.load('ann')).toBe(1);
    });

    it('ends the claim', async () => {
      const harness = await open();
      const claim = await harness.claimed('a');
      await harness.broker.tickets.commit(claim, aDecision());
      await expectRefusal(harness.broker.queue.requeue(claim), 'lease_lost');
      expect(await harness.broker.queue.heartbeat([claim])).toEqual(['a']);
      expect(await harness.sweepExpired()).toBe(0);
    });

    it('is refused as a whole if the decision cannot be ordered', async () => {
      const harness = await open();
      const claim = await harness.claimed('a');
      for (const urgency_score of [Number.NaN, -0.1, 1.1, Number.POSITIVE_INFINITY]) {
        await expectRefusal(harness.broker.tickets.commit(claim, aDecision({ urgency_score })), 'invalid_input');
      }
      expect((await harness.record('a')).ticket).toMatchObject({ status: 'processing', category: null });
      expect((await harness.broker.tickets.commit(claim, aDecision())).ticket.status).toBe('waiting');
    });
  });

  describe('completing a ticket', () => {
    it('frees the slot and records who completed it, when, and the corrections', async () => {
      const harness = await open();
      await harness.agent('ann');
      const before = await harness.committed('a', { category: 'Billing' });
      const record = await harness.broker.tickets.complete('a', { category: 'Legal', urgency_score: 0 });
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
      expect(record).toEqual(await harness.record('a'));
      expect(await harness.load('ann')).toBe(0);
    });

    it('records no corrections without any', async () => {
      const harness = await open();
      await harness.agent('ann');
      await harness.committedInTurn(['a', 'b']);
      expect((await harness.broker.tickets.complete('a', {})).explanation.corrections).toBeNull();
      const { explanation } = await harness.broker.tickets.complete('b', { category: null, urgency_score: 0.2 });
      expect(explanation.corrections).toEqual({ urgency_score: 0.2 });
    });

    it('frees one slot however often it is repeated', async () => {
      const harness = await open();
      await harness.agent('ann', { capacity: 2 });
      await harness.committedInTurn(['a', 'b', 'c', 'd']);
      const complete = () => harness.broker.tickets.complete('a', { category: 'Legal' });
      const [first, second] = await Promise.all([complete(), complete()]);
      expect(second).toEqual(first);
      expect(await harness.broker.tickets.complete('a', { category: 'Technical' })).toEqual(first);
      expect(await harness.whereabouts('b', 'c', 'd')).toEqual(['ann', 'ann', 'waiting']);
      expect(await harness.load('ann')).toBe(2);
    });

    it('is refused for an unknown ticket', async () => {
      const { broker } = await open();
      for (const id of ['unknown', '__proto__', 'constructor', '']) {
        await expectRefusal(broker.tickets.complete(id, {}), 'not_found');
      }
    });
  });
}
