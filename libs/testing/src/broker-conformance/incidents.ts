import { anArrival } from '../fixtures';
import { expectRefusal, only, type OpenScene, anIsoTime } from './scene';

const urgent = { urgency_score: 0.9 };

/** What operators do about incidents, and see of them. */
export function describeIncidents(open: OpenScene): void {
  describeResolving(open);
  describeRejecting(open);
  describeUnlinking(open);
}

function describeResolving(open: OpenScene): void {
  describe('an incident that is resolved', () => {
    it('completes its suppressed members, leaves the others with their agents, and tells subscribers', async () => {
      const scene = await open();
      await scene.agent('ann', { capacity: 1 });
      const { id } = await scene.storm();
      await scene.delivered();
      expect(await scene.whereabouts('a', 'b', 'c')).toEqual(['ann', 'suppressed', 'suppressed']);
      const resolved = await scene.broker.incidents.resolve(id);
      expect(resolved).toMatchObject({ id, status: 'resolved', closed_at: anIsoTime(), member_count: 3 });
      const { first, ...doubtful_members } = resolved.doubtful_members;
      expect(first).toEqual([]);
      expect(await scene.incident(id)).toEqual({ ...resolved, doubtful_members });
      for (const member of ['b', 'c']) {
        expect((await scene.record(member)).ticket).toMatchObject({
          ...{ status: 'completed', resolution: 'incident', completed_at: anIsoTime() },
          ...{ is_duplicate: true, master_incident_id: id },
        });
      }
      expect((await scene.record('a')).ticket).toMatchObject({ status: 'assigned', master_incident_id: id });
      expect((await scene.broker.tickets.complete('a', {})).ticket.resolution).toBe('agent');
      const { id: eventId, event } = only(await scene.delivered());
      expect([eventId, event.type]).toEqual([`incident.resolved:${id}`, 'incident.resolved']);
      expect(event.data).toMatchObject({ id, status: 'resolved', member_ids: ['a', 'b', 'c'] });
    });

    it('is resolved once, and nothing else can be done about it', async () => {
      const scene = await open();
      const { id } = await scene.storm();
      const { incidents } = scene.broker;
      await incidents.resolve(id);
      const resolved = await scene.incident(id);
      await scene.delivered();
      await expectRefusal(incidents.resolve(id), 'transition_not_allowed');
      await expectRefusal(incidents.reject(id), 'transition_not_allowed');
      await expectRefusal(incidents.confirm(id), 'transition_not_allowed');
      await expectRefusal(incidents.unlink(id, 'c'), 'transition_not_allowed');
      expect(await scene.incident(id)).toEqual(resolved);
      expect(await scene.status('c')).toBe('completed');
      expect(await scene.deliveredIds()).toEqual([]);
    });

    it('suppresses nobody any more, and is named by the next one of its kind', async () => {
      const scene = await open();
      const { id } = await scene.storm();
      await scene.broker.incidents.resolve(id);
      await scene.judgedInTurn(['d', 'e']);
      expect(await scene.whereabouts('d', 'e')).toEqual(['waiting', 'waiting']);
      await scene.judged('f');
      const [next, former, ...more] = (await scene.broker.incidents.list()).incidents;
      expect([former?.id, more]).toEqual([id, []]);
      expect(next).toMatchObject({
        status: 'open',
        previous_incident_id: id,
        representative_ticket_id: 'd',
        member_count: 3,
      });
    });
  });
}

