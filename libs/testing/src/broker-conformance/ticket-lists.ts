import { TICKET_STATUSES, ticketQuerySchema, type TicketQuery } from '@smart-support/contracts';
import { aDecision } from '../fixtures';
import { expectRefusal, type BrokerHarness, type OpenHarness } from './broker-harness';

/** Fields of a query as a URL has them. */
type Asked = Readonly<Record<string, string | undefined>>;

const queryOf = (asked: Asked = {}): TicketQuery => ticketQuerySchema.parse(asked);

/** Ids of all tickets that match, page by page. */
async function idsOf(harness: BrokerHarness, asked: Asked = {}): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const { tickets, next_cursor } = await harness.broker.tickets.list(queryOf({ ...asked, cursor }));
    ids.push(...tickets.map(({ id }) => id));
    cursor = next_cursor ?? undefined;
  } while (cursor !== undefined);
  return ids;
}

/** One ticket in each status, and how it got there. */
async function oneOfEach(harness: BrokerHarness): Promise<void> {
  const { broker } = harness;
  await harness.agent('ann', { capacity: 1 });
  await harness.committedInTurn(['completed']);
  await broker.tickets.complete('completed', {});
  await harness.dead('dead');
  await harness.committedInTurn(['assigned'], { category: 'Legal', urgency_score: 0.9 });
  await harness.committedInTurn(['waiting'], { category: 'Technical' });
  await harness.acceptInTurn(['suppressed']);
  await broker.incidents.open('An outage', ['suppressed']);
  const claim = await broker.queue.claimById('suppressed');
  if (claim) await harness.commitAsJudged(claim);
  await harness.claimed('processing');
  await harness.acceptInTurn(['queued'], 'urgent');
}

