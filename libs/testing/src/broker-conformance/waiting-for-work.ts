import { RETRY_DUE_MS } from './broker-under-test';
import { only, type OpenScene } from './scene';

/** Longer than any test takes. */
const LONG_MS = 30_000;

/** How workers with nothing to do learn that there is something. */
export function describeWaitingForWork(open: OpenScene): void {
  describe('waiting for work', () => {
    it('ends when a ticket comes', async () => {
      const scene = await open();
      const waiting = scene.follow(scene.broker.queue.waitForWork(LONG_MS));
      await scene.advance(20);
      expect(waiting.hasEnded).toBe(false);
      await scene.accept({ id: 'a' });
      await scene.untilEnded(waiting);
      expect(await scene.claimIds(5)).toEqual(['a']);
    });

    it('ends at once if there is something to claim', async () => {
      const scene = await open();
      await scene.accept({ id: 'a', lane: 'urgent' });
      await scene.broker.queue.waitForWork(LONG_MS);
      await scene.broker.queue.waitForWork(LONG_MS);
      expect(await scene.claimIds(5)).toEqual(['a']);
    });

    it('ends when its time is up', async () => {
      const scene = await open();
      await scene.untilEnded(scene.follow(scene.broker.queue.waitForWork(100)));
      expect(await scene.claimIds(5)).toEqual([]);
    });

    it('goes on while the only tickets are in work, with an agent, in line or dead', async () => {
      const scene = await open();
      await scene.agent('ann', { capacity: 1 });
      await scene.committed('with-agent');
      await scene.committed('in-line');
      await scene.dead('dead');
      await scene.claimed('in-work');
      // What came and went meanwhile may be noticed late, but once each.
      for (let ticket = 0; ticket < 4; ticket += 1) {
        await scene.untilEnded(scene.follow(scene.broker.queue.waitForWork(50)));
      }
      const waiting = scene.follow(scene.broker.queue.waitForWork(LONG_MS));
      await scene.advance(50);
      expect(waiting.hasEnded).toBe(false);
    });

    it('ends when a ticket is handed back', async () => {
      const scene = await open();
      const claim = await scene.claimed('a');
      await scene.untilEnded(scene.follow(scene.broker.queue.waitForWork(50)));
      const waiting = scene.follow(scene.broker.queue.waitForWork(LONG_MS));
      await scene.broker.queue.requeue(claim);
      await scene.untilEnded(waiting);
      expect(await scene.claimIds(5)).toEqual(['a']);
    });

    it('ends when a vanished worker’s ticket is taken back', async () => {
      const scene = await open();
      await scene.claimed('a');
      await scene.untilEnded(scene.follow(scene.broker.queue.waitForWork(50)));
      const waiting = scene.follow(scene.broker.queue.waitForWork(LONG_MS));
      expect(await scene.sweepExpired()).toBe(1);
      await scene.untilEnded(waiting);
      expect(await scene.claimIds(5)).toEqual(['a']);
    });

    it('ends when a dead letter is put back', async () => {
      const scene = await open();
      await scene.dead('a');
      await scene.untilEnded(scene.follow(scene.broker.queue.waitForWork(50)));
      const waiting = scene.follow(scene.broker.queue.waitForWork(LONG_MS));
      await scene.broker.deadLetters.retry('a');
      await scene.untilEnded(waiting);
      expect(await scene.claimIds(5)).toEqual(['a']);
    });

    it('ends at once if a retry is due by now', async () => {
      const scene = await open();
      const claim = await scene.claimed('a');
      await scene.broker.queue.fail(claim, { code: 'timeout', message: 'Too slow', retryable: true });
      await scene.advance(RETRY_DUE_MS);
      await scene.untilEnded(scene.follow(scene.broker.queue.waitForWork(LONG_MS)));
      expect(await scene.claimIds(5)).toEqual(['a']);
    });

    it('lets as many workers go as there are tickets, at least', async () => {
      const scene = await open();
      const waiting = [1, 2, 3].map(() => scene.follow(scene.broker.queue.waitForWork(LONG_MS)));
      await scene.advance(20);
      await scene.acceptInTurn(['a', 'b', 'c']);
      for (const each of waiting) await scene.untilEnded(each);
    });

    it('of many workers is over for one of them when one ticket comes', async () => {
      const scene = await open();
      const waiting = [1, 2, 3].map(() => scene.follow(scene.broker.queue.waitForWork(LONG_MS)));
      await scene.advance(20);
      await scene.accept({ id: 'a' });
      await scene.until(() => waiting.some(({ hasEnded }) => hasEnded));
      expect(only(await scene.broker.queue.claim(1)).record.ticket.id).toBe('a');
    });

    it('is over for everybody when the broker is closed', async () => {
      const scene = await open();
      const waiting = [1, 2].map(() => scene.follow(scene.broker.queue.waitForWork(LONG_MS)));
      await scene.advance(20);
      await scene.broker.close();
      for (const each of waiting) await scene.untilEnded(each);
    });
  });
}
