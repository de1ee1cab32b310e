import type { Decision, OutboxEntry, TicketRecord } from '@smart-support/contracts';
import { aDecision } from '../fixtures';
import { expectRefusal, only, otherDecision, type OpenHarness } from './broker-harness';

const LEASE_MS = 1000;
const urgent = { urgency_score: 0.9 };

/** A decision that sets by itself whether an alert is due. */
function decided(alert: boolean | null, urgency_score: number): Decision {
  const decision = aDecision({ urgency_score });
  const { urgency } = decision.explanation;
  return {
    ...decision,
    explanation: { ...decision.explanation, urgency: alert === null || !urgency ? null : { ...urgency, alert } },
  };
}

/** The alert of a ticket. */
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

/** The decisions that write an alert to the outbox: one in a ticket's life. */
export function describeAlerting(open: OpenHarness): void {
  describe('an alert', () => {
    it('is written together with the decision and has the ticket as it was committed', async () => {
      const harness = await open();
      await harness.agent('ann', { capacity: 1 });
      const withAgent = await harness.committed('a', urgent);
      await harness.advance(5);
      const inLine = await harness.committed('b', urgent);
      await harness.broker.tickets.complete('a', {});
      expect((await harness.broker.queue.report()).outbox).toBe(2);
      const [first, second, ...more] = await harness.broker.outbox.claim(5, LEASE_MS);
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
    ])('has the start of a text of %s', async (_name, text, start) => {
      const harness = await open();
      await harness.accept({ id: 'a', text });
      const claim = only(await harness.broker.queue.claim(1));
      const record = await harness.broker.tickets.commit(claim, aDecision(urgent));
      expectAlert(only(await harness.broker.outbox.claim(5, LEASE_MS)), record, start);
    });

    it.each([
      ['the decision says so, however low the urgency', decided(true, 0.1), 1],
      ['the decision says no, however high the urgency', decided(false, 1), 0],
      ['the decision says nothing about urgency', decided(null, 1), 0],
      ['the urgency is at the threshold', aDecision({ urgency_score: 0.8 }), 0],
      ['the urgency is just above the threshold', aDecision({ urgency_score: 0.8000001 }), 1],
    ])('is due or not: %s', async (_name, decision, alerts) => {
      const harness = await open();
      await harness.broker.tickets.commit(await harness.claimed('a'), decision);
      expect((await harness.broker.queue.report()).outbox).toBe(alerts);
      expect(await harness.broker.outbox.claim(5, LEASE_MS)).toHaveLength(alerts);
    });

    it('is written once when the commit is repeated, before and after its delivery', async () => {
      const harness = await open();
      const claim = await harness.claimed('a');
      const commit = () => harness.broker.tickets.commit(claim, aDecision(urgent));
      const [record] = await Promise.all([commit(), commit()]);
      await harness.broker.tickets.commit(claim, otherDecision());
      const alert = only(await harness.broker.outbox.claim(5, LEASE_MS));
      expectAlert(alert, record);
      await harness.broker.outbox.acknowledge(alert.id);
      await commit();
      expect((await harness.broker.queue.report()).outbox).toBe(0);
    });

    it('is not written by a commit that is refused', async () => {
      const harness = await open();
      const claim = await harness.claimed('a');
      const commit: typeof harness.broker.tickets.commit = (...args) => harness.broker.tickets.commit(...args);
      await expectRefusal(commit({ ...claim, token: 'not-ours' }, aDecision(urgent)), 'lease_lost');
      await expectRefusal(commit(claim, { ...aDecision(urgent), urgency_score: 2 }), 'invalid_input');
      await harness.broker.queue.requeue(claim);
      await expectRefusal(commit(claim, aDecision(urgent)), 'lease_lost');
      expect((await harness.broker.queue.report()).outbox).toBe(0);
    });

    it('is written once for a ticket that failed, died and was retried before it was understood', async () => {
      const harness = await open();
      await harness.dead('a');
      await harness.broker.deadLetters.retry('a');
      expect((await harness.broker.queue.report()).outbox).toBe(0);
      const claim = only(await harness.broker.queue.claim(1));
      const record = await harness.broker.tickets.commit(claim, aDecision(urgent));
      expectAlert(only(await harness.broker.outbox.claim(5, LEASE_MS)), record);
    });

    it('is not written again when the ticket is reassigned', async () => {
      const harness = await open();
      await harness.agent('ann');
      const record = await harness.committed('a', urgent);
      await harness.broker.agents.remove('ann');
      await harness.agent('bob');
      await harness.accept({ id: 'a' });
      await harness.broker.tickets.complete('a', { urgency_score: 1 });
      expectAlert(only(await harness.broker.outbox.claim(5, LEASE_MS)), record);
    });
  });
}
