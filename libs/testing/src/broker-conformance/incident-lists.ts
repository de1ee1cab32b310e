import { anArrival } from '../fixtures';
import { expectRefusal, only, type OpenScene, anIsoTime } from './scene';

/** Incidents that operators open, and the pages that list incidents and members. */
export function describeIncidentLists(open: OpenScene): void {
  describeOpeningByHand(open);
  describeListing(open);
}

function describeOpeningByHand(open: OpenScene): void {
  describe('an incident that an operator opens', () => {
    it('suppresses those that wait and links the others where they are', async () => {
      const scene = await open();
      await scene.agent('ann', { capacity: 1 });
      await scene.committedInTurn(['done', 'waits']);
      await scene.broker.tickets.complete('done', {});
      await scene.committedInTurn(['still-waits']);
      expect(await scene.whereabouts('done', 'waits', 'still-waits')).toEqual(['completed', 'ann', 'waiting']);
      await scene.acceptInTurn(['queued']);
      const incident = await scene.broker.incidents.open('The mail server is down', [
        'queued',
        'still-waits',
        'waits',
        'done',
      ]);
      expect(incident).toMatchObject({
        ...{ id: expect.stringMatching(/^incident-[\w-]+$/), status: 'open', title: 'The mail server is down' },
        ...{ member_count: 4, opened_at: anIsoTime(), closed_at: null, previous_incident_id: null, degraded: false },
      });
      expect(await scene.whereabouts('done', 'waits', 'still-waits', 'queued')).toEqual([
        'completed',
        'ann',
        'suppressed',
        'queued',
      ]);
      const marks = await scene.marks('done', 'waits', 'still-waits');
      expect(marks.map(([, incidentId]) => incidentId)).toEqual([incident.id, incident.id, incident.id]);
      const { members } = await scene.broker.incidents.members(incident.id);
      expect(members.map(({ ticket_id, similarity }) => [ticket_id, similarity])).toEqual([
        ['done', 1],
        ['waits', 1],
        ['still-waits', 1],
        ['queued', 1],
      ]);
      const { id, event } = only(await scene.delivered());
      expect([id, event.type]).toEqual([`incident.opened:${incident.id}`, 'incident.opened']);
    });

    it('links what is still to be decided when that is decided, and suppresses it if no agent is free', async () => {
      const scene = await open();
      await scene.acceptInTurn(['a', 'b']);
      const { id } = await scene.broker.incidents.open('An outage', ['a', 'b']);
      const [first, second] = await scene.broker.queue.claim(2);
      expect((await scene.commitAsJudged(first!)).ticket).toMatchObject({
        status: 'suppressed',
        master_incident_id: id,
      });
      await scene.agent('ann');
      expect((await scene.commitAsJudged(second!)).ticket).toMatchObject({
        status: 'assigned',
        master_incident_id: id,
      });
    });

    it('leaves in line what always counts, whether it was decided about before or after', async () => {
      const scene = await open();
      const severe = anArrival({ severe_signal: 'harm_danger', isAlwaysRouted: true });
      await scene.judged('waits', severe);
      await scene.judged('lawyer', anArrival({ topic: 1, severe_signal: 'exposure_lawyer' }));
      await scene.acceptInTurn(['queued', 'ordinary', 'law']);
      const { id } = await scene.broker.incidents.open('An outage', ['waits', 'lawyer', 'queued', 'ordinary', 'law']);
      const [first, second, third] = await scene.broker.queue.claim(3);
      await scene.commitAsJudged(first!, severe);
      await scene.commitAsJudged(second!);
      await scene.commitAsJudged(third!, anArrival({ severe_signal: 'exposure_leak' }));
      expect(await scene.whereabouts('waits', 'lawyer', 'queued', 'ordinary', 'law')).toEqual([
        ...['waiting', 'suppressed', 'waiting', 'suppressed', 'suppressed'],
      ]);
      expect((await scene.marks('waits', 'queued')).map(([, incidentId]) => incidentId)).toEqual([id, id]);
    });

    it('draws tickets that are similar to those that it was opened around', async () => {
      const scene = await open();
      await scene.judged('a');
      const { id } = await scene.broker.incidents.open('An outage', ['a']);
      const { ticket } = await scene.judged('b');
      expect(ticket).toMatchObject({ status: 'suppressed', is_duplicate: true, master_incident_id: id });
      expect(await scene.marks('a')).toEqual([[false, id]]);
    });

    it('ends as any other', async () => {
      const scene = await open();
      await scene.committedInTurn(['a', 'b']);
      const first = await scene.broker.incidents.open('An outage', ['a']);
      const second = await scene.broker.incidents.open('Another one', ['b']);
      await scene.broker.incidents.reject(first.id);
      await scene.broker.incidents.resolve(second.id);
      expect(await scene.whereabouts('a', 'b')).toEqual(['queued', 'completed']);
    });

    it('needs tickets that are known', async () => {
      const scene = await open();
      await expectRefusal(scene.broker.incidents.open('An outage', []), 'invalid_input');
      await scene.committed('a');
      for (const id of ['unknown', '__proto__']) {
        await expectRefusal(scene.broker.incidents.open('An outage', ['a', id]), 'not_found');
      }
      expect(await scene.whereabouts('a')).toEqual(['waiting']);
      expect((await scene.broker.incidents.list()).incidents).toEqual([]);
      expect(await scene.deliveredIds()).toEqual([]);
    });

    it('needs tickets that belong to no other', async () => {
      const scene = await open();
      const { id } = await scene.storm();
      await scene.judged('free', anArrival({ topic: 1 }));
      await expectRefusal(scene.broker.incidents.open('An outage', ['free', 'c']), 'transition_not_allowed');
      expect(await scene.whereabouts('free', 'c')).toEqual(['waiting', 'suppressed']);
      expect(only((await scene.broker.incidents.list()).incidents).id).toBe(id);
    });
  });
}

