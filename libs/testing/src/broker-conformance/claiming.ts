import { expectRefusal, only, type OpenScene } from './scene';

const ids = (start: string, count: number): string[] => Array.from({ length: count }, (_, index) => `${start}${index}`);

/** How workers take tickets, and hand them back untouched. */
export function describeClaiming(open: OpenScene): void {
  describe('claiming tickets', () => {
    it('takes a ticket in work and counts the attempt', async () => {
      const scene = await open();
      await scene.acceptInTurn(['a']);
      const claim = only(await scene.broker.queue.claim(1));
      expect(claim.record.ticket).toMatchObject({ id: 'a', status: 'processing', attempts: 1 });
      expect(claim.record).toEqual(await scene.record('a'));
    });

    it('serves a lane in order of arrival, as many as asked for, and nobody twice', async () => {
      const scene = await open();
      await scene.acceptInTurn(['a', 'b', 'c', 'd']);
      expect(await scene.claimIds(0)).toEqual([]);
      expect(await scene.claimIds(1)).toEqual(['a']);
      expect(await scene.claimIds(2)).toEqual(['b', 'c']);
      expect(await scene.claimIds(5)).toEqual(['d']);
      expect(await scene.claimIds(5)).toEqual([]);
    });

    it('gives several workers at once different tickets and tokens', async () => {
      const scene = await open();
      await scene.acceptInTurn(ids('t', 12));
      const claims = (await Promise.all([1, 2, 3, 4].map(() => scene.broker.queue.claim(3)))).flat();
      expect(new Set(claims.map(({ record }) => record.ticket.id)).size).toBe(12);
      expect(new Set(claims.map(({ token }) => token)).size).toBe(12);
    });

    it('takes urgent tickets first', async () => {
      const scene = await open();
      await scene.acceptInTurn(['n0', 'n1']);
      await scene.acceptInTurn(['u0', 'u1'], 'urgent');
      expect(await scene.claimIds(4)).toEqual(['u0', 'u1', 'n0', 'n1']);
    });

    it.each([
      ['in one call', [20]],
      ['over many calls', Array.from({ length: 20 }, () => 1)],
    ])('lets a normal ticket go first after seven urgent ones in a row, %s', async (_name, limits) => {
      const scene = await open();
      await scene.acceptInTurn(ids('n', 3));
      await scene.acceptInTurn(ids('u', 16), 'urgent');
      const order: string[] = [];
      for (const limit of limits) order.push(...(await scene.claimIds(limit)));
      const urgent = ids('u', 16);
      expect(order).toEqual([...urgent.slice(0, 7), 'n0', ...urgent.slice(7, 14), 'n1', ...urgent.slice(14), 'n2']);
    });

    it('takes one particular ticket if it is queued', async () => {
      const scene = await open();
      await scene.acceptInTurn(['a', 'b', 'c']);
      expect((await scene.broker.queue.claimById('b'))?.record.ticket).toMatchObject({ id: 'b', attempts: 1 });
      expect(await scene.broker.queue.claimById('b')).toBeUndefined();
      expect(await scene.broker.queue.claimById('unknown')).toBeUndefined();
      expect(await scene.claimIds(5)).toEqual(['a', 'c']);
    });

    it('makes a new token for every claim of the same ticket', async () => {
      const scene = await open();
      const first = await scene.claimed('a');
      await scene.broker.queue.requeue(first);
      const second = only(await scene.broker.queue.claim(1));
      expect(second.token).not.toBe(first.token);
    });
  });

  describe('releasing a ticket', () => {
    it('puts it in front of its lane as if it had not been touched', async () => {
      const scene = await open();
      await scene.acceptInTurn(['a', 'b', 'c']);
      const before = await scene.record('a');
      const claim = only(await scene.broker.queue.claim(1));
      await scene.broker.queue.requeue(claim);
      expect(await scene.record('a')).toEqual(before);
      expect(await scene.claimIds(5)).toEqual(['a', 'b', 'c']);
    });

    it('counts neither as an error nor as a stall', async () => {
      const scene = await open({ maxAttempts: 1, maxStalls: 0 });
      await scene.accept({ id: 'a' });
      for (let round = 0; round < 5; round += 1) {
        await scene.broker.queue.requeue(only(await scene.broker.queue.claim(1)));
      }
      expect((await scene.record('a')).ticket).toMatchObject({ status: 'queued', attempts: 0 });
    });

    it('ends the claim', async () => {
      const scene = await open();
      const claim = await scene.claimed('a');
      await scene.broker.queue.requeue(claim);
      await expectRefusal(scene.broker.queue.requeue(claim), 'lease_lost');
      expect(await scene.broker.queue.heartbeat([claim])).toEqual(['a']);
    });
  });

  describe('the report', () => {
    it('says how much is where', async () => {
      const scene = await open();
      await scene.agent('ann', { skills: { Legal: 1 }, capacity: 1 });
      await scene.committed('with-agent', { category: 'Legal' });
      await scene.committed('l', { category: 'Legal' });
      await scene.committed('b1', { category: 'Billing' });
      await scene.committed('b2', { category: 'Billing' });
      await scene.claimed('in-work');
      await scene.dead('dead');
      await scene.acceptInTurn(['u1', 'u2', 'u3'], 'urgent');
      await scene.acceptInTurn(['n1', 'n2']);
      expect(await scene.broker.queue.report()).toEqual({
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

    it('gives the age of the oldest ticket of both lanes that nobody has in work', async () => {
      const scene = await open();
      await scene.accept({ id: 'old' });
      await scene.advance(200);
      await scene.accept({ id: 'young', lane: 'urgent' });
      await scene.advance(100);
      expect((await scene.broker.queue.report()).oldest_age_ms).toBeGreaterThanOrEqual(300);
      await scene.broker.queue.claimById('old');
      const { oldest_age_ms } = await scene.broker.queue.report();
      expect(oldest_age_ms).toBeGreaterThanOrEqual(100);
      expect(oldest_age_ms).toBeLessThan(300);
    });

    it('counts a ticket that rests before its retry, at its full age', async () => {
      const scene = await open();
      const claim = await scene.claimed('old');
      await scene.advance(200);
      await scene.acceptInTurn(['young']);
      await scene.broker.queue.fail(claim, { code: 'timeout', message: 'Too slow', retryable: true });
      const { lanes, oldest_age_ms } = await scene.broker.queue.report();
      expect(lanes).toEqual({ urgent: 0, normal: 2 });
      expect(oldest_age_ms).toBeGreaterThanOrEqual(200);
    });
  });
}
