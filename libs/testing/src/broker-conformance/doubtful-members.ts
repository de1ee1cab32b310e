import { type DoubtReason, type StormArrival, isSmartSupportError } from '@smart-support/contracts';
import * as fc from 'fast-check';
import { anArrival } from '../fixtures';
import { only, type OpenHarness, type BrokerHarness } from './broker-harness';

type Decided = Parameters<BrokerHarness['judged']>[2];

/** A cosine of 0.914 to the founders, just above the threshold of 0.9. */
const LOW = 24;
const lawyer = (): StormArrival => anArrival({ severe_signal: 'exposure_lawyer' });
const COMPLETE = { completeDoubtful: true };

/** Doubtful members of an incident, and what becomes of them when it is resolved. */
export function describeDoubtfulMembers(open: OpenHarness): void {
  describe('a doubtful member of a resolved incident', () => {
    it('is requeued, for whichever reason it is doubtful, as a founder or later; the others are completed', async () => {
      const harness = await open();
      const { id } = await aMixedStorm(harness);
      await harness.acceptInTurn(['later']);
      const { doubtful_members } = await harness.broker.incidents.resolve(id);
      expect(doubtful_members).toMatchObject({ count: 5, completed: false });
      expect(reasonsIn(doubtful_members.first)).toEqual(MIXED);
      expect(doubtful_members.first.map(({ similarity }) => Number(similarity.toFixed(1)))).toEqual([
        1, 0.9, 1, 1, 0.9,
      ]);
      const ids = Object.keys(MIXED);
      expect(await harness.whereabouts(...ids)).toEqual(ids.map(() => 'queued'));
      expect(await harness.marks(...ids)).toEqual(ids.map(() => [false, null]));
      expect(await harness.whereabouts('b', 'c', 'd')).toEqual(Array(3).fill('completed'));
      expect(await harness.claimIds(10)).toEqual([...ids, 'later']);
    });

    it('is completed with the others if the operator chooses so', async () => {
      const harness = await open();
      const { id } = await aMixedStorm(harness);
      const { doubtful_members } = await harness.broker.incidents.resolve(id, COMPLETE);
      expect(doubtful_members).toMatchObject({ count: 5, completed: true });
      expect(reasonsIn(doubtful_members.first)).toEqual(MIXED);
      const ids = [...Object.keys(MIXED), 'b', 'c', 'd'];
      expect(await harness.whereabouts(...ids)).toEqual(ids.map(() => 'completed'));
      expect(await harness.claimIds(10)).toEqual([]);
    });

    it('stays with its agent, or in line', async () => {
      const harness = await open();
      await harness.agent('ann', { capacity: 1 });
      await harness.judged('has-agent', anArrival({ degrees: LOW }));
      const { id } = await harness.storm(['b', 'c', 'd']);
      await harness.judged('waits', anArrival({ severe_signal: 'harm_danger', isAlwaysRouted: true }));
      const { doubtful_members } = await harness.broker.incidents.resolve(id);
      expect(reasonsIn(doubtful_members.first)).toEqual({ 'has-agent': ['low_similarity'], waits: ['severe_signal'] });
      expect(await harness.whereabouts('has-agent', 'waits', 'b')).toEqual(['ann', 'waiting', 'completed']);
    });

    it('is routed by itself, also while the next incident of its kind is open, with the reason', async () => {
      const harness = await open();
      const { id } = await aMixedStorm(harness);
      await harness.broker.incidents.resolve(id);
      await harness.judgedInTurn(['x', 'y', 'z']);
      const next = (await harness.broker.incidents.list()).incidents.find(({ status }) => status === 'open');
      expect(next).toMatchObject({ previous_incident_id: id, member_count: 3 });
      await harness.agent('ann', { capacity: 10 });
      for (const claim of await harness.broker.queue.claim(10)) {
        const storm = await harness.broker.storms.judge(claim, anArrival());
        expect(storm).toMatchObject({
          routing: 'routed',
          incident: null,
          kept_out: 'doubtful_member',
          nearest: { id },
        });
        expect((await harness.commitAsJudged(claim)).ticket).toMatchObject({
          ...{ status: 'assigned', is_duplicate: false, master_incident_id: null },
        });
      }
      expect(await harness.load('ann')).toBe(5);
      expect(await harness.memberIds(next!.id)).toEqual(['x', 'y', 'z']);
      expect((await harness.incident(id)).member_count).toBe(8);
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
        const harness = await open();
        const { id } = await aStorm(harness);
        const claim = await harness.claimed('in-work');
        const storm = await harness.broker.storms.judge(claim, arrival);
        expect(storm).toMatchObject({ routing: 'suppressed', incident: { id } });
        await harness.broker.incidents.resolve(id, resolution);
        await decideInTheEnd(harness, claim, arrival, decision);
        expect((await doubtful(harness, id))['in-work']).toEqual([reason]);
        expect(await harness.whereabouts('in-work')).toEqual([fate]);
        expect((await harness.marks('in-work'))[0]?.[1]).toBe(fate === 'waiting' ? null : id);
      }
    });

    it('includes a ticket with a severe signal that an operator opened the incident around, whether the signal was known by then or not', async () => {
      const harness = await open();
      await harness.judged('known', lawyer());
      await harness.acceptInTurn(['unknown', 'ordinary']);
      const { id } = await harness.broker.incidents.open('An outage', ['known', 'unknown', 'ordinary']);
      const [first, second] = await harness.broker.queue.claim(2);
      await harness.commitAsJudged(first!, lawyer());
      await harness.commitAsJudged(second!);
      const { doubtful_members } = await harness.broker.incidents.resolve(id);
      expect(reasonsIn(doubtful_members.first)).toEqual({ known: ['severe_signal'], unknown: ['severe_signal'] });
      expect(await harness.whereabouts('known', 'ordinary')).toEqual(['queued', 'completed']);
    });

    it('is doubtful by the categories at the time when it was resolved', async () => {
      const harness = await open();
      const { id } = await harness.storm();
      const late = ['e', 'f', 'g', 'h'];
      const claims = [];
      for (const ticketId of late) {
        const claim = await harness.claimed(ticketId);
        await harness.broker.storms.judge(claim, anArrival());
        claims.push(claim);
      }
      await harness.broker.incidents.resolve(id, COMPLETE);
      for (const claim of claims) await decideInTheEnd(harness, claim, anArrival(), { category: 'Legal' });
      expect((await harness.incident(id)).categories).toEqual({ Billing: 3, Legal: 4 });
      expect(await doubtful(harness, id)).toEqual(Object.fromEntries(late.map((one) => [one, ['other_category']])));
    });

    it('can be the ticket of a new incident of an operator, and is suppressed like any other then', async () => {
      const harness = await open();
      const { id } = await aMixedStorm(harness);
      await harness.broker.incidents.resolve(id);
      for (const claim of await harness.broker.queue.claim(10)) await harness.commitAsJudged(claim);
      expect(await harness.whereabouts('low', 'severe')).toEqual(['waiting', 'waiting']);
      const next = await harness.broker.incidents.open('Another outage', ['low', 'severe']);
      expect(await harness.whereabouts('low', 'severe')).toEqual(['suppressed', 'suppressed']);
      await harness.broker.incidents.resolve(next.id, COMPLETE);
      expect(await harness.whereabouts('low', 'severe')).toEqual(['completed', 'completed']);
    });

    it('is counted in the event, with what became of it', async () => {
      const harness = await open();
      const { id } = await aMixedStorm(harness);
      await harness.delivered();
      await harness.broker.incidents.resolve(id, COMPLETE);
      const { event } = only(await harness.delivered());
      expect(event.data).toMatchObject({ id, doubtful_members: { count: 5, completed: true } });
    });
  });

  describe('doubtful members', () => {
    it('are counted and listed before the incident is resolved and after it, with their reasons', async () => {
      const harness = await open();
      const { id } = await aMixedStorm(harness);
      expect((await harness.incident(id)).doubtful_members).toEqual({ count: 5, completed: null });
      expect(await doubtful(harness, id)).toEqual(MIXED);
      await harness.broker.incidents.unlink(id, 'other');
      const { other: _unlinked, ...left } = MIXED;
      expect((await harness.incident(id)).doubtful_members).toEqual({ count: 4, completed: null });
      await harness.broker.incidents.resolve(id);
      expect((await harness.incident(id)).doubtful_members).toEqual({ count: 4, completed: false });
      expect(await doubtful(harness, id)).toEqual(left);
    });

    it('are none by their category if as many members have another one', async () => {
      const harness = await open();
      const { id } = await harness.storm(['a', 'b', 'c'], { category: 'Billing' });
      for (const ticket of ['d', 'e', 'f']) await harness.judged(ticket, anArrival(), { category: 'Legal' });
      expect((await harness.broker.incidents.resolve(id)).doubtful_members).toEqual({
        ...{ count: 0, completed: false, first: [] },
      });
      expect(await harness.whereabouts('a', 'f')).toEqual(['completed', 'completed']);
    });

    it('are listed in pages of 100, in order of arrival, of which resolving returns the first', async () => {
      const harness = await open();
      const legal = Array.from({ length: 101 }, (_, index) => `legal-${String(index).padStart(3, '0')}`);
      const others = Array.from({ length: 102 }, (_, index) => `billing-${index}`);
      for (const [ids, category] of [
        [legal, 'Legal'],
        [others, 'Billing'],
      ] as const) {
        for (const id of ids) await harness.committed(id, { category });
      }
      const { id } = await harness.broker.incidents.open('An outage', [...others, ...legal]);
      const { incidents } = harness.broker;
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

    it('follow one rule, whatever joins and leaves', async () => {
      const member = fc.record({
        degrees: fc.constantFrom(0, 0, LOW),
        category: fc.constantFrom('Billing', 'Billing', 'Technical', 'Legal'),
        isSevere: fc.constantFrom(false, false, true),
        leaves: fc.constantFrom(false, false, false, true),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(member, { minLength: 1, maxLength: 8 }), fc.boolean(), async (members, completes) => {
          const harness = await open();
          const { id } = await aStorm(harness);
          for (const [index, { degrees, category, isSevere }] of members.entries()) {
            const arrival = anArrival({ degrees, severe_signal: isSevere ? 'exposure_lawyer' : null });
            await harness.judged(`m${index}`, arrival, { category });
            await harness.advance(2);
          }
          for (const [index, { leaves }] of members.entries()) {
            if (leaves) await harness.broker.incidents.unlink(id, `m${index}`);
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
          const { doubtful_members } = await harness.broker.incidents.resolve(id, { completeDoubtful: completes });
          expect(reasonsIn(doubtful_members.first)).toEqual(expected);
          expect(doubtful_members.count).toBe(Object.keys(expected).length);
          const fates = all.map(({ id: ticketId }) => (ticketId in expected && !completes ? 'queued' : 'completed'));
          expect(await harness.whereabouts(...all.map(({ id: ticketId }) => ticketId))).toEqual(fates);
        }),
        { numRuns: 12 },
      );
    });
  });
}

/** Founders of {@link aStorm}: the severe signal of the first is not novel in it. */
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
async function aStorm(harness: BrokerHarness): Promise<{ readonly id: string }> {
  await harness.judged('a', lawyer());
  await harness.advance(5);
  await harness.judgedInTurn(['b', 'c', 'd']);
  return only((await harness.broker.incidents.list()).incidents);
}

/** {@link aStorm}, joined by {@link MIXED}. */
async function aMixedStorm(harness: BrokerHarness): Promise<{ readonly id: string }> {
  const incident = await aStorm(harness);
  const joining: readonly (readonly [id: string, arrival: StormArrival, decided?: Decided])[] = [
    ['low', anArrival({ degrees: LOW })],
    ['other', anArrival(), { category: 'Technical' }],
    ['severe', lawyer()],
    ['all', anArrival({ degrees: LOW, severe_signal: 'exposure_lawyer' }), { category: 'Legal' }],
  ];
  for (const [id, arrival, decided] of joining) {
    await harness.judged(id, arrival, decided);
    await harness.advance(5);
  }
  expect(await harness.whereabouts('a', ...joining.map(([id]) => id))).toEqual(Array(5).fill('suppressed'));
  return incident;
}

function reasonsIn(
  members: readonly { readonly ticket_id: string; readonly reasons: readonly DoubtReason[] }[],
): Record<string, readonly DoubtReason[]> {
  return Object.fromEntries(members.map(({ ticket_id, reasons }) => [ticket_id, reasons]));
}

async function doubtful(harness: BrokerHarness, incidentId: string): Promise<Record<string, readonly DoubtReason[]>> {
  return reasonsIn((await harness.broker.incidents.doubtfulMembers(incidentId)).members);
}

/** Judges and commits a ticket until its incident does not change in between. */
async function decideInTheEnd(
  harness: BrokerHarness,
  claim: Parameters<BrokerHarness['commitAsJudged']>[0],
  arrival: StormArrival,
  decided: Decided,
): Promise<void> {
  for (let tries = 0; tries < 3; tries += 1) {
    try {
      await harness.commitAsJudged(claim, arrival, decided);
      return;
    } catch (error) {
      if (!isSmartSupportError(error, 'incident_changed')) throw error;
    }
  }
  throw new Error('The ticket could not be decided about');
}
