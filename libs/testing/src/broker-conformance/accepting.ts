import { aDecision, aNewTicket } from '../fixtures';
import { only, type OpenHarness, type BrokerHarness } from './broker-harness';

/** Offers of tickets. */
export function describeAccepting(open: OpenHarness): void {
  describe('accepting tickets', () => {
    it('queues a new ticket as the client sent it', async () => {
      const { broker } = await open();
      const input = {
        subject: 'Seats',
        requester: 'kim@example.com',
        channel: 'mail',
        reported_at: '2029-12-31T23:00:00+01:00',
        metadata: { constructor: 'x', plan: 3, trial: false, region: null },
      };
      const offer = aNewTicket({ id: 'a', text: 'One seat too many', lane: 'urgent', lane_urgency: 0.7, input });
      const result = only(await broker.queue.accept([offer]));
      const record = await broker.tickets.get('a');
      expect(result).toEqual({ outcome: 'accepted', record });
      expect(record).toEqual({
        ticket: {
          id: 'a',
          text: 'One seat too many',
          subject: 'Seats',
          requester: 'kim@example.com',
          status: 'queued',
          category: null,
          confidence: null,
          needs_review: false,
          review_reasons: [],
          urgency_score: null,
          model: null,
          degraded: false,
          language: null,
          automated: false,
          is_duplicate: false,
          master_incident_id: null,
          assigned_agent: null,
          received_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
          reported_at: '2029-12-31T23:00:00+01:00',
          completed_at: null,
          resolution: null,
          attempts: 0,
        },
        explanation: {
          ticket_id: 'a',
          lane: { name: 'urgent', urgency_score: 0.7 },
          category: null,
          urgency: null,
          breaker: { state: 'closed', reason: null },
          models: [],
          truncated: false,
          incident: null,
          storm_exclusion: null,
          assignment: null,
          corrections: null,
          timings: {},
        },
        channel: 'mail',
        metadata: input.metadata,
        source: null,
        history: [],
      });
    });

    it('dates a ticket by its own clock', async () => {
      const harness = await open();
      await harness.acceptInTurn(['a']);
      await harness.advance(20);
      await harness.acceptInTurn(['b']);
      const [a, b] = [await harness.record('a'), await harness.record('b')];
      expect(Date.parse(b.ticket.received_at) - Date.parse(a.ticket.received_at)).toBeGreaterThanOrEqual(20);
    });

    it('returns the first ticket for a repeat and queues it once', async () => {
      const harness = await open();
      await harness.acceptInTurn(['a']);
      const first = await harness.record('a');
      expect(await harness.accept({ id: 'a' })).toEqual({ outcome: 'repeated', record: first });
      expect(await harness.claimIds(10)).toEqual(['a']);
    });

    it('treats other line ends and trailing white space as the same text and subject', async () => {
      const harness = await open();
      await harness.accept({ id: 'a', text: 'One\nTwo', input: { subject: 'Three' } });
      const first = await harness.record('a');
      for (const text of ['One\r\nTwo', 'One\rTwo', 'One \t\nTwo', 'One\nTwo\r\n', 'One\nTwo  ']) {
        for (const subject of ['Three', 'Three \r\n']) {
          const result = await harness.accept({ id: 'a', text, input: { subject } });
          expect(result).toEqual({ outcome: 'repeated', record: first });
        }
      }
    });

    it('treats no subject and an empty one as the same', async () => {
      const harness = await open();
      await harness.accept({ id: 'a' });
      for (const subject of ['', null, ' ']) {
        expect((await harness.accept({ id: 'a', input: { subject } })).outcome).toBe('repeated');
      }
    });

    it('refuses another subject under a known id and keeps the first', async () => {
      const harness = await open();
      await harness.accept({ id: 'a', input: { subject: 'Seats' } });
      for (const subject of ['seats', 'Chairs', ' Seats', null]) {
        expect(await harness.accept({ id: 'a', input: { subject } })).toEqual({ outcome: 'conflict', ticket_id: 'a' });
      }
      expect((await harness.record('a')).ticket.subject).toBe('Seats');
    });

    it('accepts a repeat by another requester', async () => {
      const harness = await open();
      await harness.accept({ id: 'a', input: { requester: 'kim@example.com' } });
      expect((await harness.accept({ id: 'a', input: { requester: 'ann@example.com' } })).outcome).toBe('repeated');
    });

    it('shows a requester as it was written, without white space around it, and none for an empty one', async () => {
      const harness = await open();
      const shown: (string | null)[] = [];
      for (const requester of [' Kim Li <Kim@Example.com>\n', '', ' ', null]) {
        const id = `t${shown.length}`;
        await harness.accept({ id, input: { requester } });
        shown.push((await harness.record(id)).ticket.requester);
      }
      expect(shown).toEqual(['Kim Li <Kim@Example.com>', null, null, null]);
    });

    it('refuses another text under a known id and keeps the first', async () => {
      const harness = await open();
      await harness.accept({ id: 'a', text: 'The first text' });
      for (const text of ['The  first text', ' The first text', 'the first text', 'Something else']) {
        expect(await harness.accept({ id: 'a', text })).toEqual({ outcome: 'conflict', ticket_id: 'a' });
      }
      expect((await harness.record('a')).ticket.text).toBe('The first text');
    });

    it('treats repeats within one batch as if they came one after the other', async () => {
      const { broker } = await open();
      const results = await broker.queue.accept([
        aNewTicket({ id: 'a', text: 'x' }),
        aNewTicket({ id: 'a', text: 'x' }),
        aNewTicket({ id: 'a', text: 'y' }),
        aNewTicket({ id: 'b', text: 'x' }),
      ]);
      expect(results.map(({ outcome }) => outcome)).toEqual(['accepted', 'repeated', 'conflict', 'accepted']);
    });

    it('returns nothing for an empty batch', async () => {
      const { broker } = await open();
      expect(await broker.queue.accept([])).toEqual([]);
    });

    it('returns the current ticket for a repeat', async () => {
      const harness = await open();
      await harness.agent('ann');
      await harness.committed('a');
      await harness.broker.tickets.complete('a', {});
      expect(await harness.accept({ id: 'a' })).toEqual({ outcome: 'repeated', record: await harness.record('a') });
      expect(await harness.claimIds(10)).toEqual([]);
    });

    it('keeps every character of a long and odd text', async () => {
      const harness = await open();
      const text = `${'🧨'.repeat(8000)}\u0000\u2028\r\n"\\ \uFFFD {tag} ${'long '.repeat(5000)}`;
      await harness.accept({ id: 'a', text });
      expect((await harness.record('a')).ticket.text).toBe(text);
      expect((await harness.accept({ id: 'a', text })).outcome).toBe('repeated');
      expect((await harness.accept({ id: 'a', text: `${text}.` })).outcome).toBe('conflict');
    });

    it('accepts ids and keys that are names of JavaScript', async () => {
      const harness = await open();
      const ids = ['constructor', 'toString', 'hasOwnProperty', 'valueOf', 'then', 'length', '0'];
      expect(await harness.broker.tickets.get('__proto__')).toBeUndefined();
      expect(await harness.broker.queue.claimById('constructor')).toBeUndefined();
      await harness.acceptInTurn(ids);
      for (const idempotency_key of ['__proto__', 'constructor']) {
        expect((await harness.accept({ id: `of-${idempotency_key}`, idempotency_key })).outcome).toBe('accepted');
      }
      expect(await harness.claimIds(20)).toEqual([...ids, 'of-__proto__', 'of-constructor']);
    });
  });

  describe('an idempotency key', () => {
    it('identifies the ticket it came with', async () => {
      const harness = await open();
      await harness.accept({ id: 'a', text: 'x', idempotency_key: 'k' });
      const repeat = await harness.accept({ id: 'b', text: 'x', idempotency_key: 'k' });
      expect(repeat).toEqual({ outcome: 'repeated', record: await harness.record('a') });
      expect(await harness.broker.tickets.get('b')).toBeUndefined();
    });

    it('refuses another text and returns the id of its ticket', async () => {
      const harness = await open();
      await harness.accept({ id: 'a', text: 'x', idempotency_key: 'k' });
      expect(await harness.accept({ id: 'b', text: 'y', idempotency_key: 'k' })).toEqual({
        outcome: 'conflict',
        ticket_id: 'a',
      });
    });

    it('has no effect if the client gave an id', async () => {
      const harness = await open();
      await harness.accept({ id: 'a', text: 'x', idempotency_key: 'k', input: { id: 'a' } });
      expect((await harness.accept({ id: 'b', text: 'y', idempotency_key: 'k' })).outcome).toBe('accepted');
      expect((await harness.accept({ id: 'c', text: 'z', idempotency_key: 'k', input: { id: 'c' } })).outcome).toBe(
        'accepted',
      );
    });

    it('works within one batch', async () => {
      const { broker } = await open();
      const results = await broker.queue.accept([
        aNewTicket({ id: 'a', text: 'x', idempotency_key: 'k' }),
        aNewTicket({ id: 'b', text: 'x', idempotency_key: 'k' }),
      ]);
      expect(results.map(({ outcome }) => outcome)).toEqual(['accepted', 'repeated']);
    });

    it('is free again once its ticket is dropped', async () => {
      const harness = await open();
      await harness.accept({ id: 'a', text: 'x', idempotency_key: 'k' });
      const [claim] = await harness.broker.queue.claim(1);
      await harness.broker.queue.fail(claim!, { code: 'poison', message: 'It broke', retryable: false });
      await harness.broker.deadLetters.remove('a');
      await harness.accept({ id: 'a', text: 'Another ticket under the same id', input: { id: 'a' } });
      expect((await harness.accept({ id: 'b', text: 'y', idempotency_key: 'k' })).outcome).toBe('accepted');
    });
  });

  describe('a duplicate without id and key', () => {
    const twice = (
      id: string,
      more: Parameters<BrokerHarness['accept']>[0] = {},
    ): Parameters<BrokerHarness['accept']>[0] => ({
      id,
      text: 'Save failed',
      input: { subject: 'Help', requester: 'kim@example.com' },
      duplicate_key: 'kim says help',
      ...more,
    });

    it('is one ticket, and the second offer returns the first', async () => {
      const harness = await open();
      expect((await harness.accept(twice('a'))).outcome).toBe('accepted');
      const first = await harness.record('a');
      for (const id of ['b', 'c']) {
        expect(await harness.accept(twice(id))).toEqual({ outcome: 'repeated', record: first });
        expect(await harness.broker.tickets.get(id)).toBeUndefined();
      }
      expect(await harness.claimIds(10)).toEqual(['a']);
    });

    it('is one ticket also within one batch, and also while the queue is full', async () => {
      const { broker } = await open({ queueMax: 1 });
      const results = await broker.queue.accept([
        aNewTicket(twice('a')),
        aNewTicket(twice('b')),
        aNewTicket(twice('c', { duplicate_key: 'ann says help' })),
      ]);
      expect(results.map(({ outcome }) => outcome)).toEqual(['accepted', 'repeated', 'full']);
    });

    it('returns the current ticket', async () => {
      const harness = await open();
      await harness.agent('ann');
      await harness.accept(twice('a'));
      await harness.broker.tickets.commit(only(await harness.broker.queue.claim(1)), aDecision());
      expect(await harness.accept(twice('b'))).toEqual({ outcome: 'repeated', record: await harness.record('a') });
    });

    it('is two tickets after the duplicate time, and the second one counts from then on', async () => {
      const harness = await open({ duplicateMs: 40 });
      await harness.accept(twice('a'));
      await harness.advance(60);
      expect((await harness.accept(twice('b'))).outcome).toBe('accepted');
      await harness.advance(60);
      expect((await harness.accept(twice('c'))).outcome).toBe('accepted');
    });

    it('is two tickets if duplicates are not detected', async () => {
      const harness = await open({ duplicateMs: 0 });
      for (const id of ['a', 'b']) expect((await harness.accept(twice(id))).outcome).toBe('accepted');
    });

    it('is two tickets if one of them has an id or a key', async () => {
      const harness = await open();
      const offers = [
        twice('a', { input: { id: 'a' } }),
        twice('b', { idempotency_key: 'k' }),
        twice('c'),
        twice('d', { input: { id: 'd' } }),
        twice('e', { idempotency_key: 'l' }),
      ];
      for (const offer of offers) expect((await harness.accept(offer)).outcome).toBe('accepted');
      expect((await harness.accept(twice('f'))).outcome).toBe('repeated');
    });

    it('does not include tickets without a duplicate key', async () => {
      const harness = await open();
      for (const id of ['a', 'b']) {
        expect((await harness.accept({ id, text: 'Save failed' })).outcome).toBe('accepted');
      }
    });

    it('is a new ticket when the first one was refused or is dropped', async () => {
      const harness = await open({ queueMax: 1 });
      await harness.accept({ id: 'in-the-way' });
      expect((await harness.accept(twice('a'))).outcome).toBe('full');
      const [claim] = await harness.broker.queue.claim(1);
      await harness.broker.queue.fail(claim!, { code: 'poison', message: 'It broke', retryable: false });
      expect((await harness.accept(twice('b'))).outcome).toBe('accepted');
      const b = await harness.broker.queue.claimById('b');
      await harness.broker.queue.fail(b!, { code: 'poison', message: 'It broke', retryable: false });
      await harness.broker.deadLetters.remove('b');
      expect((await harness.accept(twice('c'))).outcome).toBe('accepted');
      expect(await harness.accept(twice('d'))).toEqual({ outcome: 'repeated', record: await harness.record('c') });
    });
  });

  describe('a full queue', () => {
    it('refuses new tickets, still knows the old ones, and keeps nothing of those it refused', async () => {
      const harness = await open({ queueMax: 2 });
      const results = await harness.broker.queue.accept(['a', 'b', 'c', 'a'].map((id) => aNewTicket({ id })));
      expect(results.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted', 'full', 'repeated']);
      expect(await harness.accept({ id: 'd', idempotency_key: 'k' })).toEqual({ outcome: 'full' });
      expect(await harness.broker.tickets.get('c')).toBeUndefined();
      expect(await harness.claimIds(10)).toEqual(['a', 'b']);
    });

    it('reports a lack of space for the bytes of a new ticket, and keeps nothing of it', async () => {
      const harness = await open({ memoryMaxBytes: 1, redisMaxBytes: 1 });
      const refusal = { outcome: 'full', reason: 'bytes' };
      expect(await harness.accept({ id: 'a', idempotency_key: 'k' })).toEqual(refusal);
      expect(await harness.accept({ id: 'b', duplicate_key: 'd' })).toEqual(refusal);
      expect(await harness.broker.tickets.get('a')).toBeUndefined();
      expect(await harness.claimIds(10)).toEqual([]);
    });

    it('counts tickets in process, in line and with an agent', async () => {
      const harness = await open({ queueMax: 3 });
      await harness.agent('ann', { capacity: 1 });
      await harness.committed('with-agent');
      await harness.committed('in-line');
      await harness.claimed('in-work');
      expect(await harness.accept({ id: 'd' })).toEqual({ outcome: 'full' });
    });

    it('has space again when a ticket is completed or dies', async () => {
      const harness = await open({ queueMax: 1 });
      await harness.agent('ann');
      await harness.committed('a');
      await harness.broker.tickets.complete('a', {});
      await harness.dead('b');
      expect((await harness.accept({ id: 'c' })).outcome).toBe('accepted');
      expect((await harness.accept({ id: 'd' })).outcome).toBe('full');
    });

    it('still retries a dead letter', async () => {
      const harness = await open({ queueMax: 1 });
      await harness.dead('a');
      await harness.accept({ id: 'b' });
      await harness.broker.deadLetters.retry('a');
      expect(await harness.claimIds(10)).toEqual(['b', 'a']);
      expect((await harness.accept({ id: 'c' })).outcome).toBe('full');
    });
  });
}
