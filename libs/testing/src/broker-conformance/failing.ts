import { aDecision } from '../fixtures';
import { RETRY_DUE_MS } from './broker-under-test';
import { expectRefusal, only, type OpenScene } from './scene';

const timeout = { code: 'timeout', message: 'The model was too slow', retryable: true };

/** Errors, retries and dead letters. */
export function describeFailing(open: OpenScene): void {
  describe('a failed ticket', () => {
    it('rests, lets others pass, and comes back', async () => {
      const scene = await open();
      const claim = await scene.claimed('a');
      expect(await scene.broker.queue.fail(claim, timeout)).toBe('queued');
      expect(await scene.status('a')).toBe('queued');
      await scene.accept({ id: 'b' });
      expect(await scene.claimIds(5)).toEqual(['b']);
      await scene.acceptInTurn(['c']);
      await scene.advance(RETRY_DUE_MS);
      const again = only(await scene.broker.queue.claim(1));
      expect(again.record.ticket).toMatchObject({ id: 'a', attempts: 2 });
    });

    it('can be asked for by its id while it rests', async () => {
      const scene = await open();
      await scene.broker.queue.fail(await scene.claimed('a'), timeout);
      expect((await scene.broker.queue.claimById('a'))?.record.ticket.id).toBe('a');
      await scene.advance(RETRY_DUE_MS);
      expect(await scene.claimIds(5)).toEqual([]);
    });

    it('ends the claim', async () => {
      const scene = await open();
      const claim = await scene.claimed('a');
      await scene.broker.queue.fail(claim, timeout);
      await expectRefusal(scene.broker.queue.fail(claim, timeout), 'lease_lost');
      await expectRefusal(scene.broker.tickets.commit(claim, aDecision()), 'lease_lost');
    });

    it('is put aside with its last error after the last attempt', async () => {
      const scene = await open({ maxAttempts: 3 });
      await scene.accept({ id: 'a' });
      const outcomes: string[] = [];
      for (const code of ['first', 'second', 'third']) {
        const claim = only(await scene.broker.queue.claim(5));
        outcomes.push(await scene.broker.queue.fail(claim, { code, message: `The ${code}`, retryable: true }));
        await scene.advance(RETRY_DUE_MS);
      }
      expect(outcomes).toEqual(['queued', 'queued', 'dead']);
      expect((await scene.record('a')).ticket).toMatchObject({ status: 'dead', attempts: 3 });
      expect(await scene.broker.deadLetters.list()).toEqual({
        dead_letters: [
          {
            ticket_id: 'a',
            error: { code: 'third', message: 'The third' },
            attempts: 3,
            stalls: 0,
            died_at: expect.stringMatching(/Z$/),
          },
        ],
        next_cursor: null,
      });
      expect(await scene.claimIds(5)).toEqual([]);
    });

    it('is put aside at once if trying again cannot help', async () => {
      const scene = await open();
      const claim = await scene.claimed('a');
      expect(await scene.broker.queue.fail(claim, { ...timeout, retryable: false })).toBe('dead');
      expect(await scene.status('a')).toBe('dead');
    });
  });

  describe('dead letters', () => {
    it('are listed in pages of 100, oldest first', async () => {
      const scene = await open();
      const ids = Array.from({ length: 230 }, (_, index) => `t${index}`);
      for (const id of ids) await scene.dead(id);
      const first = await scene.broker.deadLetters.list();
      await scene.broker.deadLetters.remove('t99');
      const second = await scene.broker.deadLetters.list(first.next_cursor ?? undefined);
      const third = await scene.broker.deadLetters.list(second.next_cursor ?? undefined);
      const pages = [first, second, third].map(({ dead_letters }) => dead_letters.map(({ ticket_id }) => ticket_id));
      expect(pages).toEqual([ids.slice(0, 100), ids.slice(100, 200), ids.slice(200)]);
      expect(third.next_cursor).toBeNull();
    });

    it('end with a full page if there is no more', async () => {
      const scene = await open();
      for (let index = 0; index < 100; index += 1) await scene.dead(`t${index}`);
      const page = await scene.broker.deadLetters.list();
      expect([page.dead_letters.length, page.next_cursor]).toEqual([100, null]);
    });

    it('refuse a cursor that they did not give', async () => {
      const { broker } = await open();
      for (const cursor of ['', '-1', 'next', '__proto__', '1'.repeat(400)]) {
        await expectRefusal(broker.deadLetters.list(cursor), 'invalid_input');
      }
    });

    it('go back to the end of their lane with fresh counts', async () => {
      const scene = await open({ maxAttempts: 1, maxStalls: 0 });
      await scene.dead('failed');
      await scene.claimed('stalled');
      await scene.sweepExpired();
      await scene.acceptInTurn(['b']);
      for (const id of ['failed', 'stalled']) {
        const record = await scene.broker.deadLetters.retry(id);
        expect(record.ticket).toMatchObject({ id, status: 'queued', attempts: 0 });
        expect(record).toEqual(await scene.record(id));
      }
      expect((await scene.broker.deadLetters.list()).dead_letters).toEqual([]);
      await expectRefusal(scene.broker.deadLetters.retry('failed'), 'not_found');
      await expectRefusal(scene.broker.deadLetters.remove('stalled'), 'not_found');
      const claims = await scene.broker.queue.claim(5);
      expect(claims.map(({ record }) => record.ticket.id)).toEqual(['b', 'failed', 'stalled']);
      await scene.broker.queue.fail(claims[2]!, timeout);
      expect(only((await scene.broker.deadLetters.list()).dead_letters)).toMatchObject({ attempts: 1, stalls: 0 });
    });

    it('can be forgotten for good: the same id is a new ticket then', async () => {
      const scene = await open();
      await scene.dead('a');
      await scene.broker.deadLetters.remove('a');
      expect(await scene.broker.tickets.get('a')).toBeUndefined();
      expect((await scene.broker.queue.report()).dead).toBe(0);
      expect((await scene.accept({ id: 'a', text: 'Another text' })).outcome).toBe('accepted');
    });

    it('are not found under the id of an unknown or a living ticket', async () => {
      const scene = await open();
      await scene.acceptInTurn(['alive']);
      for (const id of ['unknown', 'alive', '__proto__', 'constructor']) {
        await expectRefusal(scene.broker.deadLetters.retry(id), 'not_found');
        await expectRefusal(scene.broker.deadLetters.remove(id), 'not_found');
      }
      expect(await scene.status('alive')).toBe('queued');
    });

    it('are kept up to a bound; the oldest go with all that was known of them', async () => {
      const scene = await open({ deadLettersMax: 2 });
      for (const id of ['a', 'b', 'c']) await scene.dead(id);
      const { dead_letters } = await scene.broker.deadLetters.list();
      expect(dead_letters.map(({ ticket_id }) => ticket_id)).toEqual(['b', 'c']);
      expect(await scene.broker.tickets.get('a')).toBeUndefined();
      expect((await scene.broker.queue.report()).dead).toBe(2);
    });
  });
}
