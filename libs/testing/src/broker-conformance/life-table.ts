import { ticketMayBecome, type TicketStatus } from '@smart-support/contracts';
import { expectRefusal, type OpenHarness, type BrokerHarness } from './broker-harness';

/** How the suite brings a ticket into each status. */
export const WAYS: Record<TicketStatus, (harness: BrokerHarness, id: string) => Promise<unknown>> = {
  queued: (harness, id) => harness.accept({ id }),
  processing: (harness, id) => harness.claimed(id),
  waiting: (harness, id) => harness.committed(id),
  assigned: async (harness, id) => {
    await harness.committed(id);
    await harness.agent('ann');
  },
  suppressed: async (harness, id) => {
    await harness.committed(id);
    await harness.broker.incidents.open('An outage', [id]);
  },
  completed: async (harness, id) => {
    await harness.committed(id);
    await harness.agent('ann');
    await harness.broker.tickets.complete(id, {});
  },
  dead: (harness, id) => harness.dead(id),
};

/** Walks the life table: each status allows its transitions, and refuses all others without a change. */
export function describeLifeTable(open: OpenHarness): void {
  describe.each(Object.entries(WAYS) as [TicketStatus, (typeof WAYS)['queued']][])(
    'a ticket that is %s',
    (status, bring) => {
      const allows = (to: TicketStatus): boolean => ticketMayBecome(status, to);

      // Other tickets are completed by the end of their incident, or cancelled.
      const completes = allows('completed') && status === 'assigned';

      it(`${completes ? 'can' : 'cannot'} be completed for the first time`, async () => {
        const harness = await open();
        await bring(harness, 'a');
        expect(await harness.status('a')).toBe(status);
        const before = await harness.record('a');
        if (completes) {
          expect((await harness.broker.tickets.complete('a', {})).ticket.status).toBe('completed');
        } else if (status === 'completed') {
          expect(await harness.broker.tickets.complete('a', { category: 'Legal' })).toEqual(before);
        } else {
          await expectRefusal(harness.broker.tickets.complete('a', {}), 'transition_not_allowed', status);
          expect(await harness.record('a')).toEqual(before);
        }
      });

      it(`${allows('processing') ? 'can' : 'cannot'} be claimed`, async () => {
        const harness = await open();
        await bring(harness, 'a');
        const claims = allows('processing') ? ['a'] : [];
        const before = await harness.record('a');
        expect(await harness.claimIds(5)).toEqual(claims);
        expect(await harness.broker.queue.claimById('a')).toBeUndefined();
        if (!allows('processing')) expect(await harness.record('a')).toEqual(before);
      });

      it(`${status === 'dead' ? 'can' : 'cannot'} be retried or removed by hand`, async () => {
        const harness = await open();
        await bring(harness, 'a');
        const before = await harness.record('a');
        if (status === 'dead') {
          expect((await harness.broker.deadLetters.retry('a')).ticket.status).toBe('queued');
        } else {
          await expectRefusal(harness.broker.deadLetters.retry('a'), 'not_found');
          await expectRefusal(harness.broker.deadLetters.remove('a'), 'not_found');
          expect(await harness.record('a')).toEqual(before);
        }
      });

      it(`is in exactly one place of the report${status === 'suppressed' ? ', which its incident keeps' : ''}`, async () => {
        const harness = await open();
        await bring(harness, 'a');
        const { lanes, in_progress, waiting, dead } = await harness.broker.queue.report();
        const loads = (await harness.broker.agents.list()).map(({ load }) => load);
        const incidents = (await harness.broker.incidents.list()).incidents.map(({ member_count }) => member_count);
        const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
        expect({
          queued: sum(Object.values(lanes)),
          processing: in_progress,
          waiting: sum(Object.values(waiting)),
          assigned: sum(loads),
          suppressed: sum(incidents),
          dead,
        }).toEqual({
          ...{ queued: 0, processing: 0, waiting: 0, assigned: 0, suppressed: 0, dead: 0 },
          ...(status === 'completed' ? {} : { [status]: 1 }),
        });
      });
    },
  );
}
