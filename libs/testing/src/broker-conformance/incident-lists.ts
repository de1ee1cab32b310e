import { anArrival } from '../fixtures';
import { expectRefusal, only, type OpenHarness, anIsoTime } from './broker-harness';

/** Incidents that operators open, and the lists of incidents and members. */
export function describeIncidentLists(open: OpenHarness): void {
  describeOpeningByHand(open);
  describeListing(open);
}

function describeOpeningByHand(open: OpenHarness): void {
  describe('an incident that an operator opens', () => {
    it('suppresses waiting tickets and links the others where they are', async () => {
      const harness = await open();
      await harness.agent('ann', { capacity: 1 });
      await harness.committedInTurn(['done', 'waits']);
      await harness.broker.tickets.complete('done', {});
      await harness.committedInTurn(['still-waits']);
      expect(await harness.whereabouts('done', 'waits', 'still-waits')).toEqual(['completed', 'ann', 'waiting']);
      await harness.acceptInTurn(['queued']);
      const incident = await harness.broker.incidents.open('The mail server is down', [
        'queued',
        'still-waits',
        'waits',
        'done',
      ]);
      expect(incident).toMatchObject({
        ...{ id: expect.stringMatching(/^incident-[\w-]+$/), status: 'open', title: 'The mail server is down' },
        ...{ member_count: 4, opened_at: anIsoTime(), closed_at: null, previous_incident_id: null, degraded: false },
      });
      expect(await harness.whereabouts('done', 'waits', 'still-waits', 'queued')).toEqual([
        'completed',
        'ann',
        'suppressed',
        'queued',
      ]);
      const marks = await harness.marks('done', 'waits', 'still-waits');
      expect(marks.map(([, incidentId]) => incidentId)).toEqual([incident.id, incident.id, incident.id]);
      const { members } = await harness.broker.incidents.members(incident.id);
      expect(members.map(({ ticket_id, similarity }) => [ticket_id, similarity])).toEqual([
        ['done', 1],
        ['waits', 1],
        ['still-waits', 1],
        ['queued', 1],
      ]);
      const { id, event } = only(await harness.delivered());
      expect([id, event.type]).toEqual([`incident.opened:${incident.id}`, 'incident.opened']);
    });

    it('links an undecided ticket at its commit, and suppresses it if no agent is free', async () => {
      const harness = await open();
      await harness.acceptInTurn(['a', 'b']);
      const { id } = await harness.broker.incidents.open('An outage', ['a', 'b']);
      const [first, second] = await harness.broker.queue.claim(2);
      expect((await harness.commitAsJudged(first!)).ticket).toMatchObject({
        status: 'suppressed',
        master_incident_id: id,
      });
      await harness.agent('ann');
      expect((await harness.commitAsJudged(second!)).ticket).toMatchObject({
        status: 'assigned',
        master_incident_id: id,
      });
    });

    it('leaves in line what has an always-routed signal, whether it was committed before or after', async () => {
      const harness = await open();
      const severe = anArrival({ severe_signal: 'harm_danger', isAlwaysRouted: true });
      await harness.judged('waits', severe);
      await harness.judged('lawyer', anArrival({ topic: 1, severe_signal: 'exposure_lawyer' }));
      await harness.acceptInTurn(['queued', 'ordinary', 'law']);
      const { id } = await harness.broker.incidents.open('An outage', ['waits', 'lawyer', 'queued', 'ordinary', 'law']);
      const [first, second, third] = await harness.broker.queue.claim(3);
      await harness.commitAsJudged(first!, severe);
      await harness.commitAsJudged(second!);
      await harness.commitAsJudged(third!, anArrival({ severe_signal: 'exposure_leak' }));
      expect(await harness.whereabouts('waits', 'lawyer', 'queued', 'ordinary', 'law')).toEqual([
        ...['waiting', 'suppressed', 'waiting', 'suppressed', 'suppressed'],
      ]);
      expect((await harness.marks('waits', 'queued')).map(([, incidentId]) => incidentId)).toEqual([id, id]);
    });

    it('links tickets that are similar to those that it was opened around', async () => {
      const harness = await open();
      await harness.judged('a');
      const { id } = await harness.broker.incidents.open('An outage', ['a']);
      const { ticket } = await harness.judged('b');
      expect(ticket).toMatchObject({ status: 'suppressed', is_duplicate: true, master_incident_id: id });
      expect(await harness.marks('a')).toEqual([[false, id]]);
    });

    it('ends like any other', async () => {
      const harness = await open();
      await harness.committedInTurn(['a', 'b']);
      const first = await harness.broker.incidents.open('An outage', ['a']);
      const second = await harness.broker.incidents.open('Another one', ['b']);
      await harness.broker.incidents.reject(first.id);
      await harness.broker.incidents.resolve(second.id);
      expect(await harness.whereabouts('a', 'b')).toEqual(['queued', 'completed']);
    });

    it('needs known tickets', async () => {
      const harness = await open();
      await expectRefusal(harness.broker.incidents.open('An outage', []), 'invalid_input');
      await harness.committed('a');
      for (const id of ['unknown', '__proto__']) {
        await expectRefusal(harness.broker.incidents.open('An outage', ['a', id]), 'not_found');
      }
      expect(await harness.whereabouts('a')).toEqual(['waiting']);
      expect((await harness.broker.incidents.list()).incidents).toEqual([]);
      expect(await harness.deliveredIds()).toEqual([]);
    });

    it('needs tickets of no other incident', async () => {
      const harness = await open();
      const { id } = await harness.storm();
      await harness.judged('free', anArrival({ topic: 1 }));
      await expectRefusal(harness.broker.incidents.open('An outage', ['free', 'c']), 'transition_not_allowed');
      expect(await harness.whereabouts('free', 'c')).toEqual(['waiting', 'suppressed']);
      expect(only((await harness.broker.incidents.list()).incidents).id).toBe(id);
    });
  });
}

