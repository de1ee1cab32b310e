import { aDecision } from '../fixtures';
import { RETRY_DUE_MS } from './broker-under-test';
import { expectRefusal, only, type OpenHarness } from './broker-harness';

const timeout = { code: 'timeout', message: 'The model was too slow', retryable: true };

/** Errors, retries and dead letters. */
export function describeFailing(open: OpenHarness): void {
  describe('a failed ticket', () => {
    it('is delayed, lets others pass, and comes back', async () => {
      const harness = await open();
      const claim = await harness.claimed('a');
      expect(await harness.broker.queue.fail(claim, timeout)).toBe('queued');
      expect(await harness.status('a')).toBe('queued');
      await harness.accept({ id: 'b' });
      expect(await harness.claimIds(5)).toEqual(['b']);
      await harness.acceptInTurn(['c']);
      await harness.advance(RETRY_DUE_MS);
      const again = only(await harness.broker.queue.claim(1));
      expect(again.record.ticket).toMatchObject({ id: 'a', attempts: 2 });
    });

    it('can be claimed by its id while it is delayed', async () => {
      const harness = await open();
      await harness.broker.queue.fail(await harness.claimed('a'), timeout);
      expect((await harness.broker.queue.claimById('a'))?.record.ticket.id).toBe('a');
      await harness.advance(RETRY_DUE_MS);
      expect(await harness.claimIds(5)).toEqual([]);
    });

    it('ends the claim', async () => {
      const harness = await open();
      const claim = await harness.claimed('a');
      await harness.broker.queue.fail(claim, timeout);
      await expectRefusal(harness.broker.queue.fail(claim, timeout), 'lease_lost');
      await expectRefusal(harness.broker.tickets.commit(claim, aDecision()), 'lease_lost');
    });

    it('dies with its last error after the last attempt', async () => {
      const harness = await open({ maxAttempts: 3 });
      await harness.accept({ id: 'a' });
      const outcomes: string[] = [];
      for (const code of ['first', 'second', 'third']) {
        const claim = only(await harness.broker.queue.claim(5));
        outcomes.push(await harness.broker.queue.fail(claim, { code, message: `The ${code}`, retryable: true }));
        await harness.advance(RETRY_DUE_MS);
      }
      expect(outcomes).toEqual(['queued', 'queued', 'dead']);
      expect((await harness.record('a')).ticket).toMatchObject({ status: 'dead', attempts: 3 });
      expect(await harness.broker.deadLetters.list()).toEqual({
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
      expect(await harness.claimIds(5)).toEqual([]);
    });

    it('dies at once if another attempt cannot help', async () => {
      const harness = await open();
      const claim = await harness.claimed('a');
      expect(await harness.broker.queue.fail(claim, { ...timeout, retryable: false })).toBe('dead');
      expect(await harness.status('a')).toBe('dead');
    });
  });

  describe('dead letters', () => {
    it('are listed in pages of 100, oldest first', async () => {
      const harness = await open();
      const ids = Array.from({ length: 230 }, (_, index) => `t${index}`);
      for (const id of ids) await harness.dead(id);
      const first = await harness.broker.deadLetters.list();
      await harness.broker.deadLetters.remove('t99');
      const second = await harness.broker.deadLetters.list(first.next_cursor ?? undefined);
      const third = await harness.broker.deadLetters.list(second.next_cursor ?? undefined);
      const pages = [first, second, third].map(({ dead_letters }) => dead_letters.map(({ ticket_id }) => ticket_id));
      expect(pages).toEqual([ids.slice(0, 100), ids.slice(100, 200), ids.slice(200)]);
      expect(third.next_cursor).toBeNull();
    });

    it('end with a full page if there are no more', async () => {
      const harness = await open();
      for (let index = 0; index < 100; index += 1) await harness.dead(`t${index}`);
      const page = await harness.broker.deadLetters.list();
      expect([page.dead_letters.length, page.next_cursor]).toEqual([100, null]);
    });

    it('refuse an unknown cursor', async () => {
      const { broker } = await open();
      for (const cursor of ['', '-1', 'next', '__proto__', '1'.repeat(400)]) {
        await expectRefusal(broker.deadLetters.list(cursor), 'invalid_input');
      }
    });

    it('are requeued at the end of their lane with their counts reset', async () => {
      const harness = await open({ maxAttempts: 1, maxStalls: 0 });
      await harness.dead('failed');
      await harness.claimed('stalled');
      await harness.sweepExpired();
      await harness.acceptInTurn(['b']);
      for (const id of ['failed', 'stalled']) {
        const record = await harness.broker.deadLetters.retry(id);
        expect(record.ticket).toMatchObject({ id, status: 'queued', attempts: 0 });
        expect(record).toEqual(await harness.record(id));
      }
      expect((await harness.broker.deadLetters.list()).dead_letters).toEqual([]);
      await expectRefusal(harness.broker.deadLetters.retry('failed'), 'not_found');
      await expectRefusal(harness.broker.deadLetters.remove('stalled'), 'not_found');
      const claims = await harness.broker.queue.claim(5);
      expect(claims.map(({ record }) => record.ticket.id)).toEqual(['b', 'failed', 'stalled']);
      await harness.broker.queue.fail(claims[2]!, timeout);
      expect(only((await harness.broker.deadLetters.list()).dead_letters)).toMatchObject({ attempts: 1, stalls: 0 });
    });

    it('can be removed: the same id is a new ticket then', async () => {
      const harness = await open();
      await harness.dead('a');
      await harness.broker.deadLetters.remove('a');
      expect(await harness.broker.tickets.get('a')).toBeUndefined();
      expect((await harness.broker.queue.report()).dead).toBe(0);
      expect((await harness.accept({ id: 'a', text: 'Another text' })).outcome).toBe('accepted');
    });

    it('are not found under the id of an unknown or a living ticket', async () => {
      const harness = await open();
      await harness.acceptInTurn(['alive']);
      for (const id of ['unknown', 'alive', '__proto__', 'constructor']) {
        await expectRefusal(harness.broker.deadLetters.retry(id), 'not_found');
        await expectRefusal(harness.broker.deadLetters.remove(id), 'not_found');
      }
      expect(await harness.status('alive')).toBe('queued');
    });

    it('are kept up to a bound; the oldest are dropped with their ids and keys', async () => {
      const harness = await open({ deadLettersMax: 2 });
      for (const id of ['a', 'b', 'c']) await harness.dead(id);
      const { dead_letters } = await harness.broker.deadLetters.list();
      expect(dead_letters.map(({ ticket_id }) => ticket_id)).toEqual(['b', 'c']);
      expect(await harness.broker.tickets.get('a')).toBeUndefined();
      expect((await harness.broker.queue.report()).dead).toBe(2);
    });
  });
}
