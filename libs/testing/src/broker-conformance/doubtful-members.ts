import { type DoubtReason, type StormArrival, isSmartSupportError } from '@smart-support/contracts';
import * as fc from 'fast-check';
import { anArrival } from '../fixtures';
import { only, type OpenScene, type Scene } from './scene';

type Decided = Parameters<Scene['judged']>[2];

/** A cosine of 0.914 to the founders, just above the threshold of 0.9. */
const LOW = 24;
const lawyer = (): StormArrival => anArrival({ severe_signal: 'exposure_lawyer' });
const COMPLETE = { completeDoubtful: true };

/** Members of an incident that may be about something else, and what becomes of them when it is resolved. */
export function describeDoubtfulMembers(open: OpenScene): void {
  describe('a doubtful member of an incident that is resolved', () => {
    it('is queued again, for whichever reason it is doubtful, as a founder or later; the others are completed', async () => {
      const scene = await open();
      const { id } = await aMixedStorm(scene);
      await scene.acceptInTurn(['later']);
      const { doubtful_members } = await scene.broker.incidents.resolve(id);
      expect(doubtful_members).toMatchObject({ count: 5, completed: false });
      expect(reasonsIn(doubtful_members.first)).toEqual(MIXED);
      expect(doubtful_members.first.map(({ similarity }) => Number(similarity.toFixed(1)))).toEqual([
        1, 0.9, 1, 1, 0.9,
      ]);
      const ids = Object.keys(MIXED);
      expect(await scene.whereabouts(...ids)).toEqual(ids.map(() => 'queued'));
      expect(await scene.marks(...ids)).toEqual(ids.map(() => [false, null]));
      expect(await scene.whereabouts('b', 'c', 'd')).toEqual(Array(3).fill('completed'));
      expect(await scene.claimIds(10)).toEqual([...ids, 'later']);
    });

    it('is completed with the others if the operator says so', async () => {
      const scene = await open();
      const { id } = await aMixedStorm(scene);
      const { doubtful_members } = await scene.broker.incidents.resolve(id, COMPLETE);
      expect(doubtful_members).toMatchObject({ count: 5, completed: true });
      expect(reasonsIn(doubtful_members.first)).toEqual(MIXED);
      const ids = [...Object.keys(MIXED), 'b', 'c', 'd'];
      expect(await scene.whereabouts(...ids)).toEqual(ids.map(() => 'completed'));
      expect(await scene.claimIds(10)).toEqual([]);
    });

    it('stays with its agent, or in line', async () => {
      const scene = await open();
      await scene.agent('ann', { capacity: 1 });
      await scene.judged('has-agent', anArrival({ degrees: LOW }));
      const { id } = await scene.storm(['b', 'c', 'd']);
      await scene.judged('waits', anArrival({ severe_signal: 'harm_danger', isAlwaysRouted: true }));
      const { doubtful_members } = await scene.broker.incidents.resolve(id);
      expect(reasonsIn(doubtful_members.first)).toEqual({ 'has-agent': ['low_similarity'], waits: ['severe_signal'] });
      expect(await scene.whereabouts('has-agent', 'waits', 'b')).toEqual(['ann', 'waiting', 'completed']);
    });

    it('is routed by itself, also while the next incident of its kind is open, and says why', async () => {
      const scene = await open();
      const { id } = await aMixedStorm(scene);
      await scene.broker.incidents.resolve(id);
      await scene.judgedInTurn(['x', 'y', 'z']);
      const next = (await scene.broker.incidents.list()).incidents.find(({ status }) => status === 'open');
      expect(next).toMatchObject({ previous_incident_id: id, member_count: 3 });
      await scene.agent('ann', { capacity: 10 });
      for (const claim of await scene.broker.queue.claim(10)) {
        const storm = await scene.broker.storms.judge(claim, anArrival());
        expect(storm).toMatchObject({
          routing: 'routed',
          incident: null,
          kept_out: 'doubtful_member',
          nearest: { id },
        });
        expect((await scene.commitAsJudged(claim)).ticket).toMatchObject({
          ...{ status: 'assigned', is_duplicate: false, master_incident_id: null },
        });
      }
      expect(await scene.load('ann')).toBe(5);
      expect(await scene.memberIds(next!.id)).toEqual(['x', 'y', 'z']);
      expect((await scene.incident(id)).member_count).toBe(8);
    });

    it.each([
      ['low_similarity', anArrival({ degrees: LOW }), {}],
      ['other_category', anArrival(), { category: 'Legal' }],
      ['severe_signal', lawyer(), {}],
    ] as const)('is routed if it was still in work then (%s)', async (reason, arrival, decision) => {
      for (const [resolution, fate] of [
        [undefined, 'waiting'],
        [COMPLETE, 'completed'],
      ] as const) {
        const scene = await open();
        const { id } = await aStorm(scene);
        const claim = await scene.claimed('in-work');
        const storm = await scene.broker.storms.judge(claim, arrival);
        expect(storm).toMatchObject({ routing: 'suppressed', incident: { id } });
        await scene.broker.incidents.resolve(id, resolution);
        await decideInTheEnd(scene, claim, arrival, decision);
        expect((await doubtful(scene, id))['in-work']).toEqual([reason]);
        expect(await scene.whereabouts('in-work')).toEqual([fate]);
        expect((await scene.marks('in-work'))[0]?.[1]).toBe(fate === 'waiting' ? null : id);
      }
    });

    it('is what an operator named that says something severe, whether that was known by then or not', async () => {
      const scene = await open();
      await scene.judged('known', lawyer());
      await scene.acceptInTurn(['unknown', 'ordinary']);
      const { id } = await scene.broker.incidents.open('An outage', ['known', 'unknown', 'ordinary']);
      const [first, second] = await scene.broker.queue.claim(2);
      await scene.commitAsJudged(first!, lawyer());
      await scene.commitAsJudged(second!);
      const { doubtful_members } = await scene.broker.incidents.resolve(id);
      expect(reasonsIn(doubtful_members.first)).toEqual({ known: ['severe_signal'], unknown: ['severe_signal'] });
      expect(await scene.whereabouts('known', 'ordinary')).toEqual(['queued', 'completed']);
    });

    it('is doubtful by the categories of the moment when it was resolved', async () => {
      const scene = await open();
      const { id } = await scene.storm();
      const late = ['e', 'f', 'g', 'h'];
      const claims = [];
      for (const ticketId of late) {
        const claim = await scene.claimed(ticketId);
        await scene.broker.storms.judge(claim, anArrival());
        claims.push(claim);
      }
      await scene.broker.incidents.resolve(id, COMPLETE);
      for (const claim of claims) await decideInTheEnd(scene, claim, anArrival(), { category: 'Legal' });
      expect((await scene.incident(id)).categories).toEqual({ Billing: 3, Legal: 4 });
      expect(await doubtful(scene, id)).toEqual(Object.fromEntries(late.map((one) => [one, ['other_category']])));
    });

    it('can be named by an operator afterwards, and is held as any other then', async () => {
      const scene = await open();
      const { id } = await aMixedStorm(scene);
      await scene.broker.incidents.resolve(id);
      for (const claim of await scene.broker.queue.claim(10)) await scene.commitAsJudged(claim);
      expect(await scene.whereabouts('low', 'severe')).toEqual(['waiting', 'waiting']);
      const next = await scene.broker.incidents.open('Another outage', ['low', 'severe']);
      expect(await scene.whereabouts('low', 'severe')).toEqual(['suppressed', 'suppressed']);
      await scene.broker.incidents.resolve(next.id, COMPLETE);
      expect(await scene.whereabouts('low', 'severe')).toEqual(['completed', 'completed']);
    });

    it('is counted in what subscribers get, with what became of it', async () => {
      const scene = await open();
      const { id } = await aMixedStorm(scene);
      await scene.delivered();
      await scene.broker.incidents.resolve(id, COMPLETE);
      const { event } = only(await scene.delivered());
      expect(event.data).toMatchObject({ id, doubtful_members: { count: 5, completed: true } });
    });
  });

  describe('doubtful members', () => {
    it('are counted and listed before the incident is resolved and after it, with their reasons', async () => {
      const scene = await open();
      const { id } = await aMixedStorm(scene);
      expect((await scene.incident(id)).doubtful_members).toEqual({ count: 5, completed: null });
      expect(await doubtful(scene, id)).toEqual(MIXED);
      await scene.broker.incidents.unlink(id, 'other');
      const { other: _unlinked, ...left } = MIXED;
      expect((await scene.incident(id)).doubtful_members).toEqual({ count: 4, completed: null });
      await scene.broker.incidents.resolve(id);
      expect((await scene.incident(id)).doubtful_members).toEqual({ count: 4, completed: false });
      expect(await doubtful(scene, id)).toEqual(left);
    });

    it('are none by their category where as many members have another one', async () => {
      const scene = await open();
      const { id } = await scene.storm(['a', 'b', 'c'], { category: 'Billing' });
      for (const ticket of ['d', 'e', 'f']) await scene.judged(ticket, anArrival(), { category: 'Legal' });
      expect((await scene.broker.incidents.resolve(id)).doubtful_members).toEqual({
        ...{ count: 0, completed: false, first: [] },
      });
      expect(await scene.whereabouts('a', 'f')).toEqual(['completed', 'completed']);
    });

    it('are listed in pages of 100, in order of arrival, of which resolving answers the first', async () => {
      const scene = await open();
      const legal = Array.from({ length: 101 }, (_, index) => `legal-${String(index).padStart(3, '0')}`);
      const others = Array.from({ length: 102 }, (_, index) => `billing-${index}`);
      for (const [ids, category] of [
        [legal, 'Legal'],
        [others, 'Billing'],
      ] as const) {
        for (const id of ids) await scene.committed(id, { category });
      }
      const { id } = await scene.broker.incidents.open('An outage', [...others, ...legal]);
      const { incidents } = scene.broker;
      const first = await incidents.doubtfulMembers(id);
      const second = await incidents.doubtfulMembers(id, first.next_cursor ?? undefined);
      expect([first, second].map(({ members }) => members.map(({ ticket_id }) => ticket_id))).toEqual([
        legal.slice(0, 100),
        legal.slice(100),
      ]);
      expect(second.next_cursor).toBeNull();
      const { doubtful_members } = await incidents.resolve(id);
      expect(doubtful_members).toEqual({ count: 101, completed: false, first: first.members });
    });

    it('are found by one rule, whatever joins and whatever leaves', async () => {
      const member = fc.record({
        degrees: fc.constantFrom(0, 0, LOW),
        category: fc.constantFrom('Billing', 'Billing', 'Technical', 'Legal'),
        isSevere: fc.constantFrom(false, false, true),
        leaves: fc.constantFrom(false, false, false, true),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(member, { minLength: 1, maxLength: 8 }), fc.boolean(), async (members, completes) => {
          const scene = await open();
          const { id } = await aStorm(scene);
          for (const [index, { degrees, category, isSevere }] of members.entries()) {
            const arrival = anArrival({ degrees, severe_signal: isSevere ? 'exposure_lawyer' : null });
            await scene.judged(`m${index}`, arrival, { category });
            await scene.advance(2);
          }
          for (const [index, { leaves }] of members.entries()) {
            if (leaves) await scene.broker.incidents.unlink(id, `m${index}`);
          }
          const left = members.map((one, index) => ({ ...one, id: `m${index}` })).filter(({ leaves }) => !leaves);
          const all = [...FOUNDERS, ...left];
          const count = (wanted: string) => all.filter(({ category }) => category === wanted).length;
          const most = Math.max(...['Billing', 'Technical', 'Legal'].map(count));
          const expected = Object.fromEntries(
            all.flatMap(({ id: ticketId, degrees, category, isSevere }) => {
              const reasons: DoubtReason[] = [
                ...(degrees === LOW ? (['low_similarity'] as const) : []),
                ...(count(category) < most ? (['other_category'] as const) : []),
                ...(isSevere ? (['severe_signal'] as const) : []),
              ];
              return reasons.length === 0 ? [] : [[ticketId, reasons] as const];
            }),
          );
          const { doubtful_members } = await scene.broker.incidents.resolve(id, { completeDoubtful: completes });
          expect(reasonsIn(doubtful_members.first)).toEqual(expected);
          expect(doubtful_members.count).toBe(Object.keys(expected).length);
          const fates = all.map(({ id: ticketId }) => (ticketId in expected && !completes ? 'queued' : 'completed'));
          expect(await scene.whereabouts(...all.map(({ id: ticketId }) => ticketId))).toEqual(fates);
        }),
        { numRuns: 12 },
      );
    });
  });
}

