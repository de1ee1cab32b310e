import type { LocalBroker, TicketStatus } from '@smart-support/contracts';
import { VirtualClock, aDecision, aNewTicket, anAgentInput } from '@smart-support/testing';
import * as fc from 'fast-check';
import { createMemoryBroker } from './memory-broker';

const BREAKS = { code: 'poison', message: 'It broke', retryable: false };

describe('handing finished tickets over to another broker', () => {
  let clock: VirtualClock;
  let broker: LocalBroker;
  let told: string[];
  beforeEach(() => {
    clock = new VirtualClock();
    told = [];
    broker = createMemoryBroker(
      { ticketsKept: 10 },
      {
        clock,
        observer: { status: ({ id, status }) => void told.push(`${id} ${status}`), deadLetterLost: () => undefined },
      },
    );
  });

  const claimed = async (id: string) => {
    await broker.queue.accept([aNewTicket({ id, idempotency_key: `key-${id}` })]);
    const claim = await broker.queue.claimById(id);
    if (!claim) throw new Error(`Ticket ${id} could not be claimed`);
    return claim;
  };
  const committed = async (id: string, urgency_score = 0.5) =>
    broker.tickets.commit(await claimed(id), aDecision({ urgency_score }));
  const completed = async (id: string) => {
    await committed(id);
    return broker.tickets.complete(id, {});
  };
  const dead = async (id: string) => broker.queue.fail(await claimed(id), BREAKS);
  const finishedIds = (limit = 100): string[] =>
    broker
      .finished(limit)
      .map(({ record }) => record.ticket.id)
      .sort();
  const status = async (id: string): Promise<TicketStatus | undefined> => (await broker.tickets.get(id))?.ticket.status;
  const loads = async () => (await broker.agents.list()).map(({ load }) => load);

  it('knows what ends with this process: all but the completed, one on its way included until it is forgotten', async () => {
    await broker.agents.put('ann', anAgentInput({ capacity: 1 }));
    await completed('completed');
    await committed('assigned');
    await committed('waiting');
    await dead('dead');
    await claimed('processing');
    await broker.queue.accept([aNewTicket({ id: 'queued' })]);
    broker.beginHandoff('waiting');
    expect(broker.unsavedIds()).toEqual(['assigned', 'waiting', 'dead', 'processing', 'queued']);
    for (const id of ['assigned', 'waiting']) broker.completeHandoff(id);
    expect(broker.unsavedIds()).toEqual(['dead', 'processing', 'queued']);
  });

  it('offers tickets that have an agent, are in line, completed or dead, and no others', async () => {
    await broker.agents.put('ann', anAgentInput({ capacity: 1 }));
    await completed('completed');
    await committed('assigned');
    await committed('waiting');
    await dead('dead');
    await claimed('processing');
    await broker.queue.accept([aNewTicket({ id: 'queued' })]);
    const finished = broker.finished(100);
    expect(Object.fromEntries(finished.map(({ record }) => [record.ticket.id, record.ticket.status]))).toEqual({
      completed: 'completed',
      assigned: 'assigned',
      waiting: 'waiting',
      dead: 'dead',
    });
    for (const { record } of finished) expect(record).toBe(await broker.tickets.get(record.ticket.id));
  });

  it('tells how a ticket died', async () => {
    await dead('a');
    const [letter] = (await broker.deadLetters.list()).dead_letters;
    expect(broker.finished(1)).toMatchObject([{ record: await broker.tickets.get('a'), death: letter }]);
    await broker.deadLetters.retry('a');
    expect(broker.finished(1)).toEqual([]);
  });

  it('tells which idempotency key a ticket came with', async () => {
    await committed('with-key');
    await broker.queue.accept([aNewTicket({ id: 'without' })]);
    await broker.tickets.commit((await broker.queue.claimById('without'))!, aDecision());
    expect(broker.finished(5)).toEqual([
      { record: await broker.tickets.get('with-key'), idempotency_key: 'key-with-key' },
      { record: await broker.tickets.get('without') },
    ]);
  });

  it('tells of one ticket as it stands now, if it is finished', async () => {
    await committed('a');
    await claimed('in-work');
    expect([broker.finishedById('a')]).toEqual(broker.finished(5));
    await broker.agents.put('ann', anAgentInput());
    expect(broker.finishedById('a')?.record.ticket.status).toBe('assigned');
    expect(['in-work', 'unknown', '__proto__'].map((id) => broker.finishedById(id))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('offers no more than asked for', async () => {
    for (const id of ['a', 'b', 'c']) await committed(id);
    expect([0, 2, 5].map((limit) => broker.finished(limit).length)).toEqual([0, 2, 3]);
  });

  it('forgets a ticket with its slot and gives the slot to nobody, until slots are handed out again', async () => {
    await broker.agents.put('ann', anAgentInput({ capacity: 1 }));
    await committed('with-ann');
    await committed('in-line');
    told.length = 0;
    broker.completeHandoff('with-ann');
    expect([await loads(), await status('with-ann'), await status('in-line')]).toEqual([[0], undefined, 'waiting']);
    expect(told).toEqual([]);
    await broker.agents.put('ann', anAgentInput({ capacity: 1 }));
    expect([await loads(), await status('in-line')]).toEqual([[1], 'assigned']);
  });

  it('forgets a ticket with its place in line', async () => {
    await committed('first');
    await committed('second');
    broker.completeHandoff('first');
    expect((await broker.queue.report()).waiting.Billing).toBe(1);
    await broker.agents.put('ann', anAgentInput({ capacity: 2 }));
    expect([await loads(), await status('first'), await status('second')]).toEqual([[1], undefined, 'assigned']);
  });

  it('forgets a completed ticket and a dead one, also for the bounds on their number', async () => {
    await broker.agents.put('ann', anAgentInput());
    for (let n = 0; n < 10; n += 1) await completed(`done-${n}`);
    await dead('dead');
    broker.completeHandoff('done-3');
    broker.completeHandoff('dead');
    expect((await broker.queue.report()).dead).toBe(0);
    expect((await broker.deadLetters.list()).dead_letters).toEqual([]);
    await completed('one-more');
    expect(await Promise.all(['done-0', 'done-3', 'one-more'].map(status))).toEqual([
      'completed',
      undefined,
      'completed',
    ]);
    expect(await loads()).toEqual([0]);
  });

  it('frees the id and the idempotency key of a forgotten ticket', async () => {
    await committed('a');
    broker.completeHandoff('a');
    const offer = async (id: string) =>
      (await broker.queue.accept([aNewTicket({ id, text: 'Another text', idempotency_key: 'key-a' })]))[0]?.outcome;
    expect([await offer('b'), await offer('c')]).toEqual(['accepted', 'repeated']);
    expect((await broker.queue.accept([aNewTicket({ id: 'a', text: 'New' })]))[0]?.outcome).toBe('accepted');
  });

  it('leaves a ticket alone that was put back to work since it was found to be finished', async () => {
    await dead('a');
    await broker.deadLetters.retry('a');
    broker.completeHandoff('a');
    expect(await status('a')).toBe('queued');
    await broker.queue.claim(1);
    broker.completeHandoff('a');
    expect(await status('a')).toBe('processing');
  });

  it('does not mind ids that it does not know, nor repeats', async () => {
    await committed('a');
    for (const id of ['unknown', '__proto__', 'constructor', 'a', 'a']) broker.completeHandoff(id);
    expect(finishedIds()).toEqual([]);
  });

  it('gives the undelivered alert away with the ticket', async () => {
    await committed('a', 0.9);
    const [alert] = await broker.outbox.claim(5, 0);
    expect(broker.finishedById('a')?.event).toEqual(alert);
    broker.completeHandoff('a');
    expect((await broker.queue.report()).outbox).toBe(0);
  });

  describe('while a ticket is sent off', () => {
    const agentOf = async (id: string) => (await broker.tickets.get(id))?.ticket.assigned_agent;
    const waiting = async () => (await broker.queue.report()).waiting.Billing;
    const refused = expect.objectContaining({ code: 'unavailable' });

    it('in line, it gets no slot and lets others pass; taken back, it gets the one that it missed', async () => {
      await committed('first', 0.6);
      await committed('second');
      broker.beginHandoff('first');
      await broker.agents.put('ann', anAgentInput({ capacity: 2 }));
      expect([await status('first'), await status('second'), await waiting(), await loads()]).toEqual([
        'waiting',
        'assigned',
        1,
        [1],
      ]);
      broker.abortHandoff('first');
      expect([await status('first'), await waiting(), await loads()]).toEqual(['assigned', 0, [2]]);
    });

    it('sent off again, it gets what it missed since the first time', async () => {
      await committed('a');
      broker.beginHandoff('a');
      await broker.agents.put('ann', anAgentInput());
      broker.beginHandoff('a');
      broker.abortHandoff('a');
      expect(await status('a')).toBe('assigned');
    });

    it('in line, it keeps its place', async () => {
      for (const id of ['first', 'second', 'third']) await committed(id);
      broker.beginHandoff('first');
      broker.abortHandoff('first');
      await broker.agents.put('ann', anAgentInput({ capacity: 1 }));
      expect(await Promise.all(['first', 'second', 'third'].map(status))).toEqual(['assigned', 'waiting', 'waiting']);
    });

    it('taken back, it gets no slot that a forgotten ticket left, because its agent goes on with that one', async () => {
      await broker.agents.put('ann', anAgentInput({ capacity: 1 }));
      await committed('with-ann');
      await committed('in-line');
      for (const id of ['with-ann', 'in-line']) broker.beginHandoff(id);
      broker.completeHandoff('with-ann');
      broker.abortHandoff('in-line');
      expect([await status('in-line'), await loads()]).toEqual(['waiting', [0]]);
    });

    it('in line, it can be forgotten, and what waits behind it is served as ever', async () => {
      await committed('a');
      await committed('b');
      broker.beginHandoff('a');
      broker.completeHandoff('a');
      await broker.agents.put('ann', anAgentInput());
      expect([await status('a'), await status('b'), await waiting(), await loads()]).toEqual([
        undefined,
        'assigned',
        0,
        [1],
      ]);
    });

    it('with an agent who leaves, it stays as it is; taken back, it goes to another or in line', async () => {
      await broker.agents.put('ann', anAgentInput());
      for (const id of ['a', 'b']) await committed(id);
      for (const id of ['a', 'b']) broker.beginHandoff(id);
      await broker.agents.remove('ann');
      await broker.agents.put('ben', anAgentInput({ capacity: 1 }));
      expect([await agentOf('a'), await agentOf('b'), await loads()]).toEqual(['ann', 'ann', [0]]);
      for (const id of ['a', 'b']) broker.abortHandoff(id);
      expect([await agentOf('a'), await status('b'), await loads()]).toEqual(['ben', 'waiting', [1]]);
    });

    it('with an agent who leaves and comes back, it takes no slot away when it is forgotten', async () => {
      await broker.agents.put('ann', anAgentInput());
      await committed('a');
      broker.beginHandoff('a');
      await broker.agents.remove('ann');
      await broker.agents.put('ann', anAgentInput());
      await committed('b');
      broker.completeHandoff('a');
      expect([await status('a'), await loads()]).toEqual([undefined, [1]]);
    });

    it('it can be neither completed, nor retried, nor removed, until it is taken back', async () => {
      await broker.agents.put('ann', anAgentInput({ capacity: 1 }));
      await committed('with-ann');
      await committed('in-line');
      await dead('dead');
      const all = ['with-ann', 'in-line', 'dead'];
      const before = broker.finished(5);
      all.forEach((id) => broker.beginHandoff(id));
      for (const change of [
        broker.tickets.complete('with-ann', {}),
        // In line here; elsewhere it may have an agent by now.
        broker.tickets.complete('in-line', {}),
        broker.deadLetters.retry('dead'),
        broker.deadLetters.remove('dead'),
      ]) {
        await expect(change).rejects.toEqual(refused);
      }
      expect(broker.finished(5)).toEqual(before);
      all.forEach((id) => broker.abortHandoff(id));
      expect((await broker.tickets.complete('with-ann', {})).ticket.status).toBe('completed');
      expect((await broker.deadLetters.retry('dead')).ticket.status).toBe('queued');
    });

    it('completed, its completion can be repeated: that changes nothing', async () => {
      await broker.agents.put('ann', anAgentInput());
      const record = await completed('a');
      broker.beginHandoff('a');
      expect(await broker.tickets.complete('a', {})).toBe(record);
    });

    it('completed or dead, it makes no room for others, and makes it once it is taken back', async () => {
      broker = createMemoryBroker({ ticketsKept: 1, deadLettersMax: 1 }, { clock });
      await broker.agents.put('ann', anAgentInput());
      await completed('done-1');
      await dead('dead-1');
      for (const id of ['done-1', 'dead-1']) broker.beginHandoff(id);
      for (const id of ['done-2', 'done-3']) await completed(id);
      for (const id of ['dead-2', 'dead-3']) await dead(id);
      expect(finishedIds()).toEqual(['dead-1', 'done-1']);
      for (const id of ['done-1', 'dead-1']) broker.abortHandoff(id);
      await completed('done-4');
      await dead('dead-4');
      expect(finishedIds()).toEqual(['dead-4', 'done-4']);
    });

    it('only what is finished can be, and only what was sent off is taken back', async () => {
      await claimed('in-work');
      await committed('a');
      for (const id of ['in-work', 'unknown', '__proto__']) broker.beginHandoff(id);
      for (const id of ['a', 'in-work', 'unknown', '__proto__']) broker.abortHandoff(id);
      expect([await status('in-work'), await status('a')]).toEqual(['processing', 'waiting']);
      await broker.agents.put('ann', anAgentInput());
      expect(await status('a')).toBe('assigned');
    });
  });

  it('is refused once the broker is closed', async () => {
    await broker.close();
    expect(() => broker.finished(1)).toThrow(expect.objectContaining({ code: 'closed' }));
    expect(() => broker.finishedById('a')).toThrow(expect.objectContaining({ code: 'closed' }));
    expect(() => broker.beginHandoff('a')).toThrow(expect.objectContaining({ code: 'closed' }));
    expect(() => broker.abortHandoff('a')).toThrow(expect.objectContaining({ code: 'closed' }));
    expect(() => broker.completeHandoff('a')).toThrow(expect.objectContaining({ code: 'closed' }));
  });

  it('empties the broker of all but what still needs work, whatever is in it', async () => {
    const routed = async (id: string): Promise<void> => {
      const { ticket } = await committed(id);
      if (ticket.status === 'assigned') await broker.tickets.complete(id, {});
    };
    const way = fc.constantFrom('committed', 'completed', 'dead', 'claimed', 'offered', 'forgetOne');
    await fc.assert(
      fc.asyncProperty(fc.array(way, { maxLength: 30 }), fc.nat({ max: 5 }), async (ways, capacity) => {
        broker = createMemoryBroker({ ticketsKept: 5, deadLettersMax: 3 }, { clock });
        await broker.agents.put('ann', anAgentInput({ capacity }));
        const unfinished: string[] = [];
        for (const [index, what] of ways.entries()) {
          const id = `t${index}`;
          if (what === 'committed') await committed(id);
          else if (what === 'completed') await routed(id);
          else if (what === 'dead') await dead(id);
          else if (what === 'forgetOne') broker.completeHandoff(finishedIds(1)[0] ?? 'nobody');
          else {
            unfinished.push(id);
            if (what === 'claimed') await claimed(id);
            else await broker.queue.accept([aNewTicket({ id })]);
          }
        }
        for (let batch = finishedIds(4); batch.length > 0; batch = finishedIds(4)) {
          for (const id of batch) broker.completeHandoff(id);
        }
        const { lanes, in_progress, waiting, dead: died } = await broker.queue.report();
        expect([waiting, died, await loads()]).toEqual([{ Billing: 0, Technical: 0, Legal: 0 }, 0, [0]]);
        expect(lanes.urgent + lanes.normal + in_progress).toBe(unfinished.length);
        for (const id of unfinished) expect(['queued', 'processing']).toContain(await status(id));
        expect(await broker.agents.remove('ann')).toBeUndefined();
      }),
    );
  });
});
