import type { Incident, StormArrival } from '@smart-support/contracts';
import { anArrival } from '../fixtures';
import { SUITE_OPTIONS } from './broker-under-test';
import { type OpenHarness, type BrokerHarness, expectRefusal, only } from './broker-harness';

const TEN = { storm: { ...SUITE_OPTIONS.storm, ticketThreshold: 10 } };
const LENGTH = 16;

/** One of several tickets about one matter in different words, at cosines of `share` squared to each other: too dissimilar for the rule of storms. */
function paraphrase(number: number, share = 0.8, changes: Partial<StormArrival> = {}): StormArrival {
  const vector = new Float32Array(LENGTH);
  vector[0] = share;
  vector[1 + number] = Math.sqrt(1 - share * share);
  return { ...anArrival({ embedding: { model: 'a-model', vector } }), ...changes };
}

const listed = async (harness: BrokerHarness): Promise<readonly Incident[]> =>
  (await harness.broker.incidents.list()).incidents;

/** Six tickets that report one failure in different words, which become a suspected incident. */
async function suspectedIncident(harness: BrokerHarness): Promise<Incident> {
  for (let number = 0; number < 6; number += 1) await harness.judged(`r${number}`, paraphrase(number));
  await harness.leadUntil(async () => (await listed(harness)).length > 0);
  return only(await listed(harness));
}

/** Which similar tickets are one storm, and suspected incidents. */
export function describeBursts(open: OpenHarness): void {
  describeCommonCause(open);
  describeSuspicions(open);
  describeGone(open);
  describeOnlyMember(open);
}

