import { aDecision, aNewTicket } from '../fixtures';
import { only, type OpenScene, type Scene } from './scene';

/** How tickets come in. */
export function describeAccepting(open: OpenScene): void {
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
          urgency_score: null,
          model: null,
          degraded: false,
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
      });
    });

    it('dates a ticket by its own clock', async () => {
      const scene = await open();
      await scene.acceptInTurn(['a']);
      await scene.advance(20);
      await scene.acceptInTurn(['b']);
      const [a, b] = [await scene.record('a'), await scene.record('b')];
      expect(Date.parse(b.ticket.received_at) - Date.parse(a.ticket.received_at)).toBeGreaterThanOrEqual(20);
    });

    it('answers a repeated ticket with the first one and queues it once', async () => {
      const scene = await open();
      await scene.acceptInTurn(['a']);
      const first = await scene.record('a');
      expect(await scene.accept({ id: 'a' })).toEqual({ outcome: 'repeated', record: first });
      expect(await scene.claimIds(10)).toEqual(['a']);
    });

    it('takes line ends of another system and trailing white space for the same text and subject', async () => {
      const scene = await open();
      await scene.accept({ id: 'a', text: 'One\nTwo', input: { subject: 'Three' } });
      const first = await scene.record('a');
      for (const text of ['One\r\nTwo', 'One\rTwo', 'One \t\nTwo', 'One\nTwo\r\n', 'One\nTwo  ']) {
        for (const subject of ['Three', 'Three \r\n']) {
          const result = await scene.accept({ id: 'a', text, input: { subject } });
          expect(result).toEqual({ outcome: 'repeated', record: first });
        }
      }
    });

    it('takes no subject and an empty one for the same', async () => {
      const scene = await open();
      await scene.accept({ id: 'a' });
      for (const subject of ['', null, ' ']) {
        expect((await scene.accept({ id: 'a', input: { subject } })).outcome).toBe('repeated');
      }
    });

    it('refuses another subject under a known id and keeps the first', async () => {
      const scene = await open();
      await scene.accept({ id: 'a', input: { subject: 'Seats' } });
      for (const subject of ['seats', 'Chairs', ' Seats', null]) {
        expect(await scene.accept({ id: 'a', input: { subject } })).toEqual({ outcome: 'conflict', ticket_id: 'a' });
      }
      expect((await scene.record('a')).ticket.subject).toBe('Seats');
    });

    it('does not mind who sends a ticket again', async () => {
      const scene = await open();
      await scene.accept({ id: 'a', input: { requester: 'kim@example.com' } });
      expect((await scene.accept({ id: 'a', input: { requester: 'ann@example.com' } })).outcome).toBe('repeated');
    });

    it('shows a requester as it was written, without white space around it, and none for an empty one', async () => {
      const scene = await open();
      const shown: (string | null)[] = [];
      for (const requester of [' Kim Li <Kim@Example.com>\n', '', ' ', null]) {
        const id = `t${shown.length}`;
        await scene.accept({ id, input: { requester } });
        shown.push((await scene.record(id)).ticket.requester);
      }
      expect(shown).toEqual(['Kim Li <Kim@Example.com>', null, null, null]);
    });

    it('refuses another text under a known id and keeps the first', async () => {
      const scene = await open();
      await scene.accept({ id: 'a', text: 'The first text' });
      for (const text of ['The  first text', ' The first text', 'the first text', 'Something else']) {
        expect(await scene.accept({ id: 'a', text })).toEqual({ outcome: 'conflict', ticket_id: 'a' });
      }
      expect((await scene.record('a')).ticket.text).toBe('The first text');
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

    it('answers an empty batch with nothing', async () => {
      const { broker } = await open();
      expect(await broker.queue.accept([])).toEqual([]);
    });

    it('answers a repeat with the ticket as it stands now', async () => {
      const scene = await open();
      await scene.agent('ann');
      await scene.committed('a');
      await scene.broker.tickets.complete('a', {});
      expect(await scene.accept({ id: 'a' })).toEqual({ outcome: 'repeated', record: await scene.record('a') });
      expect(await scene.claimIds(10)).toEqual([]);
    });

    it('keeps every character of a long and odd text', async () => {
      const scene = await open();
      const text = `${'🧨'.repeat(8000)}\u0000\u2028\r\n"\\ \uFFFD {tag} ${'long '.repeat(5000)}`;
      await scene.accept({ id: 'a', text });
      expect((await scene.record('a')).ticket.text).toBe(text);
      expect((await scene.accept({ id: 'a', text })).outcome).toBe('repeated');
      expect((await scene.accept({ id: 'a', text: `${text}.` })).outcome).toBe('conflict');
    });

    it('is not confused by ids and keys that name parts of JavaScript', async () => {
      const scene = await open();
      const ids = ['constructor', 'toString', 'hasOwnProperty', 'valueOf', 'then', 'length', '0'];
      expect(await scene.broker.tickets.get('__proto__')).toBeUndefined();
      expect(await scene.broker.queue.claimById('constructor')).toBeUndefined();
      await scene.acceptInTurn(ids);
      for (const idempotency_key of ['__proto__', 'constructor']) {
        expect((await scene.accept({ id: `of-${idempotency_key}`, idempotency_key })).outcome).toBe('accepted');
      }
      expect(await scene.claimIds(20)).toEqual([...ids, 'of-__proto__', 'of-constructor']);
    });
  });

  describe('an idempotency key', () => {
    it('names the ticket it came with', async () => {
      const scene = await open();
      await scene.accept({ id: 'a', text: 'x', idempotency_key: 'k' });
      const repeat = await scene.accept({ id: 'b', text: 'x', idempotency_key: 'k' });
      expect(repeat).toEqual({ outcome: 'repeated', record: await scene.record('a') });
      expect(await scene.broker.tickets.get('b')).toBeUndefined();
    });

    it('refuses another text and names the ticket it belongs to', async () => {
      const scene = await open();
      await scene.accept({ id: 'a', text: 'x', idempotency_key: 'k' });
      expect(await scene.accept({ id: 'b', text: 'y', idempotency_key: 'k' })).toEqual({
        outcome: 'conflict',
        ticket_id: 'a',
      });
    });

    it('means nothing where the client gave an id', async () => {
      const scene = await open();
      await scene.accept({ id: 'a', text: 'x', idempotency_key: 'k', input: { id: 'a' } });
      expect((await scene.accept({ id: 'b', text: 'y', idempotency_key: 'k' })).outcome).toBe('accepted');
      expect((await scene.accept({ id: 'c', text: 'z', idempotency_key: 'k', input: { id: 'c' } })).outcome).toBe(
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

    it('is free again once its ticket is forgotten', async () => {
      const scene = await open();
      await scene.accept({ id: 'a', text: 'x', idempotency_key: 'k' });
      const [claim] = await scene.broker.queue.claim(1);
      await scene.broker.queue.fail(claim!, { code: 'poison', message: 'It broke', retryable: false });
      await scene.broker.deadLetters.remove('a');
      await scene.accept({ id: 'a', text: 'Another ticket under the same id', input: { id: 'a' } });
      expect((await scene.accept({ id: 'b', text: 'y', idempotency_key: 'k' })).outcome).toBe('accepted');
    });
  });

  describe('the same ticket twice, without a name of its own', () => {
    const twice = (id: string, more: Parameters<Scene['accept']>[0] = {}): Parameters<Scene['accept']>[0] => ({
      id,
      text: 'Save failed',
      input: { subject: 'Help', requester: 'kim@example.com' },
      duplicate_key: 'kim says help',
      ...more,
    });

    it('is one ticket, and the second offer is answered with the first', async () => {
      const scene = await open();
      expect((await scene.accept(twice('a'))).outcome).toBe('accepted');
      const first = await scene.record('a');
      for (const id of ['b', 'c']) {
        expect(await scene.accept(twice(id))).toEqual({ outcome: 'repeated', record: first });
        expect(await scene.broker.tickets.get(id)).toBeUndefined();
      }
      expect(await scene.claimIds(10)).toEqual(['a']);
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

    it('is answered with the first as it stands now', async () => {
      const scene = await open();
      await scene.agent('ann');
      await scene.accept(twice('a'));
      await scene.broker.tickets.commit(only(await scene.broker.queue.claim(1)), aDecision());
      expect(await scene.accept(twice('b'))).toEqual({ outcome: 'repeated', record: await scene.record('a') });
    });

    it('is two tickets after the time for that, and the second one counts from then on', async () => {
      const scene = await open({ duplicateMs: 40 });
      await scene.accept(twice('a'));
      await scene.advance(60);
      expect((await scene.accept(twice('b'))).outcome).toBe('accepted');
      await scene.advance(60);
      expect((await scene.accept(twice('c'))).outcome).toBe('accepted');
    });

    it('is two tickets where duplicates are not looked for', async () => {
      const scene = await open({ duplicateMs: 0 });
      for (const id of ['a', 'b']) expect((await scene.accept(twice(id))).outcome).toBe('accepted');
    });

    it('is two tickets where a client gave one of them an id or a key', async () => {
      const scene = await open();
      const offers = [
        twice('a', { input: { id: 'a' } }),
        twice('b', { idempotency_key: 'k' }),
        twice('c'),
        twice('d', { input: { id: 'd' } }),
        twice('e', { idempotency_key: 'l' }),
      ];
      for (const offer of offers) expect((await scene.accept(offer)).outcome).toBe('accepted');
      expect((await scene.accept(twice('f'))).outcome).toBe('repeated');
    });

    it('does not mean tickets without such a key', async () => {
      const scene = await open();
      for (const id of ['a', 'b']) {
        expect((await scene.accept({ id, text: 'Save failed' })).outcome).toBe('accepted');
      }
    });

    it('is a new ticket when the first one was refused or is forgotten', async () => {
      const scene = await open({ queueMax: 1 });
      await scene.accept({ id: 'in-the-way' });
      expect((await scene.accept(twice('a'))).outcome).toBe('full');
      const [claim] = await scene.broker.queue.claim(1);
      await scene.broker.queue.fail(claim!, { code: 'poison', message: 'It broke', retryable: false });
      expect((await scene.accept(twice('b'))).outcome).toBe('accepted');
      const b = await scene.broker.queue.claimById('b');
      await scene.broker.queue.fail(b!, { code: 'poison', message: 'It broke', retryable: false });
      await scene.broker.deadLetters.remove('b');
      expect((await scene.accept(twice('c'))).outcome).toBe('accepted');
      expect(await scene.accept(twice('d'))).toEqual({ outcome: 'repeated', record: await scene.record('c') });
    });
  });

  describe('a full queue', () => {
    it('refuses new tickets, still knows the old ones, and leaves no trace of those it refused', async () => {
      const scene = await open({ queueMax: 2 });
      const results = await scene.broker.queue.accept(['a', 'b', 'c', 'a'].map((id) => aNewTicket({ id })));
      expect(results.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted', 'full', 'repeated']);
      expect(await scene.accept({ id: 'd', idempotency_key: 'k' })).toEqual({ outcome: 'full' });
      expect(await scene.broker.tickets.get('c')).toBeUndefined();
      expect(await scene.claimIds(10)).toEqual(['a', 'b']);
    });

    it('says so by name where it has no space for the bytes of a new one, and leaves no trace of it', async () => {
      const scene = await open({ memoryMaxBytes: 1, redisMaxBytes: 1 });
      const refusal = { outcome: 'full', reason: 'bytes' };
      expect(await scene.accept({ id: 'a', idempotency_key: 'k' })).toEqual(refusal);
      expect(await scene.accept({ id: 'b', duplicate_key: 'd' })).toEqual(refusal);
      expect(await scene.broker.tickets.get('a')).toBeUndefined();
      expect(await scene.claimIds(10)).toEqual([]);
    });

    it('counts tickets in work, in line and with an agent', async () => {
      const scene = await open({ queueMax: 3 });
      await scene.agent('ann', { capacity: 1 });
      await scene.committed('with-agent');
      await scene.committed('in-line');
      await scene.claimed('in-work');
      expect(await scene.accept({ id: 'd' })).toEqual({ outcome: 'full' });
    });

    it('has room again when a ticket is completed or dies', async () => {
      const scene = await open({ queueMax: 1 });
      await scene.agent('ann');
      await scene.committed('a');
      await scene.broker.tickets.complete('a', {});
      await scene.dead('b');
      expect((await scene.accept({ id: 'c' })).outcome).toBe('accepted');
      expect((await scene.accept({ id: 'd' })).outcome).toBe('full');
    });

    it('takes a dead letter back even so', async () => {
      const scene = await open({ queueMax: 1 });
      await scene.dead('a');
      await scene.accept({ id: 'b' });
      await scene.broker.deadLetters.retry('a');
      expect(await scene.claimIds(10)).toEqual(['b', 'a']);
      expect((await scene.accept({ id: 'c' })).outcome).toBe('full');
    });
  });
}
