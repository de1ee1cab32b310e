import type { Claim, StormVerdict } from '@smart-support/contracts';
import { aDecision, anArrival } from '../fixtures';
import { SUITE_OPTIONS } from './broker-under-test';
import { expectRefusal, only, type OpenScene, type Scene, anIsoTime } from './scene';

const urgent = { urgency_score: 0.9 };
const ALONE: StormVerdict = { routing: 'routed', incident: null, nearest: null, routed_signal: null, kept_out: null };

const judge = (scene: Scene, claim: Claim, arrival = anArrival()) => scene.broker.storms.judge(claim, arrival);
const commit = (scene: Scene, claim: Claim, storm: StormVerdict, decision = aDecision()) =>
  scene.broker.tickets.commit(claim, { ...decision, storm });

/** What the commit of a member does, and what time does to an incident. */
export function describeStormCommits(open: OpenScene): void {
  describeCommitting(open);
  describeTimePassing(open);
}

function describeCommitting(open: OpenScene): void {
  describe('the commit of a member', () => {
    it('suppresses it while agents are free, and raises no alert', async () => {
      const scene = await open();
      await scene.agent('ann', { capacity: 10 });
      const { id } = await scene.storm();
      await scene.delivered();
      const record = await scene.judged('d', anArrival(), urgent);
      expect(record.ticket).toMatchObject({
        ...{ status: 'suppressed', assigned_agent: null, is_duplicate: true, master_incident_id: id },
        ...{ category: 'Billing', urgency_score: 0.9 },
      });
      expect(record.explanation.assignment).toBeNull();
      expect(record).toEqual(await scene.record('d'));
      expect(await scene.deliveredIds()).toEqual([]);
      expect(await scene.incident(id)).toMatchObject({ member_count: 4, max_urgency: 0.9, categories: { Billing: 4 } });
    });

    it('counts it once, however often it is repeated', async () => {
      const scene = await open();
      const { id } = await scene.storm();
      const claim = await scene.claimed('d');
      const verdict = await judge(scene, claim);
      const [first, second] = await Promise.all([commit(scene, claim, verdict), commit(scene, claim, verdict)]);
      expect(second).toEqual(first);
      expect(await commit(scene, claim, verdict, aDecision({ category: 'Legal' }))).toEqual(first);
      expect(await scene.incident(id)).toMatchObject({
        member_count: 4,
        requester_count: 4,
        categories: { Billing: 4 },
      });
    });

    it('links what says something severe, routes it, and raises its alert', async () => {
      const scene = await open();
      const { id } = await scene.storm();
      await scene.delivered();
      const inLine = await scene.judged('d', anArrival({ severe_signal: 'harm_danger' }), urgent);
      expect(inLine.ticket).toMatchObject({ status: 'waiting', is_duplicate: true, master_incident_id: id });
      await scene.agent('ann', { capacity: 10 });
      const withAgent = await scene.judged('e', anArrival({ severe_signal: 'harm_danger' }));
      expect(withAgent.ticket).toMatchObject({ status: 'assigned', is_duplicate: true, master_incident_id: id });
      expect(await scene.whereabouts('c', 'd', 'e')).toEqual(['suppressed', 'ann', 'ann']);
      expect(await scene.deliveredIds()).toEqual(['ticket.urgent:d']);
      expect(await scene.incident(id)).toMatchObject({ member_count: 5 });
    });

    it.each([
      ['routes it while an agent is free', 1, ['ann', 'suppressed', 'suppressed']],
      ['suppresses it while none is', 0, ['suppressed', 'suppressed', 'suppressed']],
    ])('links what was judged before the storm broke, and %s', async (_name, capacity, places) => {
      const scene = await open();
      const early = await scene.claimed('a');
      const verdict = await judge(scene, early);
      expect(verdict).toEqual(ALONE);
      await scene.advance(5);
      const { id } = await scene.storm(['b', 'c']);
      await scene.agent('ann', { capacity });
      const { ticket } = await commit(scene, early, verdict);
      expect(ticket).toMatchObject({ is_duplicate: false, master_incident_id: id });
      expect(await scene.whereabouts('a', 'b', 'c')).toEqual(places);
      expect(await scene.incident(id)).toMatchObject({ member_count: 3, representative_ticket_id: 'a' });
    });

    it('is refused and writes nothing once the incident has changed; judged again, the ticket goes the way of its incident', async () => {
      const scene = await open();
      const { id } = await scene.storm();
      const claim = await scene.claimed('d');
      const verdict = await judge(scene, claim);
      await scene.broker.incidents.resolve(id);
      await scene.delivered();
      const before = await scene.record('d');
      await expectRefusal(commit(scene, claim, verdict, aDecision(urgent)), 'incident_changed', id);
      expect(await scene.record('d')).toEqual(before);
      expect(before.ticket.status).toBe('processing');
      expect(await scene.broker.queue.heartbeat([claim])).toEqual([]);
      const { ticket, explanation } = await scene.commitAsJudged(claim, anArrival(), urgent);
      expect(ticket).toMatchObject({
        ...{ status: 'completed', resolution: 'incident', completed_at: anIsoTime(), assigned_agent: null },
        ...{ is_duplicate: true, master_incident_id: id },
      });
      expect(explanation.assignment).toBeNull();
      expect(await scene.deliveredIds()).toEqual([]);
    });

    it('decides anew about a ticket that was in work when its incident was rejected', async () => {
      const scene = await open();
      await scene.agent('ann', { capacity: 10 });
      const { id } = await scene.storm();
      const claim = await scene.claimed('d');
      const verdict = await judge(scene, claim);
      await scene.broker.incidents.reject(id);
      await expectRefusal(commit(scene, claim, verdict), 'incident_changed');
      const { ticket } = await scene.commitAsJudged(claim);
      expect(ticket).toMatchObject({ status: 'assigned', is_duplicate: false, master_incident_id: null });
    });

    it('decides anew about a ticket that was unlinked while it was in work', async () => {
      const scene = await open();
      await scene.agent('ann', { capacity: 10 });
      const { id } = await scene.storm();
      const claim = await scene.claimed('d');
      const verdict = await judge(scene, claim);
      await scene.broker.incidents.unlink(id, 'd');
      await expectRefusal(commit(scene, claim, verdict), 'incident_changed');
      const { ticket } = await scene.commitAsJudged(claim);
      expect(ticket).toMatchObject({ status: 'assigned', is_duplicate: false, master_incident_id: null });
      expect(await scene.incident(id)).toMatchObject({ member_count: 3 });
    });

    it('is refused for an incident that nobody knows', async () => {
      const scene = await open();
      const claim = await scene.claimed('a');
      const incident = { id: 'incident-1-0', epoch: 1, similarity: 1 };
      await expectRefusal(commit(scene, claim, { ...ALONE, routing: 'suppressed', incident }), 'incident_changed');
      expect(await scene.status('a')).toBe('processing');
    });

    it('keeps suppressed tickets in the queue’s count', async () => {
      const scene = await open({ queueMax: 3 });
      const { id } = await scene.storm();
      expect((await scene.accept({ id: 'd' })).outcome).toBe('full');
      await scene.broker.incidents.resolve(id);
      expect((await scene.accept({ id: 'd' })).outcome).toBe('accepted');
    });
  });
}

