import type { OutboxEntry } from '@smart-support/contracts';
import { only, type OpenHarness, type BrokerHarness } from './broker-harness';

const LEASE_MS = 300;

const eventOf = (ticketId: string): string => `ticket.urgent:${ticketId}`;
const ids = (entries: readonly OutboxEntry[]): string[] => entries.map(({ id }) => id);

async function withAlerts(harness: BrokerHarness, ...ticketIds: string[]): Promise<void> {
  await harness.committedInTurn(ticketIds, { urgency_score: 0.9 });
}

/** How events leave the outbox. */
export function describeDelivering(open: OpenHarness): void {
  describe('the outbox', () => {
    it('returns events in the order in which they happened, up to the limit', async () => {
      const harness = await open();
      const { outbox } = harness.broker;
      expect(await outbox.claim(5, LEASE_MS)).toEqual([]);
      await withAlerts(harness, 'b', 'a', 'c');
      expect(await outbox.claim(0, LEASE_MS)).toEqual([]);
      expect(ids(await outbox.claim(2, 10_000))).toEqual([eventOf('b'), eventOf('a')]);
      expect(ids(await outbox.claim(5, 10_000))).toEqual([eventOf('c')]);
      expect((await harness.broker.queue.report()).outbox).toBe(3);
    });

    it('returns an event to one claim at a time', async () => {
      const harness = await open();
      await withAlerts(harness, 'a', 'b', 'c', 'd');
      const claims = await Promise.all([1, 2, 3].map(() => harness.broker.outbox.claim(2, 10_000)));
      expect(ids(claims.flat()).sort()).toEqual(['a', 'b', 'c', 'd'].map(eventOf));
    });

    it('returns an event again, with the same bytes, when its lease has ended', async () => {
      const harness = await open();
      await withAlerts(harness, 'a');
      const first = only(await harness.broker.outbox.claim(5, LEASE_MS));
      expect(await harness.broker.outbox.claim(5, LEASE_MS)).toEqual([]);
      await harness.advance(LEASE_MS + 50);
      expect(only(await harness.broker.outbox.claim(5, LEASE_MS))).toEqual(first);
    });

    it('delays an event that is to be retried, and counts the attempts', async () => {
      const harness = await open();
      const { outbox } = harness.broker;
      await withAlerts(harness, 'a');
      const first = only(await outbox.claim(5, 10_000));
      await outbox.retryLater(first.id, 1, LEASE_MS);
      expect(await outbox.claim(5, LEASE_MS)).toEqual([]);
      expect((await harness.broker.queue.report()).outbox).toBe(1);
      await harness.advance(LEASE_MS + 50);
      const second = only(await outbox.claim(5, 10_000));
      expect(second).toEqual({ ...first, attempts: 1 });
      for (let repeat = 0; repeat < 2; repeat += 1) await outbox.retryLater(second.id, 2, 0);
      expect(only(await outbox.claim(5, 10_000))).toEqual({ ...first, attempts: 2 });
    });

    it('deletes an acknowledged event, also if it was delayed before or is not claimed', async () => {
      const harness = await open();
      const { outbox } = harness.broker;
      await withAlerts(harness, 'claimed', 'put-off');
      await outbox.claim(5, 10_000);
      await outbox.retryLater(eventOf('put-off'), 1, 0);
      await withAlerts(harness, 'untouched', 'kept');
      for (const id of ['claimed', 'put-off', 'untouched']) {
        await outbox.acknowledge(eventOf(id));
        await outbox.acknowledge(eventOf(id));
      }
      expect((await harness.broker.queue.report()).outbox).toBe(1);
      expect(ids(await outbox.claim(5, LEASE_MS))).toEqual([eventOf('kept')]);
    });

    it('ignores unknown events', async () => {
      const harness = await open();
      const { outbox } = harness.broker;
      for (const id of ['unknown', '', '__proto__', 'constructor', eventOf('a')]) {
        await outbox.acknowledge(id);
        await outbox.retryLater(id, 1, 0);
      }
      await withAlerts(harness, 'a');
      await outbox.acknowledge(eventOf('a'));
      await outbox.retryLater(eventOf('a'), 1, 0);
      expect(await outbox.claim(5, LEASE_MS)).toEqual([]);
      expect((await harness.broker.queue.report()).outbox).toBe(0);
    });

    it('has an event that no ticket and no incident caused, once', async () => {
      const { broker } = await open();
      for (const body of ['{"n":1}', '{"n":2}']) await broker.outbox.emit('webhook.disabled:desk', body);
      expect(await broker.outbox.claim(5, LEASE_MS)).toEqual([
        { id: 'webhook.disabled:desk', body: '{"n":1}', attempts: 0, created_at: expect.any(String) },
      ]);
    });

    it('gives an event to endpoints, each of which delivers it for itself', async () => {
      const harness = await open();
      const { outbox } = harness.broker;
      await withAlerts(harness, 'a', 'b', 'c');
      const [event] = await outbox.claim(1, 10_000);
      const [desk, onCall] = [outbox.endpoint('desk'), outbox.endpoint('on-call')];
      for (let repeat = 0; repeat < 2; repeat += 1) await outbox.fanOut(eventOf('a'), ['desk', 'on-call']);
      await outbox.fanOut(eventOf('b'), ['on-call']);
      await outbox.fanOut(eventOf('c'), []);
      expect((await harness.broker.queue.report()).outbox).toBe(0);
      expect(await desk.claim(5, 10_000)).toEqual([event]);
      await desk.retryLater(eventOf('a'), 1, 0);
      expect(ids(await onCall.claim(5, 10_000))).toEqual([eventOf('a'), eventOf('b')]);
      await onCall.acknowledge(eventOf('a'));
      expect(await outbox.endpoint('desk').claim(5, 10_000)).toEqual([{ ...event, attempts: 1 }]);
      await desk.acknowledge(eventOf('a'));
      // Once given, it is not given again.
      await outbox.fanOut(eventOf('a'), ['desk', 'on-call', 'late']);
      await harness.advance(10_050);
      expect(ids(await onCall.claim(5, 10_000))).toEqual([eventOf('b')]);
      for (const id of ['desk', 'late']) expect(await outbox.endpoint(id).claim(5, 10_000)).toEqual([]);
    });

    it('keeps an event when its ticket is completed and dropped', async () => {
      const harness = await open({ ticketsKept: 1 });
      await harness.agent('ann');
      await withAlerts(harness, 'a', 'b');
      for (const id of ['a', 'b']) await harness.broker.tickets.complete(id, {});
      expect(ids(await harness.broker.outbox.claim(5, LEASE_MS))).toEqual([eventOf('a'), eventOf('b')]);
    });
  });
}
