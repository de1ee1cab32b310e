import { aDecision, anArrival } from '../fixtures';
import { SUITE_OPTIONS } from './broker-under-test';
import { expectRefusal, only, type OpenHarness, anIsoTime } from './broker-harness';
import { ALONE, commit, judge } from './storm-calls';

const urgent = { urgency_score: 0.9 };

/** The commit of a member, and the effects of time on an incident. */
export function describeStormCommits(open: OpenHarness): void {
  describeCommitting(open);
  describeTimePassing(open);
}

function describeCommitting(open: OpenHarness): void {
  describe('the commit of a member', () => {
    it('suppresses it while agents are free, and raises no alert', async () => {
      const harness = await open();
      await harness.agent('ann', { capacity: 10 });
      const { id } = await harness.storm();
      await harness.delivered();
      const record = await harness.judged('d', anArrival(), urgent);
      expect(record.ticket).toMatchObject({
        ...{ status: 'suppressed', assigned_agent: null, is_duplicate: true, master_incident_id: id },
        ...{ category: 'Billing', urgency_score: 0.9 },
      });
      expect(record.explanation.assignment).toBeNull();
      expect(record).toEqual(await harness.record('d'));
      expect(await harness.deliveredIds()).toEqual([]);
      expect(await harness.incident(id)).toMatchObject({
        member_count: 4,
        max_urgency: 0.9,
        categories: { Billing: 4 },
      });
    });

    it('counts it once, however often it is repeated', async () => {
      const harness = await open();
      const { id } = await harness.storm();
      const claim = await harness.claimed('d');
      const verdict = await judge(harness, claim);
      const [first, second] = await Promise.all([commit(harness, claim, verdict), commit(harness, claim, verdict)]);
      expect(second).toEqual(first);
      expect(await commit(harness, claim, verdict, aDecision({ category: 'Legal' }))).toEqual(first);
      expect(await harness.incident(id)).toMatchObject({
        member_count: 4,
        requester_count: 4,
        categories: { Billing: 4 },
      });
    });

    it('links a ticket with a severe signal, routes it, and raises its alert', async () => {
      const harness = await open();
      const { id } = await harness.storm();
      await harness.delivered();
      const inLine = await harness.judged('d', anArrival({ severe_signal: 'harm_danger' }), urgent);
      expect(inLine.ticket).toMatchObject({ status: 'waiting', is_duplicate: true, master_incident_id: id });
      await harness.agent('ann', { capacity: 10 });
      const withAgent = await harness.judged('e', anArrival({ severe_signal: 'harm_danger' }));
      expect(withAgent.ticket).toMatchObject({ status: 'assigned', is_duplicate: true, master_incident_id: id });
      expect(await harness.whereabouts('c', 'd', 'e')).toEqual(['suppressed', 'ann', 'ann']);
      expect(await harness.deliveredIds()).toEqual(['ticket.urgent:d']);
      expect(await harness.incident(id)).toMatchObject({ member_count: 5 });
    });

    it.each([
      ['routes it while an agent is free', 1, ['ann', 'suppressed', 'suppressed']],
      ['suppresses it while none is', 0, ['suppressed', 'suppressed', 'suppressed']],
    ])('links tickets that were judged before the incident opened, and %s', async (_name, capacity, places) => {
      const harness = await open();
      const early = await harness.claimed('a');
      const verdict = await judge(harness, early);
      expect(verdict).toEqual(ALONE);
      await harness.advance(5);
      const { id } = await harness.storm(['b', 'c']);
      await harness.agent('ann', { capacity });
      const { ticket } = await commit(harness, early, verdict);
      expect(ticket).toMatchObject({ is_duplicate: false, master_incident_id: id });
      expect(await harness.whereabouts('a', 'b', 'c')).toEqual(places);
      expect(await harness.incident(id)).toMatchObject({ member_count: 3, representative_ticket_id: 'a' });
    });

    it('is refused and writes nothing once the incident has changed; judged again, the ticket follows its incident', async () => {
      const harness = await open();
      const { id } = await harness.storm();
      const claim = await harness.claimed('d');
      const verdict = await judge(harness, claim);
      await harness.broker.incidents.resolve(id);
      await harness.delivered();
      const before = await harness.record('d');
      await expectRefusal(commit(harness, claim, verdict, aDecision(urgent)), 'incident_changed', id);
      expect(await harness.record('d')).toEqual(before);
      expect(before.ticket.status).toBe('processing');
      expect(await harness.broker.queue.heartbeat([claim])).toEqual([]);
      const { ticket, explanation } = await harness.commitAsJudged(claim, anArrival(), urgent);
      expect(ticket).toMatchObject({
        ...{ status: 'completed', resolution: 'incident', completed_at: anIsoTime(), assigned_agent: null },
        ...{ is_duplicate: true, master_incident_id: id },
      });
      expect(explanation.assignment).toBeNull();
      expect(await harness.deliveredIds()).toEqual([]);
    });

    it('decides again about a ticket that was in process when its incident was rejected', async () => {
      const harness = await open();
      await harness.agent('ann', { capacity: 10 });
      const { id } = await harness.storm();
      const claim = await harness.claimed('d');
      const verdict = await judge(harness, claim);
      await harness.broker.incidents.reject(id);
      await expectRefusal(commit(harness, claim, verdict), 'incident_changed');
      const { ticket } = await harness.commitAsJudged(claim);
      expect(ticket).toMatchObject({ status: 'assigned', is_duplicate: false, master_incident_id: null });
    });

    it('decides again about a ticket that was unlinked while it was in process', async () => {
      const harness = await open();
      await harness.agent('ann', { capacity: 10 });
      const { id } = await harness.storm();
      const claim = await harness.claimed('d');
      const verdict = await judge(harness, claim);
      await harness.broker.incidents.unlink(id, 'd');
      await expectRefusal(commit(harness, claim, verdict), 'incident_changed');
      const { ticket } = await harness.commitAsJudged(claim);
      expect(ticket).toMatchObject({ status: 'assigned', is_duplicate: false, master_incident_id: null });
      expect(await harness.incident(id)).toMatchObject({ member_count: 3 });
    });

    it('is refused for an unknown incident', async () => {
      const harness = await open();
      const claim = await harness.claimed('a');
      const incident = { id: 'incident-1-0', epoch: 1, similarity: 1 };
      await expectRefusal(commit(harness, claim, { ...ALONE, routing: 'suppressed', incident }), 'incident_changed');
      expect(await harness.status('a')).toBe('processing');
    });

    it('keeps suppressed tickets in the queue’s count', async () => {
      const harness = await open({ queueMax: 3 });
      const { id } = await harness.storm();
      expect((await harness.accept({ id: 'd' })).outcome).toBe('full');
      await harness.broker.incidents.resolve(id);
      expect((await harness.accept({ id: 'd' })).outcome).toBe('accepted');
    });
  });
}

