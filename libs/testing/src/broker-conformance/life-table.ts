import { ticketMayBecome, type TicketStatus } from '@smart-support/contracts';
import { expectRefusal, type OpenScene, type Scene } from './scene';

/** How the suite brings a ticket into each status that this port can reach. `suppressed` belongs to incidents. */
const WAYS: Partial<Record<TicketStatus, (scene: Scene, id: string) => Promise<unknown>>> = {
  queued: (scene, id) => scene.accept({ id }),
  processing: (scene, id) => scene.claimed(id),
  waiting: (scene, id) => scene.committed(id),
  assigned: async (scene, id) => {
    await scene.committed(id);
    await scene.agent('ann');
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
  describe.each(Object.entries(WAYS) as [TicketStatus, (typeof WAYS)['queued'] & object][])(
    'a ticket that is %s',
    (status, bring) => {
      const allows = (to: TicketStatus): boolean => ticketMayBecome(status, to);

      it(`${allows('completed') ? 'can' : 'cannot'} be completed for the first time`, async () => {
        const scene = await open();
        await bring(scene, 'a');
        expect(await scene.status('a')).toBe(status);
        const before = await scene.record('a');
        if (allows('completed')) {
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

      it('is in exactly one place of the report', async () => {
        const scene = await open();
        await bring(scene, 'a');
        const { lanes, in_progress, waiting, dead } = await scene.broker.queue.report();
        const loads = (await scene.broker.agents.list()).map(({ load }) => load);
        const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
        expect({
          queued: sum(Object.values(lanes)),
          processing: in_progress,
          waiting: sum(Object.values(waiting)),
          assigned: sum(loads),
          dead,
        }).toEqual({
          ...{ queued: 0, processing: 0, waiting: 0, assigned: 0, dead: 0 },
          ...(status === 'completed' ? {} : { [status]: 1 }),
        });
      });
    },
  );
}
