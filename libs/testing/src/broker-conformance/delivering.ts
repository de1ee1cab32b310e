import type { OutboxEntry } from '@smart-support/contracts';
import { only, type OpenScene, type Scene } from './scene';

const LEASE_MS = 300;

const eventOf = (ticketId: string): string => `ticket.urgent:${ticketId}`;
const ids = (entries: readonly OutboxEntry[]): string[] => entries.map(({ id }) => id);

async function withAlerts(scene: Scene, ...ticketIds: string[]): Promise<void> {
  await scene.committedInTurn(ticketIds, { urgency_score: 0.9 });
}

/** How events leave the outbox. */
export function describeDelivering(open: OpenScene): void {
  describe('the outbox', () => {
    it('gives events away in the order in which they happened, as many as asked for', async () => {
      const scene = await open();
      const { outbox } = scene.broker;
      expect(await outbox.claim(5, LEASE_MS)).toEqual([]);
      await withAlerts(scene, 'b', 'a', 'c');
      expect(await outbox.claim(0, LEASE_MS)).toEqual([]);
      expect(ids(await outbox.claim(2, 10_000))).toEqual([eventOf('b'), eventOf('a')]);
      expect(ids(await outbox.claim(5, 10_000))).toEqual([eventOf('c')]);
      expect((await scene.broker.queue.report()).outbox).toBe(3);
    });

    it('gives an event to one at a time', async () => {
      const scene = await open();
      await withAlerts(scene, 'a', 'b', 'c', 'd');
      const claims = await Promise.all([1, 2, 3].map(() => scene.broker.outbox.claim(2, 10_000)));
      expect(ids(claims.flat()).sort()).toEqual(['a', 'b', 'c', 'd'].map(eventOf));
    });

    it('gives an event out again, with the same bytes, when whoever had it was not heard of', async () => {
      const scene = await open();
      await withAlerts(scene, 'a');
      const first = only(await scene.broker.outbox.claim(5, LEASE_MS));
      expect(await scene.broker.outbox.claim(5, LEASE_MS)).toEqual([]);
      await scene.advance(LEASE_MS + 50);
      expect(only(await scene.broker.outbox.claim(5, LEASE_MS))).toEqual(first);
    });

    it('lets an event rest that was put off, and counts the tries', async () => {
      const scene = await open();
      const { outbox } = scene.broker;
      await withAlerts(scene, 'a');
      const first = only(await outbox.claim(5, 10_000));
      await outbox.retryLater(first.id, 1, LEASE_MS);
      expect(await outbox.claim(5, LEASE_MS)).toEqual([]);
      expect((await scene.broker.queue.report()).outbox).toBe(1);
      await scene.advance(LEASE_MS + 50);
      const second = only(await outbox.claim(5, 10_000));
      expect(second).toEqual({ ...first, attempts: 1 });
      for (let repeat = 0; repeat < 2; repeat += 1) await outbox.retryLater(second.id, 2, 0);
      expect(only(await outbox.claim(5, 10_000))).toEqual({ ...first, attempts: 2 });
    });

    it('forgets what is settled, also if it was put off before or nobody has it', async () => {
      const scene = await open();
      const { outbox } = scene.broker;
      await withAlerts(scene, 'claimed', 'put-off');
      await outbox.claim(5, 10_000);
      await outbox.retryLater(eventOf('put-off'), 1, 0);
      await withAlerts(scene, 'untouched', 'kept');
      for (const id of ['claimed', 'put-off', 'untouched']) {
        await outbox.acknowledge(eventOf(id));
        await outbox.acknowledge(eventOf(id));
      }
      expect((await scene.broker.queue.report()).outbox).toBe(1);
      expect(ids(await outbox.claim(5, LEASE_MS))).toEqual([eventOf('kept')]);
    });

    it('ignores events that it does not know', async () => {
      const scene = await open();
      const { outbox } = scene.broker;
      for (const id of ['unknown', '', '__proto__', 'constructor', eventOf('a')]) {
        await outbox.acknowledge(id);
        await outbox.retryLater(id, 1, 0);
      }
      await withAlerts(scene, 'a');
      await outbox.acknowledge(eventOf('a'));
      await outbox.retryLater(eventOf('a'), 1, 0);
      expect(await outbox.claim(5, LEASE_MS)).toEqual([]);
      expect((await scene.broker.queue.report()).outbox).toBe(0);
    });

    it('keeps an event when its ticket is completed and forgotten', async () => {
      const scene = await open({ ticketsKept: 1 });
      await scene.agent('ann');
      await withAlerts(scene, 'a', 'b');
      for (const id of ['a', 'b']) await scene.broker.tickets.complete(id, {});
      expect(ids(await scene.broker.outbox.claim(5, LEASE_MS))).toEqual([eventOf('a'), eventOf('b')]);
    });
  });
}