function describeRejecting(open: OpenScene): void {
  describe('an incident that is rejected', () => {
    it('routes every suppressed member once, in order of arrival and before all others, and alerts about those that are urgent', async () => {
      const scene = await open();
      const { id } = await scene.storm(['a', 'b', 'c', 'd'], urgent);
      await scene.acceptInTurn(['later']);
      expect(await scene.whereabouts('a', 'b', 'c', 'd')).toEqual(Array(4).fill('suppressed'));
      // They were in line before they were suppressed, and told of then.
      expect(await scene.deliveredIds()).toEqual([`incident.opened:${id}`, 'ticket.urgent:a', 'ticket.urgent:b']);
      expect(await scene.broker.incidents.reject(id)).toMatchObject({ status: 'rejected', closed_at: anIsoTime() });
      expect(await scene.whereabouts('a', 'b', 'c', 'd')).toEqual(Array(4).fill('queued'));
      expect(await scene.marks('a', 'b', 'c', 'd')).toEqual(Array(4).fill([false, null]));
      await scene.agent('ann', { capacity: 10 });
      const claims = await scene.broker.queue.claim(10);
      expect(claims.map(({ record }) => record.ticket.id)).toEqual(['a', 'b', 'c', 'd', 'later']);
      for (const claim of claims.slice(0, 4)) await scene.commitAsJudged(claim, anArrival(), urgent);
      expect(await scene.whereabouts('a', 'b', 'c', 'd')).toEqual(Array(4).fill('ann'));
      expect(await scene.marks('a', 'b', 'c', 'd')).toEqual(Array(4).fill([false, null]));
      expect(await scene.load('ann')).toBe(4);
      expect(await scene.deliveredIds()).toEqual(['ticket.urgent:c', 'ticket.urgent:d']);
      expect(await scene.claimIds(10)).toEqual([]);
    });

    it('wakes those that wait for work', async () => {
      const scene = await open();
      const { id } = await scene.storm();
      const wait = scene.follow(scene.broker.queue.waitForWork(60_000));
      await scene.broker.incidents.reject(id);
      await scene.untilEnded(wait);
    });

    it('leaves those that have an agent with it, and takes their mark', async () => {
      const scene = await open();
      await scene.agent('ann', { capacity: 2 });
      const { id } = await scene.storm();
      await scene.broker.incidents.reject(id);
      expect(await scene.whereabouts('a', 'b', 'c')).toEqual(['ann', 'ann', 'queued']);
      expect(await scene.marks('a', 'b', 'c')).toEqual(Array(3).fill([false, null]));
    });

    it('gives a released ticket as many attempts as a new one', async () => {
      const scene = await open({ maxAttempts: 1 });
      const { id } = await scene.storm();
      await scene.broker.incidents.reject(id);
      const claim = await scene.broker.queue.claimById('c');
      expect(claim?.record.ticket.attempts).toBe(1);
    });

    it('can still be read with its members, and does not come back with the next similar tickets', async () => {
      const scene = await open();
      const { id } = await scene.storm();
      const before = await scene.incident(id);
      await scene.broker.incidents.reject(id);
      const rejected = await scene.incident(id);
      expect(rejected).toEqual({ ...before, status: 'rejected', closed_at: anIsoTime() });
      expect(await scene.memberIds(id)).toEqual(['a', 'b', 'c']);
      await scene.judgedInTurn(['d', 'e', 'f']);
      expect(await scene.whereabouts('d', 'e', 'f')).toEqual(Array(3).fill('waiting'));
      expect((await scene.broker.incidents.list()).incidents).toEqual([rejected]);
    });

    it('does not keep more others than it had from being an incident of their own', async () => {
      const scene = await open();
      const { id } = await scene.storm();
      await scene.broker.incidents.reject(id);
      await scene.judgedInTurn(['d', 'e', 'f', 'g']);
      const [next, former, ...more] = (await scene.broker.incidents.list()).incidents;
      expect([next?.status, next?.member_count, former?.id, more]).toEqual(['open', 4, id, []]);
      expect(await scene.whereabouts('d', 'e', 'f', 'g')).toEqual(Array(4).fill('suppressed'));
    });

    it('tells no subscriber', async () => {
      const scene = await open();
      const { id } = await scene.storm();
      await scene.delivered();
      await scene.broker.incidents.reject(id);
      expect(await scene.deliveredIds()).toEqual([]);
    });
  });

  describe('two operators', () => {
    it('do not both have their way', async () => {
      const scene = await open();
      const { id } = await scene.storm();
      const { incidents } = scene.broker;
      const actions = [incidents.resolve(id), incidents.reject(id), incidents.resolve(id), incidents.confirm(id)];
      const results = await Promise.allSettled(actions);
      const done = only(results.filter((result) => result.status === 'fulfilled')).value;
      const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
      expect(refused).toEqual(Array(3).fill(expect.objectContaining({ code: 'transition_not_allowed' })));
      expect(await scene.incident(id)).toMatchObject({ id, status: done.status, closed_at: done.closed_at });
      const fate = done.status === 'resolved' ? 'completed' : 'queued';
      expect(await scene.whereabouts('a', 'b', 'c')).toEqual([fate, fate, fate]);
    });

    it('are told when there is no such incident', async () => {
      const { broker } = await open();
      for (const id of ['incident-1-0', '', '__proto__', 'constructor']) {
        await expectRefusal(broker.incidents.resolve(id), 'not_found');
        await expectRefusal(broker.incidents.reject(id), 'not_found');
        await expectRefusal(broker.incidents.confirm(id), 'not_found');
        await expectRefusal(broker.incidents.unlink(id, 'a'), 'not_found');
        await expectRefusal(broker.incidents.members(id), 'not_found');
        await expectRefusal(broker.incidents.doubtfulMembers(id), 'not_found');
        expect(await broker.incidents.get(id)).toBeUndefined();
      }
    });
  });
}

