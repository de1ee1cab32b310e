import { aDecision } from '../fixtures';
import { SUITE_OPTIONS } from './broker-under-test';
import { expectRefusal, only, type OpenScene } from './scene';

const PART_OF_A_LEASE_MS = SUITE_OPTIONS.leaseMs * 0.6;

/** For how long a claim is a right, and what happens to tickets whose worker vanished. */
export function describeLeases(open: OpenScene): void {
  describe('a lease', () => {
    it('once run out, is no right any more, also before anybody swept', async () => {
      const scene = await open();
      const claim = await scene.claimed('a');
      await scene.advance(SUITE_OPTIONS.leaseMs + 50);
      await expectRefusal(scene.broker.tickets.commit(claim, aDecision()), 'lease_lost');
      await expectRefusal(scene.broker.queue.requeue(claim), 'lease_lost');
      await expectRefusal(scene.broker.queue.fail(claim, { code: 'x', message: 'x', retryable: true }), 'lease_lost');
      expect((await scene.record('a')).ticket).toMatchObject({ status: 'processing', category: null });
    });

    it('lasts while its worker says that it is alive', async () => {
      const scene = await open();
      const claim = await scene.claimed('a');
      for (let beat = 0; beat < 3; beat += 1) {
        await scene.advance(PART_OF_A_LEASE_MS);
        expect(await scene.broker.queue.heartbeat([claim])).toEqual([]);
        expect(await scene.broker.queue.sweep()).toBe(0);
      }
      expect((await scene.broker.tickets.commit(claim, aDecision())).ticket.status).toBe('waiting');
    });

    it('is not renewed after it ran out; the worker is told which ones it lost', async () => {
      const scene = await open();
      const lost = await scene.claimed('lost');
      await scene.advance(PART_OF_A_LEASE_MS);
      const kept = await scene.claimed('kept');
      await scene.advance(PART_OF_A_LEASE_MS);
      expect(await scene.broker.queue.heartbeat([kept, lost])).toEqual(['lost']);
      await expectRefusal(scene.broker.tickets.commit(lost, aDecision()), 'lease_lost');
      expect(await scene.broker.queue.sweep()).toBe(1);
    });

    it('belongs to the token, not to the ticket', async () => {
      const scene = await open();
      const [a, b] = [await scene.claimed('a'), await scene.claimed('b')];
      for (const token of [b.token, '', 'constructor']) {
        await expectRefusal(scene.broker.tickets.commit({ ...a, token }, aDecision()), 'lease_lost');
        expect(await scene.broker.queue.heartbeat([{ ...a, token }])).toEqual(['a']);
      }
    });
  });

  describe('sweeping', () => {
    it('gives a vanished worker’s ticket to the next one, before all others', async () => {
      const scene = await open();
      const old = await scene.claimed('a');
      await scene.acceptInTurn(['b', 'c']);
      expect(await scene.sweepExpired()).toBe(1);
      expect(await scene.status('a')).toBe('queued');
      const again = only(await scene.broker.queue.claim(1));
      expect(again.record.ticket).toMatchObject({ id: 'a', status: 'processing', attempts: 2 });
      expect(again.token).not.toBe(old.token);
    });

    it('leaves the late worker without a say', async () => {
      const scene = await open();
      const old = await scene.claimed('a');
      await scene.sweepExpired();
      await expectRefusal(scene.broker.tickets.commit(old, aDecision()), 'lease_lost');
      const present = only(await scene.broker.queue.claim(1));
      await expectRefusal(scene.broker.queue.requeue(old), 'lease_lost');
      await expectRefusal(scene.broker.tickets.commit(old, aDecision()), 'lease_lost');
      const record = await scene.broker.tickets.commit(present, aDecision({ category: 'Technical' }));
      await expectRefusal(scene.broker.tickets.commit(old, aDecision()), 'lease_lost');
      expect(await scene.record('a')).toEqual(record);
    });

    it('moves a ticket once, also when two sweep at the same time', async () => {
      const scene = await open();
      await scene.claimed('a');
      await scene.advance(SUITE_OPTIONS.leaseMs + 50);
      const moved = await Promise.all([scene.broker.queue.sweep(), scene.broker.queue.sweep()]);
      expect(moved[0] + moved[1]).toBe(1);
      expect(await scene.claimIds(5)).toEqual(['a']);
    });

    it('touches neither queued nor understood tickets', async () => {
      const scene = await open();
      await scene.agent('ann', { capacity: 1 });
      await scene.committed('with-agent');
      await scene.committed('in-line');
      await scene.acceptInTurn(['queued']);
      expect(await scene.sweepExpired()).toBe(0);
      expect(await scene.whereabouts('with-agent', 'in-line', 'queued')).toEqual(['ann', 'waiting', 'queued']);
    });

    it('puts a ticket aside whose worker vanished too often', async () => {
      const scene = await open({ maxStalls: 1 });
      await scene.claimed('a');
      await scene.sweepExpired();
      expect(await scene.claimIds(1)).toEqual(['a']);
      expect(await scene.sweepExpired()).toBe(1);
      expect(await scene.status('a')).toBe('dead');
      expect(only((await scene.broker.deadLetters.list()).dead_letters)).toEqual({
        ticket_id: 'a',
        error: { code: 'stalled', message: expect.any(String) },
        attempts: 2,
        stalls: 2,
        died_at: expect.stringMatching(/Z$/),
      });
    });

    it('counts a vanished worker apart from errors', async () => {
      const scene = await open({ maxAttempts: 2, maxStalls: 5 });
      await scene.claimed('a');
      for (let stall = 0; stall < 3; stall += 1) {
        await scene.sweepExpired();
        expect(await scene.claimIds(1)).toEqual(['a']);
      }
      await scene.sweepExpired();
      const claim = only(await scene.broker.queue.claim(1));
      const error = { code: 'timeout', message: 'Too slow', retryable: true };
      expect(await scene.broker.queue.fail(claim, error)).toBe('queued');
    });
  });
}
