import { ticketMayBecome, type TicketStatus } from '@smart-support/contracts';
import { expectRefusal, type OpenScene, type Scene } from './scene';

/** How the suite brings a ticket into each status. */
const WAYS: Record<TicketStatus, (scene: Scene, id: string) => Promise<unknown>> = {
  queued: (scene, id) => scene.accept({ id }),
  processing: (scene, id) => scene.claimed(id),
  waiting: (scene, id) => scene.committed(id),
  assigned: async (scene, id) => {
    await scene.committed(id);
    await scene.agent('ann');
  },
  suppressed: async (scene, id) => {
    await scene.committed(id);
    await scene.broker.incidents.open('An outage', [id]);
  },
  completed: async (scene, id) => {
    await scene.committed(id);
    await scene.agent('ann');
    await scene.broker.tickets.complete(id, {});
  },
  dead: (scene, id) => scene.dead(id),
};

/** Walks the life table: what each status allows, and that the rest is refused without a trace. */
export function describeLifeTable(open: OpenScene): void {
  describe.each(Object.entries(WAYS) as [TicketStatus, (typeof WAYS)['queued']][])(
    'a ticket that is %s',
    (status, bring) => {
      const allows = (to: TicketStatus): boolean => ticketMayBecome(status, to);

      // A suppressed one is completed by the end of its incident, and by nothing else.
      const completes = allows('completed') && status !== 'suppressed';

      it(`${completes ? 'can' : 'cannot'} be completed for the first time`, async () => {
        const scene = await open();
        await bring(scene, 'a');
        expect(await scene.status('a')).toBe(status);
        const before = await scene.record('a');
        if (completes) {
          expect((await scene.broker.tickets.complete('a', {})).ticket.status).toBe('completed');
        } else if (status === 'completed') {
          expect(await scene.broker.tickets.complete('a', { category: 'Legal' })).toEqual(before);
        } else {
          await expectRefusal(scene.broker.tickets.complete('a', {}), 'transition_not_allowed', status);
          expect(await scene.record('a')).toEqual(before);
        }
      });

      it(`${allows('processing') ? 'can' : 'cannot'} be claimed`, async () => {
        const scene = await open();
        await bring(scene, 'a');
        const claims = allows('processing') ? ['a'] : [];
        const before = await scene.record('a');
        expect(await scene.claimIds(5)).toEqual(claims);
        expect(await scene.broker.queue.claimById('a')).toBeUndefined();
        if (!allows('processing')) expect(await scene.record('a')).toEqual(before);
      });

      it(`${status === 'dead' ? 'can' : 'cannot'} be retried or removed by hand`, async () => {
        const scene = await open();
        await bring(scene, 'a');
        const before = await scene.record('a');
        if (status === 'dead') {
          expect((await scene.broker.deadLetters.retry('a')).ticket.status).toBe('queued');
        } else {
          await expectRefusal(scene.broker.deadLetters.retry('a'), 'not_found');
          await expectRefusal(scene.broker.deadLetters.remove('a'), 'not_found');
          expect(await scene.record('a')).toEqual(before);
        }
      });

      it(`is in exactly one place of the report${status === 'suppressed' ? ', which its incident keeps' : ''}`, async () => {
        const scene = await open();
        await bring(scene, 'a');
        const { lanes, in_progress, waiting, dead } = await scene.broker.queue.report();
        const loads = (await scene.broker.agents.list()).map(({ load }) => load);
        const incidents = (await scene.broker.incidents.list()).incidents.map(({ member_count }) => member_count);
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
