import { SUITE_OPTIONS } from './broker-under-test';
import type { OpenHarness, BrokerHarness } from './broker-harness';

/** Completes the agent's ticket repeatedly; returns the order in which it got tickets. */
async function orderOfService(harness: BrokerHarness, inFlight: string, count: number): Promise<string[]> {
  const order = [inFlight];
  const waiting = new Set<string>();
  for (const id of ids(count)) if (id !== inFlight) waiting.add(id);
  while (waiting.size > 0) {
    await harness.broker.tickets.complete(order.at(-1)!, {});
    const stands = await harness.whereabouts(...waiting);
    const next = [...waiting].find((_, index) => stands[index] === 'ann');
    if (!next) break;
    waiting.delete(next);
    order.push(next);
  }
  return order;
}

const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `t${index}`);

/** Which waiting ticket gets a slot. */
export function describeWaitingOrder(open: OpenHarness): void {
  describe('the line for an agent', () => {
    it('serves equally urgent tickets in order of arrival', async () => {
      const harness = await open();
      await harness.agent('ann', { capacity: 1 });
      await harness.committedInTurn(ids(5));
      expect(await orderOfService(harness, 't0', 5)).toEqual(ids(5));
    });

    it('orders by arrival even if tickets were understood in another order', async () => {
      const harness = await open();
      await harness.agent('ann', { capacity: 1 });
      await harness.committedInTurn(['t0']);
      const first = await harness.claimed('t1');
      await harness.advance(5);
      await harness.committedInTurn(['t2']);
      await harness.broker.queue.requeue(first);
      await harness.committedInTurn(['t1']);
      expect(await orderOfService(harness, 't0', 3)).toEqual(['t0', 't1', 't2']);
    });

    it('lets the more urgent overtake', async () => {
      // A tenth of urgency outweighs six seconds: more than a slow machine needs between two commits.
      const harness = await open({ waitAgeingMs: 60_000 });
      await harness.agent('ann', { capacity: 1 });
      const urgencies = [0.5, 0.1, 0.9, 0.5, 1];
      for (const [index, urgency_score] of urgencies.entries()) {
        await harness.committedInTurn([`t${index}`], { urgency_score });
      }
      expect(await orderOfService(harness, 't0', 5)).toEqual(['t0', 't4', 't2', 't3', 't1']);
    });

    it('starves no ticket: enough waiting outweighs any urgency', async () => {
      const harness = await open();
      await harness.agent('ann', { capacity: 1 });
      await harness.committedInTurn(['t0']);
      await harness.committedInTurn(['t1'], { urgency_score: 0 });
      await harness.committedInTurn(['t2'], { urgency_score: 1 });
      await harness.advance(SUITE_OPTIONS.waitAgeingMs + 50);
      await harness.committedInTurn(['t3'], { urgency_score: 1 });
      expect(await orderOfService(harness, 't0', 4)).toEqual(['t0', 't2', 't1', 't3']);
    });

    it('assigns a slot to the first over all categories that its agent can take', async () => {
      const harness = await open();
      await harness.agent('ann', { skills: { Billing: 0.1, Technical: 1 }, capacity: 1 });
      await harness.committedInTurn(['t0'], { category: 'Technical' });
      await harness.committedInTurn(['legal'], { category: 'Legal', urgency_score: 1 });
      await harness.committedInTurn(['t1'], { category: 'Technical', urgency_score: 0.5 });
      await harness.committedInTurn(['t2'], { category: 'Billing', urgency_score: 0.7 });
      expect(await orderOfService(harness, 't0', 3)).toEqual(['t0', 't2', 't1']);
      expect(await harness.status('legal')).toBe('waiting');
    });

    it('explains that a ticket got a slot because it was first', async () => {
      const harness = await open();
      await harness.agent('ann', { capacity: 1 });
      await harness.agent('bob', { capacity: 1, status: 'away' });
      await harness.committedInTurn(['t0', 't1']);
      await harness.broker.tickets.complete('t0', {});
      const { ticket, explanation } = await harness.record('t1');
      expect(ticket.assigned_agent).toBe('ann');
      expect(explanation.assignment).toMatchObject({ how: 'first_in_line', agent_id: 'ann' });
      expect(explanation.assignment?.agents).toContainEqual({
        agent_id: 'ann',
        outcome: 'chosen',
        score: 0.8,
        load: 0,
        capacity: 1,
      });
    });

    it('loses no slot and assigns none twice when many tickets are completed at once', async () => {
      const harness = await open();
      await harness.agent('ann', { capacity: 5 });
      await harness.committedInTurn(ids(20));
      await Promise.all(ids(5).map((id) => harness.broker.tickets.complete(id, {})));
      expect(await harness.load('ann')).toBe(5);
      const stands = await harness.whereabouts(...ids(20));
      expect(stands.filter((stand) => stand === 'ann')).toHaveLength(5);
      expect(stands.slice(5, 10)).toEqual(['ann', 'ann', 'ann', 'ann', 'ann']);
    });
  });
}
