import { expectRefusal, only, type OpenHarness } from './broker-harness';

const ids = (start: string, count: number): string[] => Array.from({ length: count }, (_, index) => `${start}${index}`);

/** Claims of tickets, and their release. */
export function describeClaiming(open: OpenHarness): void {
  describe('claiming tickets', () => {
    it('puts a ticket in process and counts the attempt', async () => {
      const harness = await open();
      await harness.acceptInTurn(['a']);
      const claim = only(await harness.broker.queue.claim(1));
      expect(claim.record.ticket).toMatchObject({ id: 'a', status: 'processing', attempts: 1 });
      expect(claim.record).toEqual(await harness.record('a'));
    });

    it('claims a lane in order of arrival, up to the limit, and no ticket twice', async () => {
      const harness = await open();
      await harness.acceptInTurn(['a', 'b', 'c', 'd']);
      expect(await harness.claimIds(0)).toEqual([]);
      expect(await harness.claimIds(1)).toEqual(['a']);
      expect(await harness.claimIds(2)).toEqual(['b', 'c']);
      expect(await harness.claimIds(5)).toEqual(['d']);
      expect(await harness.claimIds(5)).toEqual([]);
    });

    it('gives several workers at once different tickets and tokens', async () => {
      const harness = await open();
      await harness.acceptInTurn(ids('t', 12));
      const claims = (await Promise.all([1, 2, 3, 4].map(() => harness.broker.queue.claim(3)))).flat();
      expect(new Set(claims.map(({ record }) => record.ticket.id)).size).toBe(12);
      expect(new Set(claims.map(({ token }) => token)).size).toBe(12);
    });

    it('claims urgent tickets first', async () => {
      const harness = await open();
      await harness.acceptInTurn(['n0', 'n1']);
      await harness.acceptInTurn(['u0', 'u1'], 'urgent');
      expect(await harness.claimIds(4)).toEqual(['u0', 'u1', 'n0', 'n1']);
    });

    it.each([
      ['in one call', [20]],
      ['over many calls', Array.from({ length: 20 }, () => 1)],
    ])('claims a normal ticket first after seven urgent ones in a row, %s', async (_name, limits) => {
      const harness = await open();
      await harness.acceptInTurn(ids('n', 3));
      await harness.acceptInTurn(ids('u', 16), 'urgent');
      const order: string[] = [];
      for (const limit of limits) order.push(...(await harness.claimIds(limit)));
      const urgent = ids('u', 16);
      expect(order).toEqual([...urgent.slice(0, 7), 'n0', ...urgent.slice(7, 14), 'n1', ...urgent.slice(14), 'n2']);
    });

    it('claims one particular ticket if it is queued', async () => {
      const harness = await open();
      await harness.acceptInTurn(['a', 'b', 'c']);
      expect((await harness.broker.queue.claimById('b'))?.record.ticket).toMatchObject({ id: 'b', attempts: 1 });
      expect(await harness.broker.queue.claimById('b')).toBeUndefined();
      expect(await harness.broker.queue.claimById('unknown')).toBeUndefined();
      expect(await harness.claimIds(5)).toEqual(['a', 'c']);
    });

    it('makes a new token for every claim of the same ticket', async () => {
      const harness = await open();
      const first = await harness.claimed('a');
      await harness.broker.queue.requeue(first);
      const second = only(await harness.broker.queue.claim(1));
      expect(second.token).not.toBe(first.token);
    });
  });

  describe('requeueing a ticket', () => {
    it('puts it in front of its lane as if it had not been claimed', async () => {
      const harness = await open();
      await harness.acceptInTurn(['a', 'b', 'c']);
      const before = await harness.record('a');
      const claim = only(await harness.broker.queue.claim(1));
      await harness.broker.queue.requeue(claim);
      expect(await harness.record('a')).toEqual(before);
      expect(await harness.claimIds(5)).toEqual(['a', 'b', 'c']);
    });

    it('counts neither as an error nor as a stall', async () => {
      const harness = await open({ maxAttempts: 1, maxStalls: 0 });
      await harness.accept({ id: 'a' });
      for (let round = 0; round < 5; round += 1) {
        await harness.broker.queue.requeue(only(await harness.broker.queue.claim(1)));
      }
      expect((await harness.record('a')).ticket).toMatchObject({ status: 'queued', attempts: 0 });
    });

    it('ends the claim', async () => {
      const harness = await open();
      const claim = await harness.claimed('a');
      await harness.broker.queue.requeue(claim);
      await expectRefusal(harness.broker.queue.requeue(claim), 'lease_lost');
      expect(await harness.broker.queue.heartbeat([claim])).toEqual(['a']);
    });
  });

  describe('the report', () => {
    it('has the size of every part', async () => {
      const harness = await open();
      await harness.agent('ann', { skills: { Legal: 1 }, capacity: 1 });
      await harness.committed('with-agent', { category: 'Legal' });
      await harness.committed('l', { category: 'Legal' });
      await harness.committed('b1', { category: 'Billing' });
      await harness.committed('b2', { category: 'Billing' });
      await harness.claimed('in-work');
      await harness.dead('dead');
      await harness.acceptInTurn(['u1', 'u2', 'u3'], 'urgent');
      await harness.acceptInTurn(['n1', 'n2']);
      expect(await harness.broker.queue.report()).toEqual({
        lanes: { urgent: 3, normal: 2 },
        oldest_age_ms: expect.any(Number),
        in_progress: 1,
        waiting: { Billing: 2, Technical: 0, Legal: 1 },
        dead: 1,
        outbox: 0,
      });
    });

    it('is all zero for an empty broker', async () => {
      const { broker } = await open();
      expect(await broker.queue.report()).toEqual({
        lanes: { urgent: 0, normal: 0 },
        oldest_age_ms: null,
        in_progress: 0,
        waiting: { Billing: 0, Technical: 0, Legal: 0 },
        dead: 0,
        outbox: 0,
      });
    });

    it('has the age of the oldest unclaimed ticket of both lanes', async () => {
      const harness = await open();
      await harness.accept({ id: 'old' });
      await harness.advance(200);
      await harness.accept({ id: 'young', lane: 'urgent' });
      await harness.advance(100);
      expect((await harness.broker.queue.report()).oldest_age_ms).toBeGreaterThanOrEqual(300);
      await harness.broker.queue.claimById('old');
      const { oldest_age_ms } = await harness.broker.queue.report();
      expect(oldest_age_ms).toBeGreaterThanOrEqual(100);
      expect(oldest_age_ms).toBeLessThan(300);
    });

    it('counts a delayed ticket, at its full age', async () => {
      const harness = await open();
      const claim = await harness.claimed('old');
      await harness.advance(200);
      await harness.acceptInTurn(['young']);
      await harness.broker.queue.fail(claim, { code: 'timeout', message: 'Too slow', retryable: true });
      const { lanes, oldest_age_ms } = await harness.broker.queue.report();
      expect(lanes).toEqual({ urgent: 0, normal: 2 });
      expect(oldest_age_ms).toBeGreaterThanOrEqual(200);
    });
  });
}