function describeCommonCause(open: OpenHarness): void {
  describe('similar tickets', () => {
    const judgedEleven = async (
      harness: BrokerHarness,
      changes: Parameters<typeof anArrival>[0],
    ): Promise<StormArrival[]> => {
      const arrivals = Array.from({ length: 11 }, (_, n) =>
        anArrival({ identifiers: `order ${4100 + n}`, ...changes }),
      );
      for (const [n, arrival] of arrivals.entries()) await harness.judged(`t${n}`, arrival);
      return arrivals;
    };

    it('that are eleven requests about eleven different orders open nothing, with the reason', async () => {
      const harness = await open(TEN);
      const arrivals = await judgedEleven(harness, { failure: 0 });
      expect(await listed(harness)).toEqual([]);
      const verdict = await harness.broker.storms.judge(await harness.claimed('last'), {
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
      const harness = await open(TEN);
      await judgedEleven(harness, { failure: 1 });
      expect(only(await listed(harness))).toMatchObject({ status: 'open', member_count: 11 });
    });

    it('that are requests about one order are a storm', async () => {
      const harness = await open(TEN);
      await judgedEleven(harness, { failure: 0, identifiers: 'order 1' });
      expect(only(await listed(harness))).toMatchObject({ status: 'open', member_count: 11 });
    });

    it.each([
      ['a program', 'are a storm', true, 1],
      ['one person', 'are none', false, 0],
    ])('that %s sends under one address %s', async (_who, _what, isMachine, incidents) => {
      const harness = await open();
      for (const id of ['a', 'b', 'c']) {
        await harness.accept({ id, input: { requester: 'monitor@example.org' } });
        const claim = only(await harness.broker.queue.claim(1));
        await harness.commitAsJudged(claim, anArrival({ isMachine }));
      }
      expect(await listed(harness)).toHaveLength(incidents);
    });

    it('that are kept out count towards nothing and join nothing', async () => {
      const harness = await open();
      const keptOut = anArrival({ keptOut: 'nothing_said', words: [[3, 1]] });
      for (const id of ['a', 'b', 'c', 'd']) await harness.judged(id, keptOut);
      expect(await listed(harness)).toEqual([]);
      const { id } = await harness.storm(['e', 'f', 'g']);
      expect(await harness.memberIds(id)).toEqual(['e', 'f', 'g']);
      expect((await harness.judged('h', keptOut)).ticket).toMatchObject({
        status: 'waiting',
        master_incident_id: null,
      });
    });
  });
}

function describeSuspicions(open: OpenHarness): void {
  describe('reports of one failure in different words', () => {
    it('are a suspected incident, which suppresses nothing', async () => {
      const harness = await open();
      expect(await suspectedIncident(harness)).toMatchObject({
        ...{ status: 'suspected', member_count: 6, requester_count: 6, opened_at: null },
        ...{ representative_ticket_id: 'r0' },
      });
      expect(await harness.whereabouts('r0', 'r5')).toEqual(['waiting', 'waiting']);
    });

    it('once confirmed, leave in line what has an always-routed signal', async () => {
      const harness = await open();
      const severe = { severe_signal: 'harm_danger', isAlwaysRouted: true };
      for (let number = 0; number < 6; number += 1) {
        await harness.judged(`r${number}`, { ...paraphrase(number), ...(number === 2 ? severe : {}) });
      }
      await harness.leadUntil(async () => (await listed(harness)).length > 0);
      const { id } = await harness.broker.incidents.confirm(only(await listed(harness)).id);
      expect(await harness.whereabouts('r0', 'r2', 'r5')).toEqual(['suppressed', 'waiting', 'suppressed']);
      expect(await harness.marks('r2')).toEqual([[true, id]]);
    });

    it('open by themselves above the threshold of requesters', async () => {
      const harness = await open({ bursts: { mode: 'auto', falseAlarmsPerMonth: 1 } });
      for (let number = 0; number < 6; number += 1) await harness.judged(`r${number}`, paraphrase(number));
      await harness.leadUntil(async () => (await listed(harness))[0]?.status === 'open');
      const { id, member_count } = only(await listed(harness));
      expect(member_count).toBe(6);
      expect(await harness.whereabouts('r0', 'r5')).toEqual(['suppressed', 'suppressed']);
      expect(await harness.deliveredIds()).toEqual([`incident.opened:${id}`, `incident.suspected:${id}`]);
    });

    it('are one suspected incident that grows: members, requesters and urgency count once', async () => {
      const harness = await open();
      const { id } = await suspectedIncident(harness);
      await harness.accept({ id: 'r6', input: { requester: 'ann@example.org' } });
      const claim = only(await harness.broker.queue.claim(1));
      // Too far from the mean of the first six to follow them, and yet a report of the same failure.
      await harness.commitAsJudged(claim, paraphrase(6, 0.5), { urgency_score: 0.9, category: 'Technical' });
      await harness.accept({ id: 'r7', input: { requester: 'ann@example.org' } });
      await harness.commitAsJudged(only(await harness.broker.queue.claim(1)), paraphrase(7));
      await harness.leadUntil(async () => (await harness.incident(id)).member_count > 7);
      expect(only(await listed(harness))).toMatchObject({
        ...{ id, status: 'suspected', member_count: 8, requester_count: 7, max_urgency: 0.9 },
        ...{ categories: { Billing: 7, Technical: 1 } },
      });
      expect((await harness.memberIds(id)).sort()).toEqual(['r0', 'r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7']);
      expect(await harness.deliveredIds()).toContain(`incident.suspected:${id}`);
      expect(await harness.deliveredIds()).toEqual([]);
    });
  });
}

function describeGone(open: OpenHarness): void {
  const expectGone = async (harness: BrokerHarness, id: string): Promise<void> => {
    const { incidents } = harness.broker;
    expect(await incidents.get(id)).toBeUndefined();
    await expectRefusal(incidents.confirm(id), 'transition_not_allowed', 'is gone');
    await expectRefusal(incidents.resolve(id), 'transition_not_allowed', 'is gone');
    await expectRefusal(incidents.reject(id), 'transition_not_allowed', 'is gone');
    await expectRefusal(incidents.members(id), 'not_found');
  };

  describe('a suspected incident', () => {
    it('whose tickets join an incident is dropped, and cannot be confirmed', async () => {
      const harness = await open();
      const { id } = await suspectedIncident(harness);
      const byHand = await harness.broker.incidents.open('An outage', ['r0', 'r1', 'r2', 'r3']);
      await harness.leadUntil(async () => (await harness.broker.incidents.get(id)) === undefined);
      await expectGone(harness, id);
      expect((await listed(harness)).map((incident) => incident.id)).toEqual([byHand.id]);
      expect(await harness.whereabouts('r0', 'r4')).toEqual(['suppressed', 'waiting']);
    });

    it('that is confirmed at the moment when its tickets join an incident keeps none of them', async () => {
      const harness = await open();
      const { id } = await suspectedIncident(harness);
      const byHand = await harness.broker.incidents.open('An outage', ['r0', 'r1', 'r2', 'r3']);
      // No process has read the log since, if workers read it.
      await harness.broker.incidents.confirm(id).catch(() => undefined);
      await harness.leadUntil(
        async () => (await harness.incident(id).catch(() => ({ status: 'gone' }))).status !== 'open',
      );
      await harness.leadUntil(async () =>
        (await harness.whereabouts('r4', 'r5')).every((place) => place !== 'suppressed'),
      );
      expect(await harness.whereabouts('r0')).toEqual(['suppressed']);
      expect((await listed(harness)).filter(({ status }) => status === 'open').map((one) => one.id)).toEqual([
        byHand.id,
      ]);
    });

    it('of which the smaller part joins an incident continues with the others', async () => {
      const harness = await open();
      const { id } = await suspectedIncident(harness);
      await harness.broker.incidents.open('An outage', ['r0', 'r1']);
      await harness.leadUntil(async () => (await harness.incident(id)).member_count < 6);
      expect(await harness.incident(id)).toMatchObject({ status: 'suspected', member_count: 4, requester_count: 4 });
      expect((await harness.broker.incidents.confirm(id)).status).toBe('open');
    });

    it('ends with its last ticket', async () => {
      const harness = await open();
      const { id } = await suspectedIncident(harness);
      for (let number = 0; number < 6; number += 1) await harness.broker.incidents.unlink(id, `r${number}`);
      await expectGone(harness, id);
      expect(await listed(harness)).toEqual([]);
      await harness.broker.queue.sweep();
      await expectGone(harness, id);
    });
  });
}

function describeOnlyMember(open: OpenHarness): void {
  describe('an incident', () => {
    const ONLY = 'is its only member: reject or resolve the incident';

    it('keeps its only member', async () => {
      const harness = await open();
      const { id } = await harness.storm();
      await harness.broker.incidents.unlink(id, 'a');
      await harness.broker.incidents.unlink(id, 'b');
      await expectRefusal(harness.broker.incidents.unlink(id, 'c'), 'transition_not_allowed', ONLY);
      expect(await harness.incident(id)).toMatchObject({ status: 'open', member_count: 1 });
      expect(await harness.whereabouts('c')).toEqual(['suppressed']);
      await harness.broker.incidents.reject(id);
      expect(await harness.whereabouts('c')).toEqual(['queued']);
    });

    it('keeps its only member while it is quiet, and if two operators unlink two at once', async () => {
      const harness = await open();
      const { id } = await harness.storm();
      await harness.broker.incidents.unlink(id, 'a');
      await harness.advance(SUITE_OPTIONS.storm.quietMs + 100);
      await harness.broker.queue.sweep();
      expect((await harness.incident(id)).status).toBe('quiet');
      const unlinked = await Promise.allSettled(
        ['b', 'c'].map((ticketId) => harness.broker.incidents.unlink(id, ticketId)),
      );
      expect(unlinked.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect((await harness.incident(id)).member_count).toBe(1);
    });

    it('that has ended still lists its only ticket when an operator opens another one around that', async () => {
      const harness = await open();
      await harness.committed('a');
      const first = await harness.broker.incidents.open('An outage', ['a']);
      await harness.broker.incidents.reject(first.id);
      const second = await harness.broker.incidents.open('The same again', ['a']);
      await harness.broker.queue.sweep();
      expect(await harness.memberIds(first.id)).toEqual(['a']);
      expect(await harness.memberIds(second.id)).toEqual(['a']);
    });
  });
}
