import {
  TICKET_ACTIONS,
  TICKET_STATUSES,
  personMay,
  type TicketAction,
  type TicketStatus,
} from '@smart-support/contracts';
import { anIsoTime, expectRefusal, type BrokerHarness, type OpenHarness } from './broker-harness';
import { WAYS } from './life-table';

const ACTOR = { by: 'mara', note: 'The customer called.' };

const act = (harness: BrokerHarness, action: TicketAction, id: string): Promise<unknown> => {
  const { tickets } = harness.broker;
  switch (action) {
    case 'amend':
      return tickets.amend(id, { category: 'Legal' }, ACTOR);
    default:
      return tickets[action](id, ACTOR);
  }
};

/** What persons do with single tickets. */
export function describeTicketActions(open: OpenHarness): void {
  describe.each(Object.keys(TICKET_ACTIONS) as TicketAction[])('to %s a ticket', (action) => {
    it.each([...TICKET_STATUSES])(
      'is allowed as the life table says when it is %s, and else changes nothing',
      async (status: TicketStatus) => {
        const harness = await open();
        await WAYS[status](harness, 'a');
        // Takes what is assigned to it, and nothing by itself.
        const takesAll = action === 'reassign' && status === 'assigned';
        await harness.agent('ben', { skills: takesAll ? { Billing: 0.1 } : {} });
        const before = await harness.record('a');
        expect(before.ticket.status).toBe(status);
        if (personMay(action, status)) {
          await act(harness, action, 'a');
          expect((await harness.record('a')).history).toEqual([
            expect.objectContaining({ action, ...ACTOR, at: anIsoTime() }),
          ]);
        } else if (action === 'cancel' && status === 'completed') {
          await act(harness, action, 'a');
          expect(await harness.record('a')).toEqual(before);
        } else {
          await expectRefusal(act(harness, action, 'a'), 'transition_not_allowed', status);
          expect(await harness.record('a')).toEqual(before);
        }
      },
    );

    it('needs a known ticket', async () => {
      const harness = await open();
      await harness.agent('ben');
      for (const id of ['unknown', '__proto__']) await expectRefusal(act(harness, action, id), 'not_found');
    });
  });

  describe('a ticket that is given to another agent', () => {
    it('goes to the best other one, and its slot to the first in line', async () => {
      const harness = await open();
      await harness.agent('ann', { capacity: 1, skills: { Billing: 0.9 } });
      await harness.committedInTurn(['a', 'b']);
      await harness.agent('ben', { capacity: 1, skills: { Legal: 0.9 } });
      await harness.agent('cleo', { capacity: 1, status: 'away' });
      await expectRefusal(harness.broker.tickets.reassign('a', ACTOR), 'transition_not_allowed', 'No other agent');
      expect(await harness.whereabouts('a', 'b')).toEqual(['ann', 'waiting']);
      await harness.broker.tickets.cancel('b', ACTOR);
      await harness.agent('cleo', { capacity: 1, skills: { Billing: 0.2 } });
      await harness.agent('dara', { capacity: 1, skills: { Billing: 0.4 } });
      await harness.broker.tickets.reassign('a', ACTOR);
      expect(await harness.whereabouts('a')).toEqual(['dara']);
      const { history, explanation } = await harness.record('a');
      expect(history).toMatchObject([{ action: 'reassign', from_agent: 'ann', to_agent: 'dara' }]);
      expect(explanation.assignment).toMatchObject({
        ...{ how: 'ranked', agent_id: 'dara' },
        agents: [{ agent_id: 'dara', outcome: 'chosen' }, { agent_id: 'cleo' }, { agent_id: 'ben' }],
      });
      // As each claim by `claim` does: a worker sees which slots became free.
      await harness.broker.agents.list();
      await harness.committedInTurn(['c', 'd', 'e']);
      expect(await harness.whereabouts('c', 'd', 'e')).toEqual(['ann', 'cleo', 'waiting']);
      await harness.broker.tickets.amend('c', { agent: 'ben' }, ACTOR);
      expect(await harness.whereabouts('c', 'e')).toEqual(['ben', 'ann']);
      const loads = await Promise.all(['ann', 'ben', 'cleo', 'dara'].map((id) => harness.load(id)));
      expect(loads).toEqual([1, 1, 1, 1]);
    });

    it('is refused where that agent is unknown, away or full, unless it is forced', async () => {
      const harness = await open();
      await harness.agent('ann');
      await harness.committedInTurn(['a', 'b']);
      await harness.agent('full', { capacity: 0 });
      await harness.agent('away', { status: 'away' });
      const { tickets } = harness.broker;
      await expectRefusal(tickets.amend('a', { agent: 'unknown', force: true }, ACTOR), 'not_found', 'unknown');
      for (const agent of ['full', 'away']) {
        await expectRefusal(tickets.amend('a', { agent }, ACTOR), 'transition_not_allowed', agent);
      }
      expect(await harness.whereabouts('a', 'b')).toEqual(['ann', 'ann']);
      expect((await tickets.amend('a', { agent: 'full', force: true }, ACTOR)).ticket).toMatchObject({
        assigned_agent: 'full',
      });
      expect((await tickets.amend('a', { agent: 'full' }, ACTOR)).history).toHaveLength(1);
      expect([await harness.load('full'), await harness.load('ann')]).toEqual([1, 1]);
      await tickets.complete('a', {});
      expect(await harness.load('full')).toBe(0);
    });

    it('keeps everything as it was where one of several changes is refused', async () => {
      const harness = await open();
      await harness.agent('ann');
      await harness.committed('a');
      await harness.agent('full', { capacity: 0 });
      const before = await harness.record('a');
      const changes = { agent: 'full', category: 'Legal', urgency_score: 1 } as const;
      await expectRefusal(harness.broker.tickets.amend('a', changes, ACTOR), 'transition_not_allowed', 'full');
      expect(await harness.record('a')).toEqual(before);
      const { ticket, history } = await harness.broker.tickets.amend('a', { ...changes, force: true }, ACTOR);
      expect(ticket).toMatchObject({ assigned_agent: 'full', category: 'Legal', urgency_score: 1 });
      expect(history).toMatchObject([{ action: 'amend', from_agent: 'ann', to_agent: 'full' }]);
    });

    it('leaves the line for an agent without the skill, if it is named', async () => {
      const harness = await open();
      await harness.committed('a', { category: 'Legal' });
      await harness.agent('ann', { skills: { Billing: 1 } });
      expect(await harness.whereabouts('a')).toEqual(['waiting']);
      const { explanation } = await harness.broker.tickets.amend('a', { agent: 'ann' }, ACTOR);
      expect(explanation.assignment).toMatchObject({ how: 'by_hand', agent_id: 'ann' });
      expect(await harness.whereabouts('a')).toEqual(['ann']);
      expect(await harness.broker.queue.report()).toMatchObject({ waiting: { Legal: 0 } });
    });
  });

  describe('a correction', () => {
    it('moves a ticket in line to the agents of its category, without a review', async () => {
      const harness = await open();
      await harness.agent('ann', { skills: { Legal: 1 } });
      await harness.committed('a', { category: 'Billing' });
      const { ticket, explanation } = await harness.broker.tickets.amend('a', { category: 'Legal' }, ACTOR);
      expect(ticket).toMatchObject({
        status: 'assigned',
        assigned_agent: 'ann',
        category: 'Legal',
        needs_review: false,
      });
      expect(explanation.corrections).toEqual({ category: 'Legal' });
      expect((await harness.record('a')).history).toMatchObject([
        { action: 'amend', from_agent: null, to_agent: 'ann', corrections: { category: 'Legal' } },
      ]);
    });

    it('of the urgency decides who goes first', async () => {
      const harness = await open({ waitAgeingMs: 10_000_000 });
      await harness.committedInTurn(['first', 'second'], { urgency_score: 0.5 });
      await harness.broker.tickets.amend('second', { urgency_score: 0.9 }, ACTOR);
      await harness.agent('ann', { capacity: 1 });
      expect(await harness.whereabouts('first', 'second')).toEqual(['waiting', 'ann']);
    });

    it('leaves an assigned ticket with its agent', async () => {
      const harness = await open();
      await harness.agent('ann');
      await harness.committed('a');
      await harness.broker.tickets.amend('a', { category: 'Legal', urgency_score: 0.7 }, ACTOR);
      expect((await harness.record('a')).ticket).toMatchObject({
        ...{ status: 'assigned', assigned_agent: 'ann', category: 'Legal', urgency_score: 0.7 },
      });
    });
  });

  describe('a ticket that is cancelled', () => {
    it.each(['queued', 'waiting', 'assigned', 'suppressed'] as const)(
      'leaves the place where it is %s',
      async (status) => {
        const harness = await open();
        await WAYS[status](harness, 'a');
        const { ticket } = await harness.broker.tickets.cancel('a', ACTOR);
        expect(ticket).toMatchObject({ status: 'completed', resolution: 'cancelled', completed_at: anIsoTime() });
        const report = await harness.broker.queue.report();
        expect(report).toMatchObject({
          ...{ lanes: { urgent: 0, normal: 0 }, in_progress: 0, waiting: { Billing: 0, Technical: 0, Legal: 0 } },
        });
        expect((await harness.broker.agents.list()).every(({ load }) => load === 0)).toBe(true);
        expect(await harness.claimIds(5)).toEqual([]);
      },
    );

    it('stays in its incident, also where nobody has decided about it yet', async () => {
      const harness = await open();
      await harness.acceptInTurn(['a', 'b']);
      const { id } = await harness.broker.incidents.open('An outage', ['a', 'b']);
      const { ticket } = await harness.broker.tickets.cancel('b', ACTOR);
      expect(ticket).toMatchObject({ status: 'completed', master_incident_id: id, is_duplicate: true });
    });

    it('makes place for another where the queue is full', async () => {
      const harness = await open({ queueMax: 1 });
      await harness.accept({ id: 'a' });
      expect((await harness.accept({ id: 'b' })).outcome).toBe('full');
      await harness.broker.tickets.cancel('a', ACTOR);
      expect((await harness.accept({ id: 'b' })).outcome).toBe('accepted');
    });

    it('does not wait for its delay', async () => {
      const harness = await open();
      const claim = await harness.claimed('a');
      await harness.broker.queue.fail(claim, { code: 'timeout', message: 'Too slow', retryable: true });
      await harness.broker.tickets.cancel('a', ACTOR);
      await harness.advance(400);
      expect(await harness.claimIds(5)).toEqual([]);
    });
  });

  describe('a ticket that is opened again', () => {
    it('goes to an agent by the decision that there is', async () => {
      const harness = await open();
      await harness.agent('ann', { capacity: 1 });
      await harness.committed('a');
      await harness.broker.tickets.complete('a', {});
      const { ticket } = await harness.broker.tickets.reopen('a', ACTOR);
      expect(ticket).toMatchObject({ status: 'assigned', assigned_agent: 'ann', resolution: null, completed_at: null });
      expect(await harness.load('ann')).toBe(1);
      await harness.broker.tickets.complete('a', {});
      await harness.committed('b');
      expect((await harness.broker.tickets.reopen('a', ACTOR)).ticket.status).toBe('waiting');
    });

    it('is queued where nobody understood it yet', async () => {
      const harness = await open();
      await harness.accept({ id: 'a' });
      await harness.broker.tickets.cancel('a', ACTOR);
      expect((await harness.broker.tickets.reopen('a', ACTOR)).ticket).toMatchObject({ status: 'queued', attempts: 0 });
      expect(await harness.claimIds(5)).toEqual(['a']);
    });

    it('leaves the incident that was resolved', async () => {
      const harness = await open();
      const { id } = await harness.storm();
      await harness.broker.incidents.resolve(id);
      expect((await harness.record('c')).ticket).toMatchObject({ status: 'completed', resolution: 'incident' });
      const { ticket } = await harness.broker.tickets.reopen('c', ACTOR);
      expect(ticket).toMatchObject({ status: 'waiting', master_incident_id: null, is_duplicate: false });
    });

    it('is kept as long as it is open', async () => {
      const harness = await open({ retentionMs: 300, ticketsKept: 1 });
      await harness.agent('ann');
      await harness.committedInTurn(['a', 'b']);
      await harness.broker.tickets.complete('a', {});
      await harness.broker.tickets.reopen('a', ACTOR);
      await harness.broker.tickets.complete('b', {});
      await harness.advance(400);
      expect((await harness.record('a')).ticket.status).toBe('assigned');
    });

    it('keeps a history of the latest hundred actions', async () => {
      const harness = await open();
      await harness.agent('ann');
      await harness.committed('a');
      for (let turn = 0; turn < 52; turn += 1) {
        await harness.broker.tickets.cancel('a', { by: null, note: `turn ${turn}` });
        await harness.broker.tickets.reopen('a', { by: null, note: null });
      }
      const { history } = await harness.record('a');
      expect(history).toHaveLength(100);
      expect(history[0]).toMatchObject({ action: 'cancel', note: 'turn 2' });
    });
  });

  describe('a note on a ticket', () => {
    it('stands in its history, with the agent that has it, and changes nothing else', async () => {
      const harness = await open();
      await harness.agent('ann');
      await harness.committed('a');
      const before = await harness.record('a');
      await harness.broker.tickets.note('a', ACTOR);
      const entry = {
        action: 'note',
        ...ACTOR,
        at: anIsoTime(),
        from_agent: 'ann',
        to_agent: 'ann',
        corrections: null,
      };
      expect(await harness.record('a')).toEqual({ ...before, history: [entry] });
    });

    it('is written once under its name, and as often as it is sent without one', async () => {
      const harness = await open();
      await harness.accept({ id: 'a' });
      const { tickets } = harness.broker;
      // What looks like a name within a text is none.
      await tickets.note('a', { by: null, note: '"note_id":"mail:1"' });
      for (const note of ['first', 'second']) await tickets.note('a', { by: 'mail', note, note_id: 'mail:1' });
      await tickets.note('a', { by: 'mail', note: 'third', note_id: 'mail:12' });
      for (const note of ['fourth', 'fourth']) await tickets.note('a', { by: null, note });
      expect((await harness.record('a')).history.map(({ note, note_id }) => [note, note_id])).toEqual([
        ['"note_id":"mail:1"', undefined],
        ['first', 'mail:1'],
        ['third', 'mail:12'],
        ['fourth', undefined],
        ['fourth', undefined],
      ]);
    });
  });
}
