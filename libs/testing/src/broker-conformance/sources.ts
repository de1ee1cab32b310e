import type { TicketSource } from '@smart-support/contracts';
import { aDecision, aNewTicket } from '../fixtures';
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

  describe('a share of the queue', () => {
    const OTHER: TicketSource = { key: 'mail', domain: 'mail' };
    const FULL = { outcome: 'full', reason: 'share' };
    const outcomeOf = async (scene: Scene, id: string, source?: TicketSource) =>
      (await scene.accept({ id, ...(source && { source }) })).outcome;

    it('is all that one trust domain may fill; others, and tickets without a key, still find room', async () => {
      const scene = await open({ queueMax: 5, queueShare: 0.5 });
      const results = await scene.broker.queue.accept(
        ['a', 'b', 'c', 'a'].map((id, index) =>
          aNewTicket({ id, source: { key: `k${index}`, domain: 'shop' }, idempotency_key: `of-${id}` }),
        ),
      );
      expect(results.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted', 'full', 'repeated']);
      expect(results[2]).toEqual(FULL);
      expect(await scene.broker.tickets.get('c')).toBeUndefined();
      expect(await scene.accept({ id: 'd', source: SOURCE, duplicate_key: 'twice' })).toEqual(FULL);
      expect(await outcomeOf(scene, 'e', OTHER)).toBe('accepted');
      expect(await scene.accept({ id: 'f', duplicate_key: 'twice' })).toMatchObject({ outcome: 'accepted' });
      expect(await outcomeOf(scene, 'g')).toBe('accepted');
      expect(await scene.accept({ id: 'h' })).toEqual({ outcome: 'full' });
    });

    it('counts tickets in work, in line and with an agent, and has room again when one is completed or dies', async () => {
      const scene = await open({ queueMax: 6, queueShare: 0.5 });
      await scene.agent('ann', { capacity: 1 });
      for (const id of ['with-agent', 'in-line', 'in-work']) await scene.accept({ id, source: SOURCE });
      for (const id of ['with-agent', 'in-line']) {
        await scene.broker.tickets.commit((await scene.broker.queue.claimById(id))!, aDecision());
      }
      const inWork = (await scene.broker.queue.claimById('in-work'))!;
      expect(await scene.accept({ id: 'd', source: SOURCE })).toEqual(FULL);
      await scene.broker.tickets.complete('with-agent', {});
      expect(await outcomeOf(scene, 'd', SOURCE)).toBe('accepted');
      await scene.broker.queue.fail(inWork, { code: 'poison', message: 'It broke', retryable: false });
      expect(await outcomeOf(scene, 'e', SOURCE)).toBe('accepted');
      expect(await outcomeOf(scene, 'f', SOURCE)).toBe('full');
      await scene.broker.deadLetters.retry('in-work');
      await scene.broker.tickets.complete('in-line', {});
      expect(await outcomeOf(scene, 'f', SOURCE)).toBe('full');
    });

    it('has room again when an incident completes what it suppressed', async () => {
      const scene = await open({ queueMax: 10, queueShare: 0.5 });
      for (const id of ['a', 'b', 'c', 'd', 'e']) await scene.accept({ id, source: SOURCE });
      for (const id of ['a', 'b', 'c', 'd', 'e']) {
        await scene.commitAsJudged((await scene.broker.queue.claimById(id))!);
      }
      expect(await outcomeOf(scene, 'f', SOURCE)).toBe('full');
      const [incident] = (await scene.broker.incidents.list()).incidents;
      await scene.broker.incidents.resolve(incident!.id);
      expect(await scene.status('d')).toBe('completed');
      expect(await outcomeOf(scene, 'f', SOURCE)).toBe('accepted');
    });

    it('is one of the bytes, too: long tickets of one trust domain leave room for others, and have room again when one is completed', async () => {
      const ofAll = 100_000_000;
      const scene = await open({ queueMax: 1_000_000, memoryMaxBytes: ofAll, redisMaxBytes: ofAll, queueShare: 0.001 });
      await scene.agent('ann', { capacity: 9 });
      const long = (id: string, source: TicketSource) => aNewTicket({ id, source, text: 'x'.repeat(20_000) });
      const results = await scene.broker.queue.accept(['a', 'b', 'c', 'd', 'e'].map((id) => long(id, SOURCE)));
      expect(results.slice(3)).toEqual([FULL, FULL]);
      expect(results.slice(0, 3).map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted', 'accepted']);
      expect((await scene.broker.queue.accept([long('a', SOURCE)]))[0]?.outcome).toBe('repeated');
      expect((await scene.broker.queue.accept([long('f', OTHER)]))[0]?.outcome).toBe('accepted');
      await scene.broker.tickets.commit((await scene.broker.queue.claimById('a'))!, aDecision());
      await scene.broker.tickets.complete('a', {});
      expect((await scene.broker.queue.accept([long('d', SOURCE)]))[0]?.outcome).toBe('accepted');
      expect((await scene.broker.queue.accept([long('e', SOURCE)]))[0]).toEqual(FULL);
    });

    it('is one ticket at least', async () => {
      const scene = await open({ queueMax: 1, queueShare: 0.1 });
      expect(await outcomeOf(scene, 'a', SOURCE)).toBe('accepted');
    });
  });
}