function describeTimePassing(open: OpenHarness): void {
  const { quietMs } = SUITE_OPTIONS.storm;

  describe('an incident without new members', () => {
    it('goes quiet, keeps its members suppressed, and opens again with a new burst, without a second event', async () => {
      const harness = await open();
      const { id } = await harness.storm();
      await harness.advance(quietMs + 100);
      await harness.broker.queue.sweep();
      expect(await harness.incident(id)).toMatchObject({ status: 'quiet', closed_at: null });
      expect(await harness.whereabouts('a', 'b', 'c')).toEqual(['suppressed', 'suppressed', 'suppressed']);
      await harness.judgedInTurn(['d', 'e']);
      expect(await harness.whereabouts('d', 'e')).toEqual(['waiting', 'waiting']);
      expect(await harness.marks('d')).toEqual([[false, null]]);
      await harness.judged('f');
      expect(await harness.incident(id)).toMatchObject({
        status: 'open',
        member_count: 6,
        representative_ticket_id: 'a',
      });
      expect(await harness.whereabouts('d', 'e', 'f')).toEqual(['suppressed', 'suppressed', 'suppressed']);
      expect(await harness.marks('d', 'e', 'f')).toEqual([
        [true, id],
        [true, id],
        [true, id],
      ]);
      expect(await harness.deliveredIds()).toEqual([`incident.opened:${id}`]);
    });

    it('emits an event when it has doubled, but not again at once', async () => {
      const harness = await open();
      const { id } = await harness.storm();
      await harness.broker.queue.sweep();
      expect(await harness.deliveredIds()).toEqual([`incident.opened:${id}`]);
      await harness.judgedInTurn(['d', 'e', 'f']);
      await harness.broker.queue.sweep();
      const { id: eventId, event } = only(await harness.delivered());
      expect(eventId).toBe(`incident.updated:${id}:6`);
      expect(event).toMatchObject({ type: 'incident.updated', data: { id, member_count: 6 } });
      expect(event.data).toHaveProperty('member_ids', ['a', 'b', 'c', 'd', 'e', 'f']);
      await harness.judgedInTurn(['g', 'h', 'i', 'j', 'k', 'l']);
      await harness.broker.queue.sweep();
      expect(await harness.deliveredIds()).toEqual([]);
    });
  });
}
