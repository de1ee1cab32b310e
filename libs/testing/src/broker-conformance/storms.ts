import type { StormArrival } from '@smart-support/contracts';
import { anArrival } from '../fixtures';
import { SUITE_OPTIONS } from './broker-under-test';
import { expectRefusal, only, type OpenHarness, type BrokerHarness, anIsoTime } from './broker-harness';
import { ALONE, commit, judge } from './storm-calls';

const urgent = { urgency_score: 0.9 };

/** Similar tickets become an incident, and the effects on each of them. */
export function describeStorms(open: OpenHarness): void {
  describeOpening(open);
  describeJudging(open);
  describeHolding(open);
}

function describeHolding(open: OpenHarness): void {
  describe('a burst by requesters that are not vouched for', () => {
    const held = { status: 'suspected', held: 'unverified_requesters', opened_at: null };
    const invented = anArrival({ isVouched: false, source: 'form' });
    const listed = async (harness: BrokerHarness) => (await harness.broker.incidents.list()).incidents;
    async function aHold(harness: BrokerHarness, ids = ['a', 'b', 'c', 'd']) {
      for (const id of ids) {
        await harness.judged(id, invented);
        await harness.advance(5);
      }
      return only(await listed(harness));
    }

    it('is held: it suppresses nothing, and subscribers are notified once', async () => {
      const harness = await open();
      const incident = await aHold(harness);
      expect(incident).toMatchObject({ ...held, member_count: 4, representative_ticket_id: 'a' });
      const { ticket } = await harness.judged('honest');
      expect([ticket.status, ticket.master_incident_id]).toEqual(['waiting', null]);
      expect(await harness.whereabouts('a', 'd')).toEqual(['waiting', 'waiting']);
      const { id, event } = only(await harness.delivered());
      expect([id, event.data]).toMatchObject([`incident.suspected:${incident.id}`, held]);
    });

    it('opens once an operator confirms it', async () => {
      const harness = await open();
      const { id } = await aHold(harness);
      expect(await harness.broker.incidents.confirm(id)).toMatchObject({ status: 'open', held: null });
      expect(await harness.whereabouts('a', 'd')).toEqual(['suppressed', 'suppressed']);
      await harness.judged('e', invented);
      expect(await harness.whereabouts('e')).toEqual(['suppressed']);
      expect(await harness.incident(id)).toMatchObject({ status: 'open', held: null, member_count: 5 });
    });

    it('opens with more vouched requesters than the threshold, and is one incident', async () => {
      const harness = await open();
      const { id } = await aHold(harness);
      await harness.judgedInTurn(['e', 'f']);
      expect(await harness.whereabouts('a', 'e', 'f')).toEqual(['waiting', 'waiting', 'waiting']);
      await harness.judged('g');
      expect(only(await listed(harness))).toMatchObject({ status: 'open', held: null, member_count: 7 });
      expect(await harness.whereabouts('a', 'e', 'f', 'g')).toEqual(Array(4).fill('suppressed'));
      expect(await harness.broker.incidents.get(id)).toBeUndefined();
    });

    it('opens with vouched requesters of a second source', async () => {
      const harness = await open();
      await aHold(harness);
      const mailed = { ...invented, isVouched: true, source: 'mail' };
      await harness.judged('e', mailed);
      expect(only(await listed(harness))).toMatchObject(held);
      await harness.judged('f', mailed);
      expect(only(await listed(harness))).toMatchObject({ status: 'open', held: null, member_count: 6 });
    });
  });
}

