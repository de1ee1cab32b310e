import { aDecision, aNewTicket } from '../fixtures';
import type { OpenScene } from './scene';

const IDS = Array.from({ length: 1100 }, (_, index) => `t${String(index).padStart(4, '0')}`);
/** Every tenth of them, and the first to arrive, which is settled last. */
const SOME = IDS.filter((_, index) => index % 10 === 0);

/** An incident of more members than are settled before an operator is answered. */
export function describeLargeIncidents(open: OpenScene): void {
  describe('a large incident', () => {
    it.each([
      ['resolve', 'completed'],
      ['reject', 'queued'],
    ] as const)(
      'settles the latest thousand members before the answer, the others soon after (%s)',
      async (end, status) => {
        const scene = await open({ queueMax: IDS.length, ticketsKept: IDS.length });
        const { queue, tickets, incidents } = scene.broker;
        await queue.accept(IDS.map((id) => aNewTicket({ id })));
        const claims = await queue.claim(IDS.length);
        await Promise.all(claims.map((claim) => tickets.commit(claim, aDecision())));
        const { id } = await incidents.open('An outage', IDS);
        expect(await scene.whereabouts(...SOME)).toEqual(SOME.map(() => 'suppressed'));
        await incidents[end](id);
        const settled = SOME.filter((one) => one >= IDS[100]!);
        expect(await scene.whereabouts(...settled)).toEqual(settled.map(() => status));
        await scene.leadUntil(async () => {
          await new Promise((resolve) => void setImmediate(resolve));
          return (await scene.whereabouts(...SOME)).every((one) => one === status);
        });
        expect(await scene.claimIds(IDS.length)).toEqual(status === 'queued' ? IDS : []);
        expect((await scene.incident(id)).member_count).toBe(IDS.length);
      },
    );
  });
}
