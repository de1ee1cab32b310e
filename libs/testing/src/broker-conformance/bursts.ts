import type { Incident, StormArrival } from '@smart-support/contracts';
import { anArrival } from '../fixtures';
import { SUITE_OPTIONS } from './broker-under-test';
import { type OpenScene, type Scene, expectRefusal, only } from './scene';

const TEN = { storm: { ...SUITE_OPTIONS.storm, ticketThreshold: 10 } };
const LENGTH = 16;

/** One of several tickets about one matter in different words, at cosines of `share` squared to each other: too far apart for the rule of storms. */
function paraphrase(number: number, share = 0.8, changes: Partial<StormArrival> = {}): StormArrival {
  const vector = new Float32Array(LENGTH);
  vector[0] = share;
  vector[1 + number] = Math.sqrt(1 - share * share);
  return { ...anArrival({ embedding: { model: 'a-model', vector } }), ...changes };
}

const listed = async (scene: Scene): Promise<readonly Incident[]> => (await scene.broker.incidents.list()).incidents;

/** Six tickets that report one failure in six people’s words, of which a suspicion is made. */
async function suspicion(scene: Scene): Promise<Incident> {
  for (let number = 0; number < 6; number += 1) await scene.judged(`r${number}`, paraphrase(number));
  await scene.leadUntil(async () => (await listed(scene)).length > 0);
  return only(await listed(scene));
}

/** Which similar tickets are one storm, and what becomes of those that are only suspected to be. */
export function describeBursts(open: OpenScene): void {
  describeCommonCause(open);
  describeSuspicions(open);
  describeGone(open);
  describeOnlyMember(open);
}

function describeCommonCause(open: OpenScene): void {
  describe('similar tickets', () => {
    const judgedEleven = async (scene: Scene, changes: Parameters<typeof anArrival>[0]): Promise<StormArrival[]> => {
      const arrivals = Array.from({ length: 11 }, (_, n) =>
        anArrival({ identifiers: `order ${4100 + n}`, ...changes }),
      );
      for (const [n, arrival] of arrivals.entries()) await scene.judged(`t${n}`, arrival);
      return arrivals;
    };

    it('that are eleven requests about eleven orders of one’s own open nothing, and say why', async () => {
      const scene = await open(TEN);
      const arrivals = await judgedEleven(scene, { failure: 0 });
      expect(await listed(scene)).toEqual([]);
      const verdict = await scene.broker.storms.judge(await scene.claimed('last'), {
        ...only(arrivals.slice(-1)),
        identifiers: 'order 1',
      });
      expect(verdict).toEqual({
        routing: 'routed',
        incident: null,
        nearest: null,
        routed_signal: null,
        kept_out: 'own_request',
      });
    });

    it('that are eleven reports of a failure with eleven order numbers are a storm', async () => {
      const scene = await open(TEN);
      await judgedEleven(scene, { failure: 1 });
      expect(only(await listed(scene))).toMatchObject({ status: 'open', member_count: 11 });
    });

    it('that are requests about one order are a storm', async () => {
      const scene = await open(TEN);
      await judgedEleven(scene, { failure: 0, identifiers: 'order 1' });
      expect(only(await listed(scene))).toMatchObject({ status: 'open', member_count: 11 });
    });

    it.each([
      ['a program', 'are a storm', true, 1],
      ['one person', 'are none', false, 0],
    ])('that %s sends under one address %s', async (_who, _what, isMachine, incidents) => {
      const scene = await open();
      for (const id of ['a', 'b', 'c']) {
        await scene.accept({ id, input: { requester: 'monitor@example.org' } });
        const claim = only(await scene.broker.queue.claim(1));
        await scene.commitAsJudged(claim, anArrival({ isMachine }));
      }
      expect(await listed(scene)).toHaveLength(incidents);
    });

    it('that are kept out count towards nothing and join nothing', async () => {
      const scene = await open();
      const keptOut = anArrival({ keptOut: 'nothing_said', words: [[3, 1]] });
      for (const id of ['a', 'b', 'c', 'd']) await scene.judged(id, keptOut);
      expect(await listed(scene)).toEqual([]);
      const { id } = await scene.storm(['e', 'f', 'g']);
      expect(await scene.memberIds(id)).toEqual(['e', 'f', 'g']);
      expect((await scene.judged('h', keptOut)).ticket).toMatchObject({ status: 'waiting', master_incident_id: null });
    });
  });
}