function describeOpening(open: OpenHarness): void {
  describe('the third similar ticket', () => {
    it('opens one incident, and is not routed', async () => {
      const harness = await open();
      await harness.agent('ann', { capacity: 10 });
      await harness.judgedInTurn(['a', 'b']);
      expect((await harness.broker.incidents.list()).incidents).toEqual([]);
      const incident = await harness.storm(['c'], { category: 'Legal', urgency_score: 0.7 });
      expect(incident).toEqual({
        id: expect.stringMatching(/^incident-\d+-\d+$/),
        status: 'open',
        title: 'Please look into matter a.',
        representative_ticket_id: 'a',
        member_count: 3,
        requester_count: 3,
        degraded: false,
        doubtful_members: { count: 1, completed: null },
        held: null,
        categories: { Billing: 2, Legal: 1 },
        max_urgency: 0.7,
        opened_at: anIsoTime(),
        last_member_at: anIsoTime(),
        closed_at: null,
        previous_incident_id: null,
      });
      expect(await harness.incident(incident.id)).toEqual(incident);
      const { ticket, explanation } = await harness.record('c');
      expect(ticket).toMatchObject({ status: 'suppressed', assigned_agent: null, resolution: null });
      expect(explanation.assignment).toBeNull();
      expect(await harness.load('ann')).toBe(2);
    });

    it('links the earlier ones, of which the first is no duplicate, and leaves them with their agents', async () => {
      const harness = await open();
      await harness.agent('ann', { capacity: 10 });
      const { id } = await harness.storm();
      expect(await harness.whereabouts('a', 'b', 'c')).toEqual(['ann', 'ann', 'suppressed']);
      expect(await harness.marks('a', 'b', 'c')).toEqual([
        [false, id],
        [true, id],
        [true, id],
      ]);
      expect(await harness.memberIds(id)).toEqual(['a', 'b', 'c']);
    });

    it('suppresses those that wait for an agent', async () => {
      const harness = await open();
      await harness.judgedInTurn(['a', 'b']);
      await harness.judged('other', anArrival({ topic: 1 }));
      expect(await harness.whereabouts('a', 'b', 'other')).toEqual(['waiting', 'waiting', 'waiting']);
      const { id } = await harness.storm(['c']);
      expect(await harness.whereabouts('a', 'b', 'c', 'other')).toEqual([
        'suppressed',
        'suppressed',
        'suppressed',
        'waiting',
      ]);
      expect(await harness.marks('a', 'b', 'c')).toEqual([
        [false, id],
        [true, id],
        [true, id],
      ]);
      expect((await harness.broker.queue.report()).waiting).toEqual({ Billing: 1, Technical: 0, Legal: 0 });
      await harness.agent('ann', { capacity: 10 });
      expect(await harness.whereabouts('a', 'b', 'c', 'other')).toEqual([
        'suppressed',
        'suppressed',
        'suppressed',
        'ann',
      ]);
    });

    it('leaves in line what has a severe signal that the others do not have', async () => {
      const harness = await open({ storm: { ...SUITE_OPTIONS.storm, ticketThreshold: 3 } });
      await harness.judgedInTurn(['a', 'b']);
      await harness.judged('severe', anArrival({ severe_signal: 'harm_danger' }));
      const { id } = await harness.storm(['d']);
      expect(await harness.whereabouts('a', 'b', 'severe', 'd')).toEqual([
        'suppressed',
        'suppressed',
        'waiting',
        'suppressed',
      ]);
      expect(await harness.marks('severe')).toEqual([[true, id]]);
    });

    it('leaves in line what has an always-routed signal, also if all have it, and raises its alert', async () => {
      const harness = await open();
      const gas = anArrival({ severe_signal: 'harm_danger', isAlwaysRouted: true });
      for (const id of ['a', 'b', 'c', 'd']) await harness.judged(id, gas, urgent);
      await harness.judged('e');
      const { id, member_count } = only((await harness.broker.incidents.list()).incidents);
      expect(member_count).toBe(5);
      expect(await harness.whereabouts('a', 'b', 'c', 'd', 'e')).toEqual([...Array(4).fill('waiting'), 'suppressed']);
      expect(await harness.marks('a', 'd')).toEqual([
        [false, id],
        [true, id],
      ]);
      const alerts = ['a', 'b', 'c', 'd'].map((ticketId) => `ticket.urgent:${ticketId}`);
      expect(await harness.deliveredIds()).toEqual([`incident.opened:${id}`, ...alerts]);
      await harness.agent('ann', { capacity: 10 });
      expect(await harness.whereabouts('a', 'd', 'e')).toEqual(['ann', 'ann', 'suppressed']);
    });

    it('notifies subscribers once', async () => {
      const harness = await open();
      const incident = await harness.storm();
      await harness.judged('d');
      const { id, event } = only(await harness.delivered());
      expect(id).toBe(`incident.opened:${incident.id}`);
      expect(event).toMatchObject({
        type: 'incident.opened',
        timestamp: anIsoTime(),
        data: { id: incident.id, status: 'open', title: incident.title, representative_ticket_id: 'a' },
      });
      expect(event.data).toHaveProperty('member_ids', expect.arrayContaining(['a', 'b']));
      await harness.judged('e');
      expect(await harness.deliveredIds()).toEqual([]);
    });

    it('counts only if other requesters wrote the two before', async () => {
      const harness = await open();
      for (const id of ['a', 'b', 'c', 'd']) {
        await harness.accept({ id, input: { requester: 'one@example.org' } });
        await harness.commitAsJudged(only(await harness.broker.queue.claim(1)));
      }
      expect((await harness.broker.incidents.list()).incidents).toEqual([]);
      const incident = await harness.storm(['e', 'f']);
      expect(incident).toMatchObject({ representative_ticket_id: 'a', member_count: 6, requester_count: 3 });
    });

    it('is found by its words if no model answered', async () => {
      const harness = await open();
      const arrival: StormArrival = anArrival({
        embedding: null,
        words: [
          [3, 0.6],
          [7, 0.8],
        ],
      });
      for (const id of ['a', 'b', 'c']) await harness.judged(id, arrival);
      expect(only((await harness.broker.incidents.list()).incidents)).toMatchObject({
        degraded: true,
        member_count: 3,
      });
    });
  });
}