function describeListing(open: OpenHarness): void {
  describe('incidents', () => {
    it('are listed in pages of 100, the latest first, all or those of one status', async () => {
      const harness = await open();
      const ids: string[] = [];
      for (let index = 0; index < 130; index += 1) {
        await harness.accept({ id: `t${index}` });
        ids.unshift((await harness.broker.incidents.open(`Outage ${index}`, [`t${index}`])).id);
      }
      const { incidents } = harness.broker;
      for (const id of ids.slice(0, 105)) await incidents.resolve(id);
      const pages = async (query: Parameters<typeof incidents.list>[0]) => {
        const first = await incidents.list(query);
        const second =
          first.next_cursor === null ? null : await incidents.list({ ...query, cursor: first.next_cursor });
        return [first, second].map((page) => [page?.incidents.map(({ id }) => id), page?.next_cursor === null]);
      };
      expect(await pages({})).toEqual([
        [ids.slice(0, 100), false],
        [ids.slice(100), true],
      ]);
      expect(await pages({ status: 'resolved' })).toEqual([
        [ids.slice(0, 100), false],
        [ids.slice(100, 105), true],
      ]);
      await incidents.reject(ids[110]!);
      expect(await pages({ status: 'rejected' })).toEqual([
        [[ids[110]], true],
        [undefined, false],
      ]);
    });

    it('show their members in pages of 100, in order of arrival', async () => {
      const harness = await open();
      const ids = Array.from({ length: 201 }, (_, index) => `t${String(index).padStart(3, '0')}`);
      for (const id of ids) await harness.accept({ id });
      const { id } = await harness.broker.incidents.open('An outage', [...ids].reverse());
      const { incidents } = harness.broker;
      const first = await incidents.members(id);
      const second = await incidents.members(id, first.next_cursor ?? undefined);
      const third = await incidents.members(id, second.next_cursor ?? undefined);
      const pages = [first, second, third].map(({ members }) => members.map(({ ticket_id }) => ticket_id));
      expect(pages).toEqual([ids.slice(0, 100), ids.slice(100, 200), ids.slice(200)]);
      expect(third.next_cursor).toBeNull();
      expect(first.members[0]).toEqual({ ticket_id: 't000', similarity: 1, received_at: anIsoTime() });
      expect((await harness.incident(id)).member_count).toBe(201);
    });

    it('refuse an unknown cursor', async () => {
      const harness = await open();
      const { id } = await harness.storm();
      for (const cursor of ['', '-1', 'next', '__proto__', '1'.repeat(400)]) {
        await expectRefusal(harness.broker.incidents.list({ cursor }), 'invalid_input');
        await expectRefusal(harness.broker.incidents.members(id, cursor), 'invalid_input');
        await expectRefusal(harness.broker.incidents.doubtfulMembers(id, cursor), 'invalid_input');
      }
    });

    it('are dropped some time after their end', async () => {
      const harness = await open({ retentionMs: 400 });
      const { id } = await harness.storm();
      await harness.broker.incidents.resolve(id);
      expect((await harness.incident(id)).status).toBe('resolved');
      await harness.advance(500);
      await harness.broker.queue.sweep();
      expect(await harness.broker.incidents.get(id)).toBeUndefined();
      expect((await harness.broker.incidents.list()).incidents).toEqual([]);
      await expectRefusal(harness.broker.incidents.members(id), 'not_found');
    });
  });
}
