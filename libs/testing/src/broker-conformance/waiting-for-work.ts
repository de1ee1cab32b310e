import { RETRY_DUE_MS } from './broker-under-test';
import { only, type OpenHarness } from './broker-harness';

/** Longer than any test takes. */
const LONG_MS = 30_000;

/** How idle workers wait for work. */
export function describeWaitingForWork(open: OpenHarness): void {
  describe('waiting for work', () => {
    it('ends when a ticket comes', async () => {
      const harness = await open();
      const waiting = harness.follow(harness.broker.queue.waitForWork(LONG_MS));
      await harness.advance(20);
      expect(waiting.hasEnded).toBe(false);
      await harness.accept({ id: 'a' });
      await harness.untilEnded(waiting);
      expect(await harness.claimIds(5)).toEqual(['a']);
    });

    it('ends at once if there is something to claim', async () => {
      const harness = await open();
      await harness.accept({ id: 'a', lane: 'urgent' });
      await harness.broker.queue.waitForWork(LONG_MS);
      await harness.broker.queue.waitForWork(LONG_MS);
      expect(await harness.claimIds(5)).toEqual(['a']);
    });

    it('ends when its time is up', async () => {
      const harness = await open();
      await harness.untilEnded(harness.follow(harness.broker.queue.waitForWork(100)));
      expect(await harness.claimIds(5)).toEqual([]);
    });

    it('goes on while the only tickets are in process, with an agent, in line or dead', async () => {
      const harness = await open();
      await harness.agent('ann', { capacity: 1 });
      await harness.committed('with-agent');
      await harness.committed('in-line');
      await harness.dead('dead');
      await harness.claimed('in-work');
      // Former signals may be noticed late, but once each.
      for (let ticket = 0; ticket < 4; ticket += 1) {
        await harness.untilEnded(harness.follow(harness.broker.queue.waitForWork(50)));
      }
      const waiting = harness.follow(harness.broker.queue.waitForWork(LONG_MS));
      await harness.advance(50);
      expect(waiting.hasEnded).toBe(false);
    });

    it('ends when a ticket is requeued', async () => {
      const harness = await open();
      const claim = await harness.claimed('a');
      await harness.untilEnded(harness.follow(harness.broker.queue.waitForWork(50)));
      const waiting = harness.follow(harness.broker.queue.waitForWork(LONG_MS));
      await harness.broker.queue.requeue(claim);
      await harness.untilEnded(waiting);
      expect(await harness.claimIds(5)).toEqual(['a']);
    });

    it('ends when the ticket of a dead worker is requeued', async () => {
      const harness = await open();
      await harness.claimed('a');
      await harness.untilEnded(harness.follow(harness.broker.queue.waitForWork(50)));
      const waiting = harness.follow(harness.broker.queue.waitForWork(LONG_MS));
      expect(await harness.sweepExpired()).toBe(1);
      await harness.untilEnded(waiting);
      expect(await harness.claimIds(5)).toEqual(['a']);
    });

    it('ends when a dead letter is retried', async () => {
      const harness = await open();
      await harness.dead('a');
      await harness.untilEnded(harness.follow(harness.broker.queue.waitForWork(50)));
      const waiting = harness.follow(harness.broker.queue.waitForWork(LONG_MS));
      await harness.broker.deadLetters.retry('a');
      await harness.untilEnded(waiting);
      expect(await harness.claimIds(5)).toEqual(['a']);
    });

    it('ends at once if a retry is due by now', async () => {
      const harness = await open();
      const claim = await harness.claimed('a');
      await harness.broker.queue.fail(claim, { code: 'timeout', message: 'Too slow', retryable: true });
      await harness.advance(RETRY_DUE_MS);
      await harness.untilEnded(harness.follow(harness.broker.queue.waitForWork(LONG_MS)));
      expect(await harness.claimIds(5)).toEqual(['a']);
    });

    it('wakes at least as many workers as there are tickets', async () => {
      const harness = await open();
      const waiting = [1, 2, 3].map(() => harness.follow(harness.broker.queue.waitForWork(LONG_MS)));
      await harness.advance(20);
      await harness.acceptInTurn(['a', 'b', 'c']);
      for (const each of waiting) await harness.untilEnded(each);
    });

    it('of many workers ends for one of them when one ticket comes', async () => {
      const harness = await open();
      const waiting = [1, 2, 3].map(() => harness.follow(harness.broker.queue.waitForWork(LONG_MS)));
      await harness.advance(20);
      await harness.accept({ id: 'a' });
      await harness.until(() => waiting.some(({ hasEnded }) => hasEnded));
      expect(only(await harness.broker.queue.claim(1)).record.ticket.id).toBe('a');
    });

    it('ends for all when the broker is closed', async () => {
      const harness = await open();
      const waiting = [1, 2].map(() => harness.follow(harness.broker.queue.waitForWork(LONG_MS)));
      await harness.advance(20);
      await harness.broker.close();
      for (const each of waiting) await harness.untilEnded(each);
    });
  });
}
