import { aDecision } from '../fixtures';
import { SUITE_OPTIONS } from './broker-under-test';
import { expectRefusal, only, type OpenHarness } from './broker-harness';

const PART_OF_A_LEASE_MS = SUITE_OPTIONS.leaseMs * 0.6;

/** Leases of claims, and tickets of dead workers. */
export function describeLeases(open: OpenHarness): void {
  describe('a lease', () => {
    it('that has expired ends the claim, also before a sweep', async () => {
      const harness = await open();
      const claim = await harness.claimed('a');
      await harness.advance(SUITE_OPTIONS.leaseMs + 50);
      await expectRefusal(harness.broker.tickets.commit(claim, aDecision()), 'lease_lost');
      await expectRefusal(harness.broker.queue.requeue(claim), 'lease_lost');
      await expectRefusal(harness.broker.queue.fail(claim, { code: 'x', message: 'x', retryable: true }), 'lease_lost');
      expect((await harness.record('a')).ticket).toMatchObject({ status: 'processing', category: null });
    });

    it('lasts while its worker sends heartbeats', async () => {
      const harness = await open();
      const claim = await harness.claimed('a');
      for (let beat = 0; beat < 3; beat += 1) {
        await harness.advance(PART_OF_A_LEASE_MS);
        expect(await harness.broker.queue.heartbeat([claim])).toEqual([]);
        expect(await harness.broker.queue.sweep()).toBe(0);
      }
      expect((await harness.broker.tickets.commit(claim, aDecision())).ticket.status).toBe('waiting');
    });

    it('is not renewed after it expired; the worker gets the ids of the lost claims', async () => {
      const harness = await open();
      const lost = await harness.claimed('lost');
      await harness.advance(PART_OF_A_LEASE_MS);
      const kept = await harness.claimed('kept');
      await harness.advance(PART_OF_A_LEASE_MS);
      expect(await harness.broker.queue.heartbeat([kept, lost])).toEqual(['lost']);
      await expectRefusal(harness.broker.tickets.commit(lost, aDecision()), 'lease_lost');
      expect(await harness.broker.queue.sweep()).toBe(1);
    });

    it('belongs to the token, not to the ticket', async () => {
      const harness = await open();
      const [a, b] = [await harness.claimed('a'), await harness.claimed('b')];
      for (const token of [b.token, '', 'constructor']) {
        await expectRefusal(harness.broker.tickets.commit({ ...a, token }, aDecision()), 'lease_lost');
        expect(await harness.broker.queue.heartbeat([{ ...a, token }])).toEqual(['a']);
      }
    });
  });

  describe('sweeping', () => {
    it('requeues the ticket of a dead worker before all others', async () => {
      const harness = await open();
      const old = await harness.claimed('a');
      await harness.acceptInTurn(['b', 'c']);
      expect(await harness.sweepExpired()).toBe(1);
      expect(await harness.status('a')).toBe('queued');
      const again = only(await harness.broker.queue.claim(1));
      expect(again.record.ticket).toMatchObject({ id: 'a', status: 'processing', attempts: 2 });
      expect(again.token).not.toBe(old.token);
    });

    it('refuses the commit of the late worker', async () => {
      const harness = await open();
      const old = await harness.claimed('a');
      await harness.sweepExpired();
      await expectRefusal(harness.broker.tickets.commit(old, aDecision()), 'lease_lost');
      const present = only(await harness.broker.queue.claim(1));
      await expectRefusal(harness.broker.queue.requeue(old), 'lease_lost');
      await expectRefusal(harness.broker.tickets.commit(old, aDecision()), 'lease_lost');
      const record = await harness.broker.tickets.commit(present, aDecision({ category: 'Technical' }));
      await expectRefusal(harness.broker.tickets.commit(old, aDecision()), 'lease_lost');
      expect(await harness.record('a')).toEqual(record);
    });

    it('moves a ticket once, also when two sweep at the same time', async () => {
      const harness = await open();
      await harness.claimed('a');
      await harness.advance(SUITE_OPTIONS.leaseMs + 50);
      const moved = await Promise.all([harness.broker.queue.sweep(), harness.broker.queue.sweep()]);
      expect(moved[0] + moved[1]).toBe(1);
      expect(await harness.claimIds(5)).toEqual(['a']);
    });

    it('moves neither queued nor committed tickets', async () => {
      const harness = await open();
      await harness.agent('ann', { capacity: 1 });
      await harness.committed('with-agent');
      await harness.committed('in-line');
      await harness.acceptInTurn(['queued']);
      expect(await harness.sweepExpired()).toBe(0);
      expect(await harness.whereabouts('with-agent', 'in-line', 'queued')).toEqual(['ann', 'waiting', 'queued']);
    });

    it('moves a ticket that stalled too often to the dead letters', async () => {
      const harness = await open({ maxStalls: 1 });
      await harness.claimed('a');
      await harness.sweepExpired();
      expect(await harness.claimIds(1)).toEqual(['a']);
      expect(await harness.sweepExpired()).toBe(1);
      expect(await harness.status('a')).toBe('dead');
      expect(only((await harness.broker.deadLetters.list()).dead_letters)).toEqual({
        ticket_id: 'a',
        error: { code: 'stalled', message: expect.any(String) },
        attempts: 2,
        stalls: 2,
        died_at: expect.stringMatching(/Z$/),
      });
    });

    it('counts stalls separately from errors', async () => {
      const harness = await open({ maxAttempts: 2, maxStalls: 5 });
      await harness.claimed('a');
      for (let stall = 0; stall < 3; stall += 1) {
        await harness.sweepExpired();
        expect(await harness.claimIds(1)).toEqual(['a']);
      }
      await harness.sweepExpired();
      const claim = only(await harness.broker.queue.claim(1));
      const error = { code: 'timeout', message: 'Too slow', retryable: true };
      expect(await harness.broker.queue.fail(claim, error)).toBe('queued');
    });
  });
}