function describeUnlinking(open: OpenScene): void {
  describe('a ticket that is unlinked', () => {
    it('is queued again if it was suppressed, routed by itself, and stays alone', async () => {
      const scene = await open();
      const { id } = await scene.storm(['a', 'b', 'c', 'd']);
      await scene.acceptInTurn(['later']);
      await scene.broker.incidents.unlink(id, 'c');
      expect(await scene.whereabouts('a', 'b', 'c', 'd')).toEqual(['suppressed', 'suppressed', 'queued', 'suppressed']);
      expect(await scene.marks('c', 'd')).toEqual([
        [false, null],
        [true, id],
      ]);
      expect(await scene.memberIds(id)).toEqual(['a', 'b', 'd']);
      expect(await scene.incident(id)).toMatchObject({
        member_count: 3,
        requester_count: 3,
        categories: { Billing: 3 },
      });
      await scene.agent('ann');
      const claim = only(await scene.broker.queue.claim(1));
      const { ticket } = await scene.commitAsJudged(claim);
      expect(ticket).toMatchObject({ id: 'c', status: 'assigned', is_duplicate: false, master_incident_id: null });
      await scene.broker.incidents.resolve(id);
      expect(await scene.status('c')).toBe('assigned');
    });

    it('keeps its agent', async () => {
      const scene = await open();
      await scene.agent('ann', { capacity: 2 });
      const { id } = await scene.storm();
      await scene.broker.incidents.unlink(id, 'b');
      expect(await scene.whereabouts('a', 'b', 'c')).toEqual(['ann', 'ann', 'suppressed']);
      expect(await scene.marks('b')).toEqual([[false, null]]);
    });

    it('hands over to the next earliest if it spoke for all', async () => {
      const scene = await open();
      const { id } = await scene.storm();
      await scene.broker.incidents.unlink(id, 'a');
      expect(await scene.incident(id)).toMatchObject({ representative_ticket_id: 'b', member_count: 2 });
      expect(await scene.marks('a', 'b', 'c')).toEqual([
        [false, null],
        [false, id],
        [true, id],
      ]);
    });

    it('must be a member', async () => {
      const scene = await open();
      const { id } = await scene.storm();
      await scene.judged('other', anArrival({ topic: 1 }));
      await scene.broker.incidents.unlink(id, 'c');
      for (const ticketId of ['c', 'other', 'unknown', '__proto__']) {
        await expectRefusal(scene.broker.incidents.unlink(id, ticketId), 'not_found');
      }
      expect(await scene.memberIds(id)).toEqual(['a', 'b']);
    });

    it('is in no other incident, not even by hand', async () => {
      const scene = await open();
      const { id } = await scene.storm();
      await scene.judged('free', anArrival({ topic: 1 }));
      await scene.broker.incidents.unlink(id, 'c');
      const queued = scene.broker.incidents.open('By hand', ['c']);
      await expectRefusal(queued, 'transition_not_allowed');
      await scene.commitAsJudged(only(await scene.broker.queue.claim(1)));
      for (const ids of [['c'], ['free', 'c']]) {
        await expectRefusal(scene.broker.incidents.open('By hand', ids), 'transition_not_allowed');
      }
      expect(await scene.whereabouts('free', 'c')).toEqual(['waiting', 'waiting']);
      expect(only((await scene.broker.incidents.list()).incidents).id).toBe(id);
    });
  });
}
