import { aDecision, anArrival } from '../fixtures';
import { expectRefusal, only, type OpenHarness, anIsoTime } from './broker-harness';

const urgent = { urgency_score: 0.9 };

/** Actions of operators, and reads of incidents. */
export function describeIncidents(open: OpenHarness): void {
  describeResolving(open);
  describeRejecting(open);
  describeUnlinking(open);
}

function describeResolving(open: OpenHarness): void {
  describe('an incident that is resolved', () => {
    it('completes its suppressed members, leaves the others with their agents, and notifies subscribers', async () => {
      const harness = await open();
      await harness.agent('ann', { capacity: 1 });
      const { id } = await harness.storm();
      await harness.delivered();
      expect(await harness.whereabouts('a', 'b', 'c')).toEqual(['ann', 'suppressed', 'suppressed']);
      const resolved = await harness.broker.incidents.resolve(id);
      expect(resolved).toMatchObject({ id, status: 'resolved', closed_at: anIsoTime(), member_count: 3 });
      const { first, ...doubtful_members } = resolved.doubtful_members;
      expect(first).toEqual([]);
      expect(await harness.incident(id)).toEqual({ ...resolved, doubtful_members });
      for (const member of ['b', 'c']) {
        expect((await harness.record(member)).ticket).toMatchObject({
          ...{ status: 'completed', resolution: 'incident', completed_at: anIsoTime() },
          ...{ is_duplicate: true, master_incident_id: id },
        });
      }
      expect((await harness.record('a')).ticket).toMatchObject({ status: 'assigned', master_incident_id: id });
      expect((await harness.broker.tickets.complete('a', {})).ticket.resolution).toBe('agent');
      const { id: eventId, event } = only(await harness.delivered());
      expect([eventId, event.type]).toEqual([`incident.resolved:${id}`, 'incident.resolved']);
      expect(event.data).toMatchObject({ id, status: 'resolved', member_ids: ['a', 'b', 'c'] });
    });

    it('is resolved once, and allows no other action', async () => {
      const harness = await open();
      const { id } = await harness.storm();
      const { incidents } = harness.broker;
      await incidents.resolve(id);
      const resolved = await harness.incident(id);
      await harness.delivered();
      await expectRefusal(incidents.resolve(id), 'transition_not_allowed');
      await expectRefusal(incidents.reject(id), 'transition_not_allowed');
      await expectRefusal(incidents.confirm(id), 'transition_not_allowed');
      await expectRefusal(incidents.unlink(id, 'c'), 'transition_not_allowed');
      expect(await harness.incident(id)).toEqual(resolved);
      expect(await harness.status('c')).toBe('completed');
      expect(await harness.deliveredIds()).toEqual([]);
    });

    it('suppresses no more tickets, and is the predecessor of the next one of its kind', async () => {
      const harness = await open();
      const { id } = await harness.storm();
      await harness.broker.incidents.resolve(id);
      await harness.judgedInTurn(['d', 'e']);
      expect(await harness.whereabouts('d', 'e')).toEqual(['waiting', 'waiting']);
      await harness.judged('f');
      const [next, former, ...more] = (await harness.broker.incidents.list()).incidents;
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

function describeRejecting(open: OpenHarness): void {
  describe('an incident that is rejected', () => {
    it('routes every suppressed member once, in order of arrival and before all others, and raises the alerts of urgent ones', async () => {
      const harness = await open();
      const { id } = await harness.storm(['a', 'b', 'c', 'd'], urgent);
      await harness.acceptInTurn(['later']);
      expect(await harness.whereabouts('a', 'b', 'c', 'd')).toEqual(Array(4).fill('suppressed'));
      // They were in line before they were suppressed, and raised their alerts then.
      expect(await harness.deliveredIds()).toEqual([`incident.opened:${id}`, 'ticket.urgent:a', 'ticket.urgent:b']);
      expect(await harness.broker.incidents.reject(id)).toMatchObject({ status: 'rejected', closed_at: anIsoTime() });
      expect(await harness.whereabouts('a', 'b', 'c', 'd')).toEqual(Array(4).fill('queued'));
      expect(await harness.marks('a', 'b', 'c', 'd')).toEqual(Array(4).fill([false, null]));
      await harness.agent('ann', { capacity: 10 });
      const claims = await harness.broker.queue.claim(10);
      expect(claims.map(({ record }) => record.ticket.id)).toEqual(['a', 'b', 'c', 'd', 'later']);
      for (const claim of claims.slice(0, 4)) await harness.commitAsJudged(claim, anArrival(), urgent);
      expect(await harness.whereabouts('a', 'b', 'c', 'd')).toEqual(Array(4).fill('ann'));
      expect(await harness.marks('a', 'b', 'c', 'd')).toEqual(Array(4).fill([false, null]));
      expect(await harness.load('ann')).toBe(4);
      expect(await harness.deliveredIds()).toEqual(['ticket.urgent:c', 'ticket.urgent:d']);
      expect(await harness.claimIds(10)).toEqual([]);
    });

    it('lets members be decided anew, with a review or without, beside others', async () => {
      const harness = await open();
      const { id } = await harness.storm(['a', 'b', 'c', 'd']);
      await harness.broker.incidents.reject(id);
      await harness.acceptInTurn(['later']);
      await harness.agent('ann', { capacity: 3 });
      const { broker } = harness;
      const claims = await broker.queue.claim(10);
      const commits = claims.map((claim) =>
        broker.tickets.commit(claim, {
          ...aDecision(),
          needs_review: claim.record.ticket.id === 'b',
          automated: claim.record.ticket.id === 'c',
        }),
      );
      expect(
        (await Promise.all(commits)).map(({ ticket }) => [ticket.id, ticket.assigned_agent, ticket.needs_review]),
      ).toEqual([
        ['a', 'ann', false],
        ['b', 'ann', true],
        ['c', 'ann', false],
        ['d', null, false],
        ['later', null, false],
      ]);
      const explained = async (ticketId: string) => (await broker.tickets.get(ticketId))?.explanation.assignment?.how;
      expect([await explained('b'), await explained('d')]).toEqual(['ranked', 'waiting']);
      expect([await harness.load('ann'), await harness.claimIds(10)]).toEqual([3, []]);
    });

    it('wakes calls that wait for work', async () => {
      const harness = await open();
      const { id } = await harness.storm();
      const wait = harness.follow(harness.broker.queue.waitForWork(60_000));
      await harness.broker.incidents.reject(id);
      await harness.untilEnded(wait);
    });

    it('leaves members with an agent there, and unlinks them', async () => {
      const harness = await open();
      await harness.agent('ann', { capacity: 2 });
      const { id } = await harness.storm();
      await harness.broker.incidents.reject(id);
      expect(await harness.whereabouts('a', 'b', 'c')).toEqual(['ann', 'ann', 'queued']);
      expect(await harness.marks('a', 'b', 'c')).toEqual(Array(3).fill([false, null]));
    });

    it('gives a released ticket as many attempts as a new one', async () => {
      const harness = await open({ maxAttempts: 1 });
      const { id } = await harness.storm();
      await harness.broker.incidents.reject(id);
      const claim = await harness.broker.queue.claimById('c');
      expect(claim?.record.ticket.attempts).toBe(1);
    });

    it('can still be read with its members, and does not come back with the next similar tickets', async () => {
      const harness = await open();
      const { id } = await harness.storm();
      const before = await harness.incident(id);
      await harness.broker.incidents.reject(id);
      const rejected = await harness.incident(id);
      expect(rejected).toEqual({ ...before, status: 'rejected', closed_at: anIsoTime() });
      expect(await harness.memberIds(id)).toEqual(['a', 'b', 'c']);
      await harness.judgedInTurn(['d', 'e', 'f']);
      expect(await harness.whereabouts('d', 'e', 'f')).toEqual(Array(3).fill('waiting'));
      expect((await harness.broker.incidents.list()).incidents).toEqual([rejected]);
    });

    it('does not prevent more other tickets than it had from becoming an incident of their own', async () => {
      const harness = await open();
      const { id } = await harness.storm();
      await harness.broker.incidents.reject(id);
      await harness.judgedInTurn(['d', 'e', 'f', 'g']);
      const [next, former, ...more] = (await harness.broker.incidents.list()).incidents;
      expect([next?.status, next?.member_count, former?.id, more]).toEqual(['open', 4, id, []]);
      expect(await harness.whereabouts('d', 'e', 'f', 'g')).toEqual(Array(4).fill('suppressed'));
    });

    it('emits no event', async () => {
      const harness = await open();
      const { id } = await harness.storm();
      await harness.delivered();
      await harness.broker.incidents.reject(id);
      expect(await harness.deliveredIds()).toEqual([]);
    });
  });

  describe('two actions at once', () => {
    it('do not both succeed', async () => {
      const harness = await open();
      const { id } = await harness.storm();
      const { incidents } = harness.broker;
      const actions = [incidents.resolve(id), incidents.reject(id), incidents.resolve(id), incidents.confirm(id)];
      const results = await Promise.allSettled(actions);
      const done = only(results.filter((result) => result.status === 'fulfilled')).value;
      const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
      expect(refused).toEqual(Array(3).fill(expect.objectContaining({ code: 'transition_not_allowed' })));
      expect(await harness.incident(id)).toMatchObject({ id, status: done.status, closed_at: done.closed_at });
      const fate = done.status === 'resolved' ? 'completed' : 'queued';
      expect(await harness.whereabouts('a', 'b', 'c')).toEqual([fate, fate, fate]);
    });

    it('are refused for an unknown incident', async () => {
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

function describeUnlinking(open: OpenHarness): void {
  describe('an unlinked ticket', () => {
    it('is requeued if it was suppressed, routed by itself, and joins no incident', async () => {
      const harness = await open();
      const { id } = await harness.storm(['a', 'b', 'c', 'd']);
      await harness.acceptInTurn(['later']);
      await harness.broker.incidents.unlink(id, 'c');
      expect(await harness.whereabouts('a', 'b', 'c', 'd')).toEqual([
        'suppressed',
        'suppressed',
        'queued',
        'suppressed',
      ]);
      expect(await harness.marks('c', 'd')).toEqual([
        [false, null],
        [true, id],
      ]);
      expect(await harness.memberIds(id)).toEqual(['a', 'b', 'd']);
      expect(await harness.incident(id)).toMatchObject({
        member_count: 3,
        requester_count: 3,
        categories: { Billing: 3 },
      });
      await harness.agent('ann');
      const claim = only(await harness.broker.queue.claim(1));
      const { ticket } = await harness.commitAsJudged(claim);
      expect(ticket).toMatchObject({ id: 'c', status: 'assigned', is_duplicate: false, master_incident_id: null });
      await harness.broker.incidents.resolve(id);
      expect(await harness.status('c')).toBe('assigned');
    });

    it('keeps its agent', async () => {
      const harness = await open();
      await harness.agent('ann', { capacity: 2 });
      const { id } = await harness.storm();
      await harness.broker.incidents.unlink(id, 'b');
      expect(await harness.whereabouts('a', 'b', 'c')).toEqual(['ann', 'ann', 'suppressed']);
      expect(await harness.marks('b')).toEqual([[false, null]]);
    });

    it('makes the next earliest the representative if it was that', async () => {
      const harness = await open();
      const { id } = await harness.storm();
      await harness.broker.incidents.unlink(id, 'a');
      expect(await harness.incident(id)).toMatchObject({ representative_ticket_id: 'b', member_count: 2 });
      expect(await harness.marks('a', 'b', 'c')).toEqual([
        [false, null],
        [false, id],
        [true, id],
      ]);
    });

    it('must have been a member', async () => {
      const harness = await open();
      const { id } = await harness.storm();
      await harness.judged('other', anArrival({ topic: 1 }));
      await harness.broker.incidents.unlink(id, 'c');
      for (const ticketId of ['c', 'other', 'unknown', '__proto__']) {
        await expectRefusal(harness.broker.incidents.unlink(id, ticketId), 'not_found');
      }
      expect(await harness.memberIds(id)).toEqual(['a', 'b']);
    });

    it('joins no other incident, not even by an operator', async () => {
      const harness = await open();
      const { id } = await harness.storm();
      await harness.judged('free', anArrival({ topic: 1 }));
      await harness.broker.incidents.unlink(id, 'c');
      const queued = harness.broker.incidents.open('By hand', ['c']);
      await expectRefusal(queued, 'transition_not_allowed');
      await harness.commitAsJudged(only(await harness.broker.queue.claim(1)));
      for (const ids of [['c'], ['free', 'c']]) {
        await expectRefusal(harness.broker.incidents.open('By hand', ids), 'transition_not_allowed');
      }
      expect(await harness.whereabouts('free', 'c')).toEqual(['waiting', 'waiting']);
      expect(only((await harness.broker.incidents.list()).incidents).id).toBe(id);
    });
  });
}