/** Lists of tickets, and how many there are. */
export function describeTicketLists(open: OpenHarness): void {
  describe('tickets', () => {
    it('are listed the newest first, the oldest first or the most urgent first, without their whole text', async () => {
      const harness = await open();
      await harness.committed('calm', { urgency_score: 0.1 });
      await harness.committed('urgent', { urgency_score: 0.9 });
      await harness.committed('pressing', { urgency_score: 0.5 });
      await harness.accept({ id: 'undecided', text: 'x'.repeat(300) });
      expect(await idsOf(harness)).toEqual(['undecided', 'pressing', 'urgent', 'calm']);
      expect(await idsOf(harness, { sort: 'oldest' })).toEqual(['calm', 'urgent', 'pressing', 'undecided']);
      expect(await idsOf(harness, { sort: 'urgency' })).toEqual(['urgent', 'pressing', 'calm', 'undecided']);
      const [first] = (await harness.broker.tickets.list(queryOf())).tickets;
      const { text, ...rest } = (await harness.record('undecided')).ticket;
      expect(first).toEqual({ ...rest, text_start: text.slice(0, 200) });
    });

    it.each([...TICKET_STATUSES])('are found by the status %s, and counted', async (status) => {
      const harness = await open();
      await oneOfEach(harness);
      expect(await idsOf(harness, { status })).toEqual([status]);
      const counts = await harness.broker.tickets.count({ status: [status] });
      expect(counts).toMatchObject({ total: 1, status: { [status]: 1 } });
    });

    it('are counted by status and category', async () => {
      const harness = await open();
      await oneOfEach(harness);
      expect(await harness.broker.tickets.count({})).toEqual({
        total: TICKET_STATUSES.length,
        status: Object.fromEntries(TICKET_STATUSES.map((status) => [status, 1])),
        category: { Billing: 2, Technical: 1, Legal: 1 },
        needs_review: 0,
      });
    });

    it('are found by several statuses, category, lane and agent', async () => {
      const harness = await open();
      await oneOfEach(harness);
      expect(await idsOf(harness, { status: 'waiting,assigned' })).toEqual(['waiting', 'assigned']);
      expect(await idsOf(harness, { category: 'Legal,Technical' })).toEqual(['waiting', 'assigned']);
      expect(await idsOf(harness, { lane: 'urgent' })).toEqual(['queued']);
      expect(await idsOf(harness, { agent: 'ann' })).toEqual(['assigned', 'completed']);
      expect(await idsOf(harness, { agent: 'ann', status: 'assigned' })).toEqual(['assigned']);
      expect(await idsOf(harness, { agent: 'bob' })).toEqual([]);
      expect(await idsOf(harness, { status: 'waiting', category: 'Legal' })).toEqual([]);
    });

    it('are found by what the models found', async () => {
      const harness = await open();
      const decide = async (id: string, changes: Partial<ReturnType<typeof aDecision>>) =>
        harness.broker.tickets.commit(await harness.claimed(id), { ...aDecision(), ...changes });
      await decide('sure', {});
      await decide('unsure', { needs_review: true, review_reasons: ['low_confidence'] });
      await decide('machine', { automated: true });
      await harness.accept({ id: 'undecided', lane: 'urgent' });
      expect(await idsOf(harness, { needs_review: 'true' })).toEqual(['unsure']);
      expect(await idsOf(harness, { needs_review: 'false' })).toEqual(['undecided', 'machine', 'sure']);
      expect(await idsOf(harness, { automated: 'true' })).toEqual(['machine']);
      expect(await harness.broker.tickets.count({ needs_review: true })).toMatchObject({ total: 1, needs_review: 1 });
    });

    it('are found by their requester, however it is spelt', async () => {
      const harness = await open();
      await harness.accept({ id: 'a', input: { requester: 'Mara Lind <mara@example.com>' } });
      await harness.accept({ id: 'b', input: { requester: 'noor@example.com' } });
      await harness.accept({ id: 'c' });
      expect(await idsOf(harness, { requester: 'MARA@example.com' })).toEqual(['a']);
      expect(await idsOf(harness, { requester: 'nobody@example.com' })).toEqual([]);
    });

    it('are found by all words of subject and text', async () => {
      const harness = await open();
      await harness.accept({ id: 'a', text: 'The printer is on fire.', input: { subject: 'Third floor' } });
      await harness.accept({ id: 'b', text: 'The printer has no paper.' });
      expect(await idsOf(harness, { q: 'PRINTER' })).toEqual(['b', 'a']);
      expect(await idsOf(harness, { q: 'printer floor' })).toEqual(['a']);
      expect(await idsOf(harness, { q: 'scanner' })).toEqual([]);
    });

    it('are found by their time of arrival', async () => {
      const harness = await open();
      await harness.acceptInTurn(['a', 'b', 'c']);
      const receivedAt = async (id: string) => (await harness.record(id)).ticket.received_at;
      const [from, to] = [await receivedAt('b'), await receivedAt('c')];
      expect(await idsOf(harness, { received_after: from })).toEqual(['c', 'b']);
      expect(await idsOf(harness, { received_before: to })).toEqual(['b', 'a']);
      expect(await idsOf(harness, { received_after: from, received_before: to })).toEqual(['b']);
    });

    it('come in pages of 100, on which no ticket stands twice while others arrive and are completed', async () => {
      const harness = await open();
      await harness.agent('ann', { capacity: 300 });
      const ids = Array.from({ length: 230 }, (_, index) => `t${index}`);
      for (const id of ids) await harness.committed(id);
      const { tickets } = harness.broker;
      const first = await tickets.list(queryOf({ status: 'assigned' }));
      expect(first.tickets.map(({ id }) => id)).toEqual(ids.slice(130).reverse());
      await harness.committed('newcomer');
      await tickets.complete('t200', {});
      await tickets.complete('t100', {});
      const cursor = first.next_cursor ?? undefined;
      const second = await tickets.list(queryOf({ status: 'assigned', cursor }));
      const expected = ids.slice(0, 130).filter((id) => id !== 't100');
      expect(second.tickets.map(({ id }) => id)).toEqual(expected.slice(29).reverse());
      const last = await tickets.list(queryOf({ status: 'assigned', cursor: second.next_cursor ?? undefined }));
      expect(last).toMatchObject({ next_cursor: null });
      expect(last.tickets.map(({ id }) => id)).toEqual(expected.slice(0, 29).reverse());
    });

    it('refuse a cursor of another sort, and one that no page gave', async () => {
      const harness = await open();
      await harness.accept({ id: 'a' });
      for (const cursor of ['', 'oldest:0:0', 'newest:0', 'newest:0:-1', '__proto__', `newest:0:${'1'.repeat(400)}`]) {
        await expectRefusal(harness.broker.tickets.list(queryOf({ cursor })), 'invalid_input');
      }
      expect(await harness.broker.tickets.list(queryOf({ cursor: 'newest:0:999999999999' }))).toMatchObject({
        tickets: [{ id: 'a' }],
      });
    });

    it('leave the lists when they are dropped', async () => {
      const harness = await open({ deadLettersMax: 1 });
      await harness.dead('first');
      await harness.dead('second');
      expect(await idsOf(harness)).toEqual(['second']);
      await harness.broker.deadLetters.remove('second');
      expect(await idsOf(harness)).toEqual([]);
      expect(await harness.broker.tickets.count({})).toMatchObject({ total: 0 });
    });
  });
}
