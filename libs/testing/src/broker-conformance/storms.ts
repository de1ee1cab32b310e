import type { Claim, StormArrival, StormVerdict } from '@smart-support/contracts';
import { aDecision, anArrival } from '../fixtures';
import { SUITE_OPTIONS } from './broker-under-test';
import { expectRefusal, only, type OpenScene, type Scene, anIsoTime } from './scene';

const urgent = { urgency_score: 0.9 };
const ALONE: StormVerdict = { routing: 'routed', incident: null, nearest: null, routed_signal: null, kept_out: null };

const judge = (scene: Scene, claim: Claim, arrival = anArrival()) => scene.broker.storms.judge(claim, arrival);
const commit = (scene: Scene, claim: Claim, storm: StormVerdict, decision = aDecision()) =>
  scene.broker.tickets.commit(claim, { ...decision, storm });

/** Similar tickets become an incident, and what that means for each of them. */
export function describeStorms(open: OpenScene): void {
  describeOpening(open);
  describeJudging(open);
  describeHolding(open);
}

function describeHolding(open: OpenScene): void {
  describe('a burst by requesters that are not vouched for', () => {
    const held = { status: 'suspected', held: 'unverified_requesters', opened_at: null };
    const invented = anArrival({ isVouched: false, source: 'form' });
    const listed = async (scene: Scene) => (await scene.broker.incidents.list()).incidents;
    async function aHold(scene: Scene, ids = ['a', 'b', 'c', 'd']) {
      for (const id of ids) {
        await scene.judged(id, invented);
        await scene.advance(5);
      }
      return only(await listed(scene));
    }

    it('is held: it suppresses nothing, and subscribers hear of it once', async () => {
      const scene = await open();
      const incident = await aHold(scene);
      expect(incident).toMatchObject({ ...held, member_count: 4, representative_ticket_id: 'a' });
      const { ticket } = await scene.judged('honest');
      expect([ticket.status, ticket.master_incident_id]).toEqual(['waiting', null]);
      expect(await scene.whereabouts('a', 'd')).toEqual(['waiting', 'waiting']);
      const { id, event } = only(await scene.delivered());
      expect([id, event.data]).toMatchObject([`incident.suspected:${incident.id}`, held]);
    });

    it('opens once an operator confirms it', async () => {
      const scene = await open();
      const { id } = await aHold(scene);
      expect(await scene.broker.incidents.confirm(id)).toMatchObject({ status: 'open', held: null });
      expect(await scene.whereabouts('a', 'd')).toEqual(['suppressed', 'suppressed']);
      await scene.judged('e', invented);
      expect(await scene.whereabouts('e')).toEqual(['suppressed']);
      expect(await scene.incident(id)).toMatchObject({ status: 'open', held: null, member_count: 5 });
    });

    it('opens with more vouched requesters than the threshold, and is one incident', async () => {
      const scene = await open();
      const { id } = await aHold(scene);
      await scene.judgedInTurn(['e', 'f']);
      expect(await scene.whereabouts('a', 'e', 'f')).toEqual(['waiting', 'waiting', 'waiting']);
      await scene.judged('g');
      expect(only(await listed(scene))).toMatchObject({ status: 'open', held: null, member_count: 7 });
      expect(await scene.whereabouts('a', 'e', 'f', 'g')).toEqual(Array(4).fill('suppressed'));
      expect(await scene.broker.incidents.get(id)).toBeUndefined();
    });

    it('opens with vouched ones of a second source', async () => {
      const scene = await open();
      await aHold(scene);
      const mailed = { ...invented, isVouched: true, source: 'mail' };
      await scene.judged('e', mailed);
      expect(only(await listed(scene))).toMatchObject(held);
      await scene.judged('f', mailed);
      expect(only(await listed(scene))).toMatchObject({ status: 'open', held: null, member_count: 6 });
    });
  });
}

