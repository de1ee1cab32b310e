import { aDecision, aNewTicket } from '../fixtures';
import type { OpenHarness } from './broker-harness';

const IDS = Array.from({ length: 1100 }, (_, index) => `t${String(index).padStart(4, '0')}`);
/** Every tenth of them, and the first to arrive, which is settled last. */
const SOME = IDS.filter((_, index) => index % 10 === 0);

/** An incident of more members than are settled before an operator gets the answer. */
export function describeLargeIncidents(open: OpenHarness): void {
  describe('a large incident', () => {
    it.each([
      ['resolve', 'completed'],
      ['reject', 'queued'],
    ] as const)(
      'settles the latest thousand members before the answer, the others soon after (%s)',
      async (end, status) => {
        const harness = await open({ queueMax: IDS.length, ticketsKept: IDS.length });
        const { queue, tickets, incidents } = harness.broker;
        await queue.accept(IDS.map((id) => aNewTicket({ id })));
        const claims = await queue.claim(IDS.length);
        await Promise.all(claims.map((claim) => tickets.commit(claim, aDecision())));
        const { id } = await incidents.open('An outage', IDS);
        expect(await harness.whereabouts(...SOME)).toEqual(SOME.map(() => 'suppressed'));
        await incidents[end](id);
        const settled = SOME.filter((one) => one >= IDS[100]!);
        expect(await harness.whereabouts(...settled)).toEqual(settled.map(() => status));
        await harness.leadUntil(async () => {
          await new Promise((resolve) => void setImmediate(resolve));
          return (await harness.whereabouts(...SOME)).every((one) => one === status);
        });
        expect(await harness.claimIds(IDS.length)).toEqual(status === 'queued' ? IDS : []);
        expect((await harness.incident(id)).member_count).toBe(IDS.length);
      },
    );
  });
}