function describeJudging(open: OpenHarness): void {
  describe('a verdict', () => {
    it('leaves out tickets that are not similar', async () => {
      const harness = await open();
      for (const topic of [0, 1, 2, 3]) {
        const claim = await harness.claimed(`t${topic}`);
        expect(await judge(harness, claim, anArrival({ topic }))).toEqual(ALONE);
      }
      expect((await harness.broker.incidents.list()).incidents).toEqual([]);
    });

    it('has the incident of a ticket, and the most similar ticket', async () => {
      const harness = await open();
      const { id } = await harness.storm();
      const { routing, incident, nearest } = await judge(
        harness,
        await harness.claimed('like'),
        anArrival({ degrees: 10 }),
      );
      expect([routing, incident?.id, nearest?.id]).toEqual(['suppressed', id, id]);
      expect(incident?.similarity).toBeCloseTo(Math.cos((10 / 180) * Math.PI), 1);
      expect(incident?.epoch).toBeGreaterThanOrEqual(1);
      const unlike = await judge(harness, await harness.claimed('unlike'), anArrival({ degrees: 60 }));
      expect(unlike).toEqual({ ...ALONE, nearest: { id, similarity: expect.closeTo(0.5, 1) } });
    });

    it('logs a ticket once, however often it is requested', async () => {
      const harness = await open();
      for (const id of ['a', 'b']) {
        const claim = await harness.claimed(id);
        for (let times = 0; times < 3; times += 1) expect(await judge(harness, claim)).toEqual(ALONE);
        await harness.broker.queue.requeue(claim);
        const again = await harness.broker.queue.claimById(id);
        expect(await judge(harness, again!)).toEqual(ALONE);
        await commit(harness, again!, ALONE);
      }
      expect((await harness.broker.incidents.list()).incidents).toEqual([]);
      const claim = await harness.claimed('c');
      const verdict = await judge(harness, claim);
      expect(verdict.routing).toBe('suppressed');
      expect(await judge(harness, claim)).toEqual(verdict);
      await commit(harness, claim, verdict);
      expect(only((await harness.broker.incidents.list()).incidents).member_count).toBe(3);
    });

    it('is the same whichever of several concurrent requests is first', async () => {
      const harness = await open();
      const claims = await Promise.all(['a', 'b', 'c', 'd'].map((id) => harness.claimed(id)));
      await Promise.all(claims.map((claim) => harness.commitAsJudged(claim)));
      const { id, member_count } = only((await harness.broker.incidents.list()).incidents);
      expect(member_count).toBe(4);
      const marks = await harness.marks('a', 'b', 'c', 'd');
      expect(marks.map(([, incidentId]) => incidentId)).toEqual([id, id, id, id]);
      expect(marks.filter(([isDuplicate]) => !isDuplicate)).toHaveLength(1);
      expect(await harness.whereabouts('a', 'b', 'c', 'd')).toEqual(Array(4).fill('suppressed'));
      expect(await harness.deliveredIds()).toEqual([`incident.opened:${id}`]);
    });

    it.each<[string, Partial<StormArrival>]>([
      ['holds what is no number', { embedding: { model: 'a-model', vector: Float32Array.of(1, NaN) } }],
      ['holds an infinite number', { embedding: { model: 'a-model', vector: Float32Array.of(1, Infinity) } }],
      ['points nowhere', { embedding: { model: 'a-model', vector: new Float32Array(16) } }],
      ['is empty', { embedding: { model: 'a-model', vector: new Float32Array(0) } }],
      ['has words that are no number', { words: { indices: Uint32Array.of(1), values: Float32Array.of(NaN) } }],
      ['has more words than weights', { words: { indices: Uint32Array.of(1, 2), values: Float32Array.of(1) } }],
    ])('refuses a vector that %s, and does not log the ticket', async (_name, bad) => {
      const harness = await open();
      const claim = await harness.claimed('bad');
      await expectRefusal(judge(harness, claim, { ...anArrival(), ...bad }), 'invalid_input');
      await harness.judgedInTurn(['a', 'b']);
      expect((await harness.broker.incidents.list()).incidents).toEqual([]);
      expect((await judge(harness, claim)).routing).toBe('suppressed');
    });

    it('is refused without the claim of the ticket', async () => {
      const harness = await open();
      const claim = await harness.claimed('a');
      await expectRefusal(judge(harness, { ...claim, token: 'not-ours' }), 'lease_lost');
      await harness.broker.queue.requeue(claim);
      await expectRefusal(judge(harness, claim), 'lease_lost');
      await harness.judgedInTurn(['b', 'c']);
      expect((await harness.broker.incidents.list()).incidents).toEqual([]);
    });
  });
}