function describeSuspicions(open: OpenScene): void {
  describe('reports of one failure in people’s own words', () => {
    it('are a suspicion, which suppresses nothing', async () => {
      const scene = await open();
      expect(await suspicion(scene)).toMatchObject({
        ...{ status: 'suspected', member_count: 6, requester_count: 6, opened_at: null },
        ...{ representative_ticket_id: 'r0' },
      });
      expect(await scene.whereabouts('r0', 'r5')).toEqual(['waiting', 'waiting']);
    });

    it('once confirmed, leave in line what always counts', async () => {
      const scene = await open();
      const severe = { severe_signal: 'harm_danger', isAlwaysRouted: true };
      for (let number = 0; number < 6; number += 1) {
        await scene.judged(`r${number}`, { ...paraphrase(number), ...(number === 2 ? severe : {}) });
      }
      await scene.leadUntil(async () => (await listed(scene)).length > 0);
      const { id } = await scene.broker.incidents.confirm(only(await listed(scene)).id);
      expect(await scene.whereabouts('r0', 'r2', 'r5')).toEqual(['suppressed', 'waiting', 'suppressed']);
      expect(await scene.marks('r2')).toEqual([[true, id]]);
    });

    it('open by themselves where more people write than the threshold', async () => {
      const scene = await open({ bursts: { mode: 'auto', falseAlarmsPerMonth: 1 } });
      for (let number = 0; number < 6; number += 1) await scene.judged(`r${number}`, paraphrase(number));
      await scene.leadUntil(async () => (await listed(scene))[0]?.status === 'open');
      const { id, member_count } = only(await listed(scene));
      expect(member_count).toBe(6);
      expect(await scene.whereabouts('r0', 'r5')).toEqual(['suppressed', 'suppressed']);
      expect(await scene.deliveredIds()).toEqual([`incident.opened:${id}`, `incident.suspected:${id}`]);
    });

    it('are one suspicion that grows: members, requesters and urgency count once', async () => {
      const scene = await open();
      const { id } = await suspicion(scene);
      await scene.accept({ id: 'r6', input: { requester: 'ann@example.org' } });
      const claim = only(await scene.broker.queue.claim(1));
      // Too far from the mean of the first six to follow them, and yet a report of the same failure.
      await scene.commitAsJudged(claim, paraphrase(6, 0.5), { urgency_score: 0.9, category: 'Technical' });
      await scene.accept({ id: 'r7', input: { requester: 'ann@example.org' } });
      await scene.commitAsJudged(only(await scene.broker.queue.claim(1)), paraphrase(7));
      await scene.leadUntil(async () => (await scene.incident(id)).member_count > 7);
      expect(only(await listed(scene))).toMatchObject({
        ...{ id, status: 'suspected', member_count: 8, requester_count: 7, max_urgency: 0.9 },
        ...{ categories: { Billing: 7, Technical: 1 } },
      });
      expect((await scene.memberIds(id)).sort()).toEqual(['r0', 'r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7']);
      expect(await scene.deliveredIds()).toContain(`incident.suspected:${id}`);
      expect(await scene.deliveredIds()).toEqual([]);
    });
  });
}