function describeOpening(open: OpenScene): void {
  describe('the third similar ticket', () => {
    it('opens one incident, and is not routed', async () => {
      const scene = await open();
      await scene.agent('ann', { capacity: 10 });
      await scene.judgedInTurn(['a', 'b']);
      expect((await scene.broker.incidents.list()).incidents).toEqual([]);
      const incident = await scene.storm(['c'], { category: 'Legal', urgency_score: 0.7 });
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
      expect(await scene.incident(incident.id)).toEqual(incident);
      const { ticket, explanation } = await scene.record('c');
      expect(ticket).toMatchObject({ status: 'suppressed', assigned_agent: null, resolution: null });
      expect(explanation.assignment).toBeNull();
      expect(await scene.load('ann')).toBe(2);
    });

    it('links those that came before, of which the earliest is no duplicate, and leaves them with their agents', async () => {
      const scene = await open();
      await scene.agent('ann', { capacity: 10 });
      const { id } = await scene.storm();
      expect(await scene.whereabouts('a', 'b', 'c')).toEqual(['ann', 'ann', 'suppressed']);
      expect(await scene.marks('a', 'b', 'c')).toEqual([
        [false, id],
        [true, id],
        [true, id],
      ]);
      expect(await scene.memberIds(id)).toEqual(['a', 'b', 'c']);
    });

    it('takes those that wait for an agent out of their line', async () => {
      const scene = await open();
      await scene.judgedInTurn(['a', 'b']);
      await scene.judged('other', anArrival({ topic: 1 }));
      expect(await scene.whereabouts('a', 'b', 'other')).toEqual(['waiting', 'waiting', 'waiting']);
      const { id } = await scene.storm(['c']);
      expect(await scene.whereabouts('a', 'b', 'c', 'other')).toEqual([
        'suppressed',
        'suppressed',
        'suppressed',
        'waiting',
      ]);
      expect(await scene.marks('a', 'b', 'c')).toEqual([
        [false, id],
        [true, id],
        [true, id],
      ]);
      expect((await scene.broker.queue.report()).waiting).toEqual({ Billing: 1, Technical: 0, Legal: 0 });
      await scene.agent('ann', { capacity: 10 });
      expect(await scene.whereabouts('a', 'b', 'c', 'other')).toEqual([
        'suppressed',
        'suppressed',
        'suppressed',
        'ann',
      ]);
    });

    it('leaves in line what says something severe that the others do not', async () => {
      const scene = await open({ storm: { ...SUITE_OPTIONS.storm, ticketThreshold: 3 } });
      await scene.judgedInTurn(['a', 'b']);
      await scene.judged('severe', anArrival({ severe_signal: 'harm_danger' }));
      const { id } = await scene.storm(['d']);
      expect(await scene.whereabouts('a', 'b', 'severe', 'd')).toEqual([
        'suppressed',
        'suppressed',
        'waiting',
        'suppressed',
      ]);
      expect(await scene.marks('severe')).toEqual([[true, id]]);
    });

    it('leaves in line what always counts, also where all say the same, and raises its alert', async () => {
      const scene = await open();
      const gas = anArrival({ severe_signal: 'harm_danger', isAlwaysRouted: true });
      for (const id of ['a', 'b', 'c', 'd']) await scene.judged(id, gas, urgent);
      await scene.judged('e');
      const { id, member_count } = only((await scene.broker.incidents.list()).incidents);
      expect(member_count).toBe(5);
      expect(await scene.whereabouts('a', 'b', 'c', 'd', 'e')).toEqual([...Array(4).fill('waiting'), 'suppressed']);
      expect(await scene.marks('a', 'd')).toEqual([
        [false, id],
        [true, id],
      ]);
      const alerts = ['a', 'b', 'c', 'd'].map((ticketId) => `ticket.urgent:${ticketId}`);
      expect(await scene.deliveredIds()).toEqual([`incident.opened:${id}`, ...alerts]);
      await scene.agent('ann', { capacity: 10 });
      expect(await scene.whereabouts('a', 'd', 'e')).toEqual(['ann', 'ann', 'suppressed']);
    });

    it('has subscribers told once', async () => {
      const scene = await open();
      const incident = await scene.storm();
      await scene.judged('d');
      const { id, event } = only(await scene.delivered());
      expect(id).toBe(`incident.opened:${incident.id}`);
      expect(event).toMatchObject({
        type: 'incident.opened',
        timestamp: anIsoTime(),
        data: { id: incident.id, status: 'open', title: incident.title, representative_ticket_id: 'a' },
      });
      expect(event.data).toHaveProperty('member_ids', expect.arrayContaining(['a', 'b']));
      await scene.judged('e');
      expect(await scene.deliveredIds()).toEqual([]);
    });

    it('counts only if others wrote the two before', async () => {
      const scene = await open();
      for (const id of ['a', 'b', 'c', 'd']) {
        await scene.accept({ id, input: { requester: 'one@example.org' } });
        await scene.commitAsJudged(only(await scene.broker.queue.claim(1)));
      }
      expect((await scene.broker.incidents.list()).incidents).toEqual([]);
      const incident = await scene.storm(['e', 'f']);
      expect(incident).toMatchObject({ representative_ticket_id: 'a', member_count: 6, requester_count: 3 });
    });

    it('is found by its words where no model answered', async () => {
      const scene = await open();
      const said: StormArrival = anArrival({
        embedding: null,
        words: [
          [3, 0.6],
          [7, 0.8],
        ],
      });
      for (const id of ['a', 'b', 'c']) await scene.judged(id, said);
      expect(only((await scene.broker.incidents.list()).incidents)).toMatchObject({ degraded: true, member_count: 3 });
    });
  });
}

