import type { TicketSource } from '@smart-support/contracts';
import { aDecision } from '../fixtures';
import { RETRY_DUE_MS } from './broker-under-test';
import { only, type OpenScene, type Scene } from './scene';

const SOURCE: TicketSource = { key: 'web', domain: 'shop' };

/** Which API key a ticket came with. */
export function describeSources(open: OpenScene): void {
  describe('the key and the trust domain that a ticket came with', () => {
    const sourceOf = async (scene: Scene, id: string) => (await scene.record(id)).source;

    it('are known to whoever works on it, and remain when it is decided about and completed', async () => {
      const scene = await open();
      await scene.agent('ann');
      const accepted = await scene.accept({ id: 'shop~a', source: SOURCE });
      expect(accepted).toMatchObject({ outcome: 'accepted', record: { source: SOURCE } });
      expect(await scene.accept({ id: 'shop~a', source: SOURCE })).toEqual({ ...accepted, outcome: 'repeated' });
      const claim = only(await scene.broker.queue.claim(1));
      expect(claim.record.source).toEqual(SOURCE);
      expect((await scene.broker.tickets.commit(claim, aDecision())).source).toEqual(SOURCE);
      expect(await sourceOf(scene, 'shop~a')).toEqual(SOURCE);
      expect((await scene.broker.tickets.complete('shop~a', {})).source).toEqual(SOURCE);
      expect(await sourceOf(scene, 'shop~a')).toEqual(SOURCE);
    });

    it('remain through a failure, the dead letters and a retry', async () => {
      const scene = await open();
      await scene.accept({ id: 'a', source: SOURCE });
      const error = { code: 'poison', message: 'It broke', retryable: true };
      await scene.broker.queue.fail(only(await scene.broker.queue.claim(1)), error);
      await scene.advance(RETRY_DUE_MS);
      const again = only(await scene.broker.queue.claim(1));
      expect(again.record.source).toEqual(SOURCE);
      await scene.broker.queue.fail(again, { ...error, retryable: false });
      expect(await sourceOf(scene, 'a')).toEqual(SOURCE);
      expect((await scene.broker.deadLetters.retry('a')).source).toEqual(SOURCE);
      expect((await scene.broker.queue.claimById('a'))?.record.source).toEqual(SOURCE);
    });

    it('are no part of each other: one key has the unnamed trust domain, another names its own', async () => {
      const scene = await open();
      const sources = [
        { key: 'desk', domain: '' },
        { key: 'a.b', domain: 'a.b' },
        { key: '-_', domain: '__proto__' },
      ];
      for (const [index, source] of sources.entries()) await scene.accept({ id: `t${index}`, source });
      const claims = await scene.broker.queue.claim(10);
      expect(claims.map(({ record }) => record.source)).toEqual(sources);
    });

    it('are none where callers need no key', async () => {
      const scene = await open();
      await scene.accept({ id: 'a' });
      expect(only(await scene.broker.queue.claim(1)).record.source).toBeNull();
      expect(await sourceOf(scene, 'a')).toBeNull();
    });
  });
}