function describeGone(open: OpenScene): void {
  const expectGone = async (scene: Scene, id: string): Promise<void> => {
    const { incidents } = scene.broker;
    expect(await incidents.get(id)).toBeUndefined();
    await expectRefusal(incidents.confirm(id), 'transition_not_allowed', 'is gone');
    await expectRefusal(incidents.resolve(id), 'transition_not_allowed', 'is gone');
    await expectRefusal(incidents.reject(id), 'transition_not_allowed', 'is gone');
    await expectRefusal(incidents.members(id), 'not_found');
  };

  describe('a suspicion', () => {
    it('whose tickets an incident takes is gone, and cannot be confirmed', async () => {
      const scene = await open();
      const { id } = await suspicion(scene);
      const byHand = await scene.broker.incidents.open('An outage', ['r0', 'r1', 'r2', 'r3']);
      await scene.leadUntil(async () => (await scene.broker.incidents.get(id)) === undefined);
      await expectGone(scene, id);
      expect((await listed(scene)).map((incident) => incident.id)).toEqual([byHand.id]);
      expect(await scene.whereabouts('r0', 'r4')).toEqual(['suppressed', 'waiting']);
    });

    it('that is confirmed at the moment an incident takes its tickets leaves none of them behind', async () => {
      const scene = await open();
      const { id } = await suspicion(scene);
      const byHand = await scene.broker.incidents.open('An outage', ['r0', 'r1', 'r2', 'r3']);
      // Nobody has read the log since, where that is done by workers.
      await scene.broker.incidents.confirm(id).catch(() => undefined);
      await scene.leadUntil(async () => (await scene.incident(id).catch(() => ({ status: 'gone' }))).status !== 'open');
      await scene.leadUntil(async () => (await scene.whereabouts('r4', 'r5')).every((place) => place !== 'suppressed'));
      expect(await scene.whereabouts('r0')).toEqual(['suppressed']);
      expect((await listed(scene)).filter(({ status }) => status === 'open').map((one) => one.id)).toEqual([byHand.id]);
    });

    it('of which the smaller part is taken goes on with the others', async () => {
      const scene = await open();
      const { id } = await suspicion(scene);
      await scene.broker.incidents.open('An outage', ['r0', 'r1']);
      await scene.leadUntil(async () => (await scene.incident(id)).member_count < 6);
      expect(await scene.incident(id)).toMatchObject({ status: 'suspected', member_count: 4, requester_count: 4 });
      expect((await scene.broker.incidents.confirm(id)).status).toBe('open');
    });

    it('goes with its last ticket', async () => {
      const scene = await open();
      const { id } = await suspicion(scene);
      for (let number = 0; number < 6; number += 1) await scene.broker.incidents.unlink(id, `r${number}`);
      await expectGone(scene, id);
      expect(await listed(scene)).toEqual([]);
      await scene.broker.queue.sweep();
      await expectGone(scene, id);
    });
  });
}

function describeOnlyMember(open: OpenScene): void {
  describe('an incident', () => {
    const ONLY = 'is its only member: reject or resolve the incident';

    it('keeps its only member', async () => {
      const scene = await open();
      const { id } = await scene.storm();
      await scene.broker.incidents.unlink(id, 'a');
      await scene.broker.incidents.unlink(id, 'b');
      await expectRefusal(scene.broker.incidents.unlink(id, 'c'), 'transition_not_allowed', ONLY);
      expect(await scene.incident(id)).toMatchObject({ status: 'open', member_count: 1 });
      expect(await scene.whereabouts('c')).toEqual(['suppressed']);
      await scene.broker.incidents.reject(id);
      expect(await scene.whereabouts('c')).toEqual(['queued']);
    });

    it('keeps its only member while it is quiet, and if two operators take out two at once', async () => {
      const scene = await open();
      const { id } = await scene.storm();
      await scene.broker.incidents.unlink(id, 'a');
      await scene.advance(SUITE_OPTIONS.storm.quietMs + 100);
      await scene.broker.queue.sweep();
      expect((await scene.incident(id)).status).toBe('quiet');
      const unlinked = await Promise.allSettled(
        ['b', 'c'].map((ticketId) => scene.broker.incidents.unlink(id, ticketId)),
      );
      expect(unlinked.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect((await scene.incident(id)).member_count).toBe(1);
    });

    it('that has ended still lists its only ticket when an operator opens another one around that', async () => {
      const scene = await open();
      await scene.committed('a');
      const first = await scene.broker.incidents.open('An outage', ['a']);
      await scene.broker.incidents.reject(first.id);
      const second = await scene.broker.incidents.open('The same again', ['a']);
      await scene.broker.queue.sweep();
      expect(await scene.memberIds(first.id)).toEqual(['a']);
      expect(await scene.memberIds(second.id)).toEqual(['a']);
    });
  });
}