/** Founders of {@link aStorm}: what the first says severe is no news in it. */
const FOUNDERS = ['a', 'b', 'c', 'd'].map((id) => ({ id, degrees: 0, category: 'Billing', isSevere: id === 'a' }));

/** Doubtful members of {@link aMixedStorm}, in order of arrival. */
const MIXED: Readonly<Record<string, readonly DoubtReason[]>> = {
  a: ['severe_signal'],
  low: ['low_similarity'],
  other: ['other_category'],
  severe: ['severe_signal'],
  all: ['low_similarity', 'other_category', 'severe_signal'],
};

/** An incident of four members, all suppressed. */
async function aStorm(scene: Scene): Promise<{ readonly id: string }> {
  await scene.judged('a', lawyer());
  await scene.advance(5);
  await scene.judgedInTurn(['b', 'c', 'd']);
  return only((await scene.broker.incidents.list()).incidents);
}

/** {@link aStorm}, joined by {@link MIXED}. */
async function aMixedStorm(scene: Scene): Promise<{ readonly id: string }> {
  const incident = await aStorm(scene);
  const joining: readonly (readonly [id: string, arrival: StormArrival, decided?: Decided])[] = [
    ['low', anArrival({ degrees: LOW })],
    ['other', anArrival(), { category: 'Technical' }],
    ['severe', lawyer()],
    ['all', anArrival({ degrees: LOW, severe_signal: 'exposure_lawyer' }), { category: 'Legal' }],
  ];
  for (const [id, arrival, decided] of joining) {
    await scene.judged(id, arrival, decided);
    await scene.advance(5);
  }
  expect(await scene.whereabouts('a', ...joining.map(([id]) => id))).toEqual(Array(5).fill('suppressed'));
  return incident;
}

function reasonsIn(
  members: readonly { readonly ticket_id: string; readonly reasons: readonly DoubtReason[] }[],
): Record<string, readonly DoubtReason[]> {
  return Object.fromEntries(members.map(({ ticket_id, reasons }) => [ticket_id, reasons]));
}

async function doubtful(scene: Scene, incidentId: string): Promise<Record<string, readonly DoubtReason[]>> {
  return reasonsIn((await scene.broker.incidents.doubtfulMembers(incidentId)).members);
}

/** Judges and decides about a ticket until its incident does not change in between. */
async function decideInTheEnd(
  scene: Scene,
  claim: Parameters<Scene['commitAsJudged']>[0],
  arrival: StormArrival,
  decided: Decided,
): Promise<void> {
  for (let tries = 0; tries < 3; tries += 1) {
    try {
      await scene.commitAsJudged(claim, arrival, decided);
      return;
    } catch (error) {
      if (!isSmartSupportError(error, 'incident_changed')) throw error;
    }
  }
  throw new Error('The ticket could not be decided about');
}
