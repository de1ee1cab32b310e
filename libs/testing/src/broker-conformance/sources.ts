import type { TicketSource } from '@smart-support/contracts';
import { aDecision, aNewTicket } from '../fixtures';
import { RETRY_DUE_MS } from './broker-under-test';
import { only, type OpenHarness, type BrokerHarness } from './broker-harness';

const SOURCE: TicketSource = { key: 'web', domain: 'shop' };

/** The API key of a ticket. */
export function describeSources(open: OpenHarness): void {
  describe('the API key and the trust domain of a ticket', () => {
    const sourceOf = async (harness: BrokerHarness, id: string) => (await harness.record(id)).source;

    it('are known to its worker, and remain when it is committed and completed', async () => {
      const harness = await open();
      await harness.agent('ann');
      const accepted = await harness.accept({ id: 'shop~a', source: SOURCE });
      expect(accepted).toMatchObject({ outcome: 'accepted', record: { source: SOURCE } });
      expect(await harness.accept({ id: 'shop~a', source: SOURCE })).toEqual({ ...accepted, outcome: 'repeated' });
      const claim = only(await harness.broker.queue.claim(1));
      expect(claim.record.source).toEqual(SOURCE);
      expect((await harness.broker.tickets.commit(claim, aDecision())).source).toEqual(SOURCE);
      expect(await sourceOf(harness, 'shop~a')).toEqual(SOURCE);
      expect((await harness.broker.tickets.complete('shop~a', {})).source).toEqual(SOURCE);
      expect(await sourceOf(harness, 'shop~a')).toEqual(SOURCE);
    });

    it('remain through a failure, the dead letters and a retry', async () => {
      const harness = await open();
      await harness.accept({ id: 'a', source: SOURCE });
      const error = { code: 'poison', message: 'It broke', retryable: true };
      await harness.broker.queue.fail(only(await harness.broker.queue.claim(1)), error);
      await harness.advance(RETRY_DUE_MS);
      const again = only(await harness.broker.queue.claim(1));
      expect(again.record.source).toEqual(SOURCE);
      await harness.broker.queue.fail(again, { ...error, retryable: false });
      expect(await sourceOf(harness, 'a')).toEqual(SOURCE);
      expect((await harness.broker.deadLetters.retry('a')).source).toEqual(SOURCE);
      expect((await harness.broker.queue.claimById('a'))?.record.source).toEqual(SOURCE);
    });

    it('are separate: one key has the unnamed trust domain, another names its own', async () => {
      const harness = await open();
      const sources = [
        { key: 'desk', domain: '' },
        { key: 'a.b', domain: 'a.b' },
        { key: '-_', domain: '__proto__' },
      ];
      for (const [index, source] of sources.entries()) await harness.accept({ id: `t${index}`, source });
      const claims = await harness.broker.queue.claim(10);
      expect(claims.map(({ record }) => record.source)).toEqual(sources);
    });

    it('are none if callers need no key', async () => {
      const harness = await open();
      await harness.accept({ id: 'a' });
      expect(only(await harness.broker.queue.claim(1)).record.source).toBeNull();
      expect(await sourceOf(harness, 'a')).toBeNull();
    });
  });

  describe('a share of the queue', () => {
    const OTHER: TicketSource = { key: 'mail', domain: 'mail' };
    const FULL = { outcome: 'full', reason: 'share' };
    const outcomeOf = async (harness: BrokerHarness, id: string, source?: TicketSource) =>
      (await harness.accept({ id, ...(source && { source }) })).outcome;

    it('is all that one trust domain may fill; others, and tickets without a key, still find space', async () => {
      const harness = await open({ queueMax: 5, queueShare: 0.5 });
      const results = await harness.broker.queue.accept(
        ['a', 'b', 'c', 'a'].map((id, index) =>
          aNewTicket({ id, source: { key: `k${index}`, domain: 'shop' }, idempotency_key: `of-${id}` }),
        ),
      );
      expect(results.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted', 'full', 'repeated']);
      expect(results[2]).toEqual(FULL);
      expect(await harness.broker.tickets.get('c')).toBeUndefined();
      expect(await harness.accept({ id: 'd', source: SOURCE, duplicate_key: 'twice' })).toEqual(FULL);
      expect(await outcomeOf(harness, 'e', OTHER)).toBe('accepted');
      expect(await harness.accept({ id: 'f', duplicate_key: 'twice' })).toMatchObject({ outcome: 'accepted' });
      expect(await outcomeOf(harness, 'g')).toBe('accepted');
      expect(await harness.accept({ id: 'h' })).toEqual({ outcome: 'full' });
    });

    it('counts tickets in process, in line and with an agent, and has space again when one is completed or dies', async () => {
      const harness = await open({ queueMax: 6, queueShare: 0.5 });
      await harness.agent('ann', { capacity: 1 });
      for (const id of ['with-agent', 'in-line', 'in-work']) await harness.accept({ id, source: SOURCE });
      for (const id of ['with-agent', 'in-line']) {
        await harness.broker.tickets.commit((await harness.broker.queue.claimById(id))!, aDecision());
      }
      const inWork = (await harness.broker.queue.claimById('in-work'))!;
      expect(await harness.accept({ id: 'd', source: SOURCE })).toEqual(FULL);
      await harness.broker.tickets.complete('with-agent', {});
      expect(await outcomeOf(harness, 'd', SOURCE)).toBe('accepted');
      await harness.broker.queue.fail(inWork, { code: 'poison', message: 'It broke', retryable: false });
      expect(await outcomeOf(harness, 'e', SOURCE)).toBe('accepted');
      expect(await outcomeOf(harness, 'f', SOURCE)).toBe('full');
      await harness.broker.deadLetters.retry('in-work');
      await harness.broker.tickets.complete('in-line', {});
      expect(await outcomeOf(harness, 'f', SOURCE)).toBe('full');
    });

    it('has space again when an incident completes its suppressed tickets', async () => {
      const harness = await open({ queueMax: 10, queueShare: 0.5 });
      for (const id of ['a', 'b', 'c', 'd', 'e']) await harness.accept({ id, source: SOURCE });
      for (const id of ['a', 'b', 'c', 'd', 'e']) {
        await harness.commitAsJudged((await harness.broker.queue.claimById(id))!);
      }
      expect(await outcomeOf(harness, 'f', SOURCE)).toBe('full');
      const [incident] = (await harness.broker.incidents.list()).incidents;
      await harness.broker.incidents.resolve(incident!.id);
      expect(await harness.status('d')).toBe('completed');
      expect(await outcomeOf(harness, 'f', SOURCE)).toBe('accepted');
    });

    it('is one of the bytes, too: long tickets of one trust domain leave space for others, and have space again when one is completed', async () => {
      const ofAll = 100_000_000;
      const harness = await open({
        queueMax: 1_000_000,
        memoryMaxBytes: ofAll,
        redisMaxBytes: ofAll,
        queueShare: 0.001,
      });
      await harness.agent('ann', { capacity: 9 });
      const long = (id: string, source: TicketSource) => aNewTicket({ id, source, text: 'x'.repeat(20_000) });
      const results = await harness.broker.queue.accept(['a', 'b', 'c', 'd', 'e'].map((id) => long(id, SOURCE)));
      expect(results.slice(3)).toEqual([FULL, FULL]);
      expect(results.slice(0, 3).map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted', 'accepted']);
      expect((await harness.broker.queue.accept([long('a', SOURCE)]))[0]?.outcome).toBe('repeated');
      expect((await harness.broker.queue.accept([long('f', OTHER)]))[0]?.outcome).toBe('accepted');
      await harness.broker.tickets.commit((await harness.broker.queue.claimById('a'))!, aDecision());
      await harness.broker.tickets.complete('a', {});
      expect((await harness.broker.queue.accept([long('d', SOURCE)]))[0]?.outcome).toBe('accepted');
      expect((await harness.broker.queue.accept([long('e', SOURCE)]))[0]).toEqual(FULL);
    });

    it('is one ticket at least', async () => {
      const harness = await open({ queueMax: 1, queueShare: 0.1 });
      expect(await outcomeOf(harness, 'a', SOURCE)).toBe('accepted');
    });
  });
}