function describeJudging(open: OpenScene): void {
  describe('a judgement', () => {
    it('leaves those alone that are like no others', async () => {
      const scene = await open();
      for (const topic of [0, 1, 2, 3]) {
        const claim = await scene.claimed(`t${topic}`);
        expect(await judge(scene, claim, anArrival({ topic }))).toEqual(ALONE);
      }
      expect((await scene.broker.incidents.list()).incidents).toEqual([]);
    });

    it('says which incident a ticket belongs to, and which it is most like', async () => {
      const scene = await open();
      const { id } = await scene.storm();
      const { routing, incident, nearest } = await judge(
        scene,
        await scene.claimed('like'),
        anArrival({ degrees: 10 }),
      );
      expect([routing, incident?.id, nearest?.id]).toEqual(['suppressed', id, id]);
      expect(incident?.similarity).toBeCloseTo(Math.cos((10 / 180) * Math.PI), 1);
      expect(incident?.epoch).toBeGreaterThanOrEqual(1);
      const unlike = await judge(scene, await scene.claimed('unlike'), anArrival({ degrees: 60 }));
      expect(unlike).toEqual({ ...ALONE, nearest: { id, similarity: expect.closeTo(0.5, 1) } });
    });

    it('takes one note of a ticket, however often it is asked for', async () => {
      const scene = await open();
      for (const id of ['a', 'b']) {
        const claim = await scene.claimed(id);
        for (let times = 0; times < 3; times += 1) expect(await judge(scene, claim)).toEqual(ALONE);
        await scene.broker.queue.requeue(claim);
        const again = await scene.broker.queue.claimById(id);
        expect(await judge(scene, again!)).toEqual(ALONE);
        await commit(scene, again!, ALONE);
      }
      expect((await scene.broker.incidents.list()).incidents).toEqual([]);
      const claim = await scene.claimed('c');
      const verdict = await judge(scene, claim);
      expect(verdict.routing).toBe('suppressed');
      expect(await judge(scene, claim)).toEqual(verdict);
      await commit(scene, claim, verdict);
      expect(only((await scene.broker.incidents.list()).incidents).member_count).toBe(3);
    });

    it('comes to the same whichever of those that ask at once is first', async () => {
      const scene = await open();
      const claims = await Promise.all(['a', 'b', 'c', 'd'].map((id) => scene.claimed(id)));
      await Promise.all(claims.map((claim) => scene.commitAsJudged(claim)));
      const { id, member_count } = only((await scene.broker.incidents.list()).incidents);
      expect(member_count).toBe(4);
      const marks = await scene.marks('a', 'b', 'c', 'd');
      expect(marks.map(([, incidentId]) => incidentId)).toEqual([id, id, id, id]);
      expect(marks.filter(([isDuplicate]) => !isDuplicate)).toHaveLength(1);
      expect(await scene.whereabouts('a', 'b', 'c', 'd')).toEqual(Array(4).fill('suppressed'));
      expect(await scene.deliveredIds()).toEqual([`incident.opened:${id}`]);
    });

    it.each<[string, Partial<StormArrival>]>([
      ['holds what is no number', { embedding: { model: 'a-model', vector: Float32Array.of(1, NaN) } }],
      ['holds an infinite number', { embedding: { model: 'a-model', vector: Float32Array.of(1, Infinity) } }],
      ['points nowhere', { embedding: { model: 'a-model', vector: new Float32Array(16) } }],
      ['is empty', { embedding: { model: 'a-model', vector: new Float32Array(0) } }],
      ['has words that are no number', { words: { indices: Uint32Array.of(1), values: Float32Array.of(NaN) } }],
      ['has more words than weights', { words: { indices: Uint32Array.of(1, 2), values: Float32Array.of(1) } }],
    ])('refuses a vector that %s, and takes no note of it', async (_name, bad) => {
      const scene = await open();
      const claim = await scene.claimed('bad');
      await expectRefusal(judge(scene, claim, { ...anArrival(), ...bad }), 'invalid_input');
      await scene.judgedInTurn(['a', 'b']);
      expect((await scene.broker.incidents.list()).incidents).toEqual([]);
      expect((await judge(scene, claim)).routing).toBe('suppressed');
    });

    it('is for whoever holds the ticket', async () => {
      const scene = await open();
      const claim = await scene.claimed('a');
      await expectRefusal(judge(scene, { ...claim, token: 'not-ours' }), 'lease_lost');
      await scene.broker.queue.requeue(claim);
      await expectRefusal(judge(scene, claim), 'lease_lost');
      await scene.judgedInTurn(['b', 'c']);
      expect((await scene.broker.incidents.list()).incidents).toEqual([]);
    });
  });
}