function describeTimePassing(open: OpenScene): void {
  const { quietMs } = SUITE_OPTIONS.storm;

  describe('an incident that time passes by', () => {
    it('goes quiet, keeps its members suppressed, and opens again with a new burst, of which nobody is told again', async () => {
      const scene = await open();
      const { id } = await scene.storm();
      await scene.advance(quietMs + 100);
      await scene.broker.queue.sweep();
      expect(await scene.incident(id)).toMatchObject({ status: 'quiet', closed_at: null });
      expect(await scene.whereabouts('a', 'b', 'c')).toEqual(['suppressed', 'suppressed', 'suppressed']);
      await scene.judgedInTurn(['d', 'e']);
      expect(await scene.whereabouts('d', 'e')).toEqual(['waiting', 'waiting']);
      expect(await scene.marks('d')).toEqual([[false, null]]);
      await scene.judged('f');
      expect(await scene.incident(id)).toMatchObject({
        status: 'open',
        member_count: 6,
        representative_ticket_id: 'a',
      });
      expect(await scene.whereabouts('d', 'e', 'f')).toEqual(['suppressed', 'suppressed', 'suppressed']);
      expect(await scene.marks('d', 'e', 'f')).toEqual([
        [true, id],
        [true, id],
        [true, id],
      ]);
      expect(await scene.deliveredIds()).toEqual([`incident.opened:${id}`]);
    });

    it('is told of again when it has doubled, but not again at once', async () => {
      const scene = await open();
      const { id } = await scene.storm();
      await scene.broker.queue.sweep();
      expect(await scene.deliveredIds()).toEqual([`incident.opened:${id}`]);
      await scene.judgedInTurn(['d', 'e', 'f']);
      await scene.broker.queue.sweep();
      const { id: eventId, event } = only(await scene.delivered());
      expect(eventId).toBe(`incident.updated:${id}:6`);
      expect(event).toMatchObject({ type: 'incident.updated', data: { id, member_count: 6 } });
      expect(event.data).toHaveProperty('member_ids', ['a', 'b', 'c', 'd', 'e', 'f']);
      await scene.judgedInTurn(['g', 'h', 'i', 'j', 'k', 'l']);
      await scene.broker.queue.sweep();
      expect(await scene.deliveredIds()).toEqual([]);
    });
  });
}