function describeListing(open: OpenScene): void {
  describe('incidents', () => {
    it('are listed in pages of 100, the latest first, all or those of one status', async () => {
      const scene = await open();
      const ids: string[] = [];
      for (let index = 0; index < 130; index += 1) {
        await scene.accept({ id: `t${index}` });
        ids.unshift((await scene.broker.incidents.open(`Outage ${index}`, [`t${index}`])).id);
      }
      const { incidents } = scene.broker;
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
      const scene = await open();
      const ids = Array.from({ length: 201 }, (_, index) => `t${String(index).padStart(3, '0')}`);
      for (const id of ids) await scene.accept({ id });
      const { id } = await scene.broker.incidents.open('An outage', [...ids].reverse());
      const { incidents } = scene.broker;
      const first = await incidents.members(id);
      const second = await incidents.members(id, first.next_cursor ?? undefined);
      const third = await incidents.members(id, second.next_cursor ?? undefined);
      const pages = [first, second, third].map(({ members }) => members.map(({ ticket_id }) => ticket_id));
      expect(pages).toEqual([ids.slice(0, 100), ids.slice(100, 200), ids.slice(200)]);
      expect(third.next_cursor).toBeNull();
      expect(first.members[0]).toEqual({ ticket_id: 't000', similarity: 1, received_at: anIsoTime() });
      expect((await scene.incident(id)).member_count).toBe(201);
    });

    it('refuse a cursor that they did not give', async () => {
      const scene = await open();
      const { id } = await scene.storm();
      for (const cursor of ['', '-1', 'next', '__proto__', '1'.repeat(400)]) {
        await expectRefusal(scene.broker.incidents.list({ cursor }), 'invalid_input');
        await expectRefusal(scene.broker.incidents.members(id, cursor), 'invalid_input');
        await expectRefusal(scene.broker.incidents.doubtfulMembers(id, cursor), 'invalid_input');
      }
    });

    it('are forgotten some time after their end', async () => {
      const scene = await open({ retentionMs: 400 });
      const { id } = await scene.storm();
      await scene.broker.incidents.resolve(id);
      expect((await scene.incident(id)).status).toBe('resolved');
      await scene.advance(500);
      await scene.broker.queue.sweep();
      expect(await scene.broker.incidents.get(id)).toBeUndefined();
      expect((await scene.broker.incidents.list()).incidents).toEqual([]);
      await expectRefusal(scene.broker.incidents.members(id), 'not_found');
    });
  });
}
