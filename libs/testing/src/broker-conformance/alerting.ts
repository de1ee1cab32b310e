import type { Decision, OutboxEntry, TicketRecord } from '@smart-support/contracts';
import { aDecision } from '../fixtures';
import { expectRefusal, only, otherDecision, type OpenScene } from './scene';

const LEASE_MS = 1000;
const urgent = { urgency_score: 0.9 };

/** A decision that says for itself whether an alert is due. */
function decided(alert: boolean | null, urgency_score: number): Decision {
  const decision = aDecision({ urgency_score });
  const { urgency } = decision.explanation;
  return {
    ...decision,
    explanation: { ...decision.explanation, urgency: alert === null || !urgency ? null : { ...urgency, alert } },
  };
}

/** What an alert about a ticket must look like. */
function expectAlert(entry: OutboxEntry, { ticket: { text, ...rest } }: TicketRecord, textStart = text): void {
  expect(entry).toEqual({
    id: `ticket.urgent:${rest.id}`,
    body: expect.any(String),
    attempts: 0,
    created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  });
  expect(JSON.parse(entry.body)).toEqual({
    type: 'ticket.urgent',
    timestamp: entry.created_at,
    data: { ...rest, text_start: textStart },
  });
}

/** Which decisions put an alert into the outbox: one in a ticket's life. */
export function describeAlerting(open: OpenScene): void {
  describe('an alert', () => {
    it('is raised together with the decision and tells of the ticket as it was committed', async () => {
      const scene = await open();
      await scene.agent('ann', { capacity: 1 });
      const withAgent = await scene.committed('a', urgent);
      await scene.advance(5);
      const inLine = await scene.committed('b', urgent);
      await scene.broker.tickets.complete('a', {});
      expect((await scene.broker.queue.report()).outbox).toBe(2);
      const [first, second, ...more] = await scene.broker.outbox.claim(5, LEASE_MS);
      expectAlert(first!, withAgent);
      expectAlert(second!, inLine);
      expect(more).toEqual([]);
      expect(Date.parse(second!.created_at)).toBeGreaterThanOrEqual(Date.parse(inLine.ticket.received_at));
    });

    it.each([
      ['exactly 200 characters', 'x'.repeat(200), 'x'.repeat(200)],
      ['more', 'x'.repeat(201), 'x'.repeat(200)],
      ['a pair of units at the end', `x${'🧨'.repeat(250)}`, `x${'🧨'.repeat(199)}`],
      ['quotes, line ends and a zero', '"\\\u0000\r\n\u2028', '"\\\u0000\r\n\u2028'],
    ])('carries the start of a text of %s', async (_name, text, start) => {
      const scene = await open();
      await scene.accept({ id: 'a', text });
      const claim = only(await scene.broker.queue.claim(1));
      const record = await scene.broker.tickets.commit(claim, aDecision(urgent));
      expectAlert(only(await scene.broker.outbox.claim(5, LEASE_MS)), record, start);
    });

    it.each([
      ['the decision says so, however low the urgency', decided(true, 0.1), 1],
      ['the decision says no, however high the urgency', decided(false, 1), 0],
      ['the decision says nothing about urgency', decided(null, 1), 0],
      ['the urgency is at the threshold', aDecision({ urgency_score: 0.8 }), 0],
      ['the urgency is just above the threshold', aDecision({ urgency_score: 0.8000001 }), 1],
    ])('is due or not: %s', async (_name, decision, alerts) => {
      const scene = await open();
      await scene.broker.tickets.commit(await scene.claimed('a'), decision);
      expect((await scene.broker.queue.report()).outbox).toBe(alerts);
      expect(await scene.broker.outbox.claim(5, LEASE_MS)).toHaveLength(alerts);
    });

    it('is raised once when the commit is repeated, before and after it was delivered', async () => {
      const scene = await open();
      const claim = await scene.claimed('a');
      const commit = () => scene.broker.tickets.commit(claim, aDecision(urgent));
      const [record] = await Promise.all([commit(), commit()]);
      await scene.broker.tickets.commit(claim, otherDecision());
      const alert = only(await scene.broker.outbox.claim(5, LEASE_MS));
      expectAlert(alert, record);
      await scene.broker.outbox.acknowledge(alert.id);
      await commit();
      expect((await scene.broker.queue.report()).outbox).toBe(0);
    });

    it('is not raised by a commit that is refused', async () => {
      const scene = await open();
      const claim = await scene.claimed('a');
      const commit: typeof scene.broker.tickets.commit = (...args) => scene.broker.tickets.commit(...args);
      await expectRefusal(commit({ ...claim, token: 'not-ours' }, aDecision(urgent)), 'lease_lost');
      await expectRefusal(commit(claim, { ...aDecision(urgent), urgency_score: 2 }), 'invalid_input');
      await scene.broker.queue.requeue(claim);
      await expectRefusal(commit(claim, aDecision(urgent)), 'lease_lost');
      expect((await scene.broker.queue.report()).outbox).toBe(0);
    });

    it('is raised once for a ticket that failed, died and was put back before it was understood', async () => {
      const scene = await open();
      await scene.dead('a');
      await scene.broker.deadLetters.retry('a');
      expect((await scene.broker.queue.report()).outbox).toBe(0);
      const claim = only(await scene.broker.queue.claim(1));
      const record = await scene.broker.tickets.commit(claim, aDecision(urgent));
      expectAlert(only(await scene.broker.outbox.claim(5, LEASE_MS)), record);
    });

    it('is not raised again when the ticket goes from hand to hand', async () => {
      const scene = await open();
      await scene.agent('ann');
      const record = await scene.committed('a', urgent);
      await scene.broker.agents.remove('ann');
      await scene.agent('bob');
      await scene.accept({ id: 'a' });
      await scene.broker.tickets.complete('a', { urgency_score: 1 });
      expectAlert(only(await scene.broker.outbox.claim(5, LEASE_MS)), record);
    });
  });
}
