import type { LocalBroker, TicketStatus } from '@smart-support/contracts';
import { VirtualClock, aDecision, aNewTicket, anAgentInput } from '@smart-support/testing';
import * as fc from 'fast-check';
import { createMemoryBroker } from './memory-broker';

const BREAKS = { code: 'poison', message: 'It broke', retryable: false };

describe('the handoff of finished tickets to another broker', () => {
  let clock: VirtualClock;
  let broker: LocalBroker;
  let observed: string[];
  beforeEach(() => {
    clock = new VirtualClock();
    observed = [];
    broker = createMemoryBroker(
      { ticketsKept: 10 },
      {
        clock,
        observer: {
          status: ({ id, status }) => void observed.push(`${id} ${status}`),
          deadLetterLost: () => undefined,
        },
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

  it('knows what ends with this process: all but the completed, one in handoff included until its handoff is complete', async () => {
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

  it('includes the error of a dead ticket', async () => {
    await dead('a');
    const [letter] = (await broker.deadLetters.list()).dead_letters;
    expect(broker.finished(1)).toMatchObject([{ record: await broker.tickets.get('a'), death: letter }]);
    await broker.deadLetters.retry('a');
    expect(broker.finished(1)).toEqual([]);
  });

  it('includes the idempotency key of a ticket', async () => {
    await committed('with-key');
    await broker.queue.accept([aNewTicket({ id: 'without' })]);
    await broker.tickets.commit((await broker.queue.claimById('without'))!, aDecision());
    expect(broker.finished(5)).toEqual([
      { record: await broker.tickets.get('with-key'), idempotency_key: 'key-with-key' },
      { record: await broker.tickets.get('without') },
    ]);
  });

  it('has the current state of one ticket, if it is finished', async () => {
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

  it('offers no more tickets than requested', async () => {
    for (const id of ['a', 'b', 'c']) await committed(id);
    expect([0, 2, 5].map((limit) => broker.finished(limit).length)).toEqual([0, 2, 3]);
  });

  it('removes a ticket with its slot and assigns the slot to no ticket until slots are assigned again', async () => {
    await broker.agents.put('ann', anAgentInput({ capacity: 1 }));
    await committed('with-ann');
    await committed('in-line');
    observed.length = 0;
    broker.completeHandoff('with-ann');
    expect([await loads(), await status('with-ann'), await status('in-line')]).toEqual([[0], undefined, 'waiting']);
    expect(observed).toEqual([]);
    await broker.agents.put('ann', anAgentInput({ capacity: 1 }));
    expect([await loads(), await status('in-line')]).toEqual([[1], 'assigned']);
  });

  it('removes a ticket with its place in line', async () => {
    await committed('first');
    await committed('second');
    broker.completeHandoff('first');
    expect((await broker.queue.report()).waiting.Billing).toBe(1);
    await broker.agents.put('ann', anAgentInput({ capacity: 2 }));
    expect([await loads(), await status('first'), await status('second')]).toEqual([[1], undefined, 'assigned']);
  });

  it('removes a completed ticket and a dead one, also from the bounds on their number', async () => {
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

  it('frees the id and the idempotency key of a removed ticket', async () => {
    await committed('a');
    broker.completeHandoff('a');
    const offer = async (id: string) =>
      (await broker.queue.accept([aNewTicket({ id, text: 'Another text', idempotency_key: 'key-a' })]))[0]?.outcome;
    expect([await offer('b'), await offer('c')]).toEqual(['accepted', 'repeated']);
    expect((await broker.queue.accept([aNewTicket({ id: 'a', text: 'New' })]))[0]?.outcome).toBe('accepted');
  });

  it('leaves a ticket alone that was requeued since it was found to be finished', async () => {
    await dead('a');
    await broker.deadLetters.retry('a');
    broker.completeHandoff('a');
    expect(await status('a')).toBe('queued');
    await broker.queue.claim(1);
    broker.completeHandoff('a');
    expect(await status('a')).toBe('processing');
  });

  it('ignores unknown ids and repeats', async () => {
    await committed('a');
    for (const id of ['unknown', '__proto__', 'constructor', 'a', 'a']) broker.completeHandoff(id);
    expect(finishedIds()).toEqual([]);
  });

  it('includes the undelivered alert of a ticket', async () => {
    await committed('a', 0.9);
    const [alert] = await broker.outbox.claim(5, 0);
    expect(broker.finishedById('a')?.event).toEqual(alert);
    broker.completeHandoff('a');
    expect((await broker.queue.report()).outbox).toBe(0);
  });

  describe('while a ticket is in handoff', () => {
    const agentOf = async (id: string) => (await broker.tickets.get(id))?.ticket.assigned_agent;
    const waiting = async () => (await broker.queue.report()).waiting.Billing;
    const refused = expect.objectContaining({ code: 'unavailable' });

    it('in line, it gets no slot and lets others pass; after an abort, it gets the one that it missed', async () => {
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

    it('that has begun again, it gets the slot that it missed since the first time', async () => {
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

    it('after an abort, it gets no slot that a removed ticket left, because its agent keeps that one', async () => {
      await broker.agents.put('ann', anAgentInput({ capacity: 1 }));
      await committed('with-ann');
      await committed('in-line');
      for (const id of ['with-ann', 'in-line']) broker.beginHandoff(id);
      broker.completeHandoff('with-ann');
      broker.abortHandoff('in-line');
      expect([await status('in-line'), await loads()]).toEqual(['waiting', [0]]);
    });

    it('in line, it can be removed, and tickets behind it are served as before', async () => {
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

    it('with an agent that is removed, it stays as it is; after an abort, it is reassigned or put in line', async () => {
      await broker.agents.put('ann', anAgentInput());
      for (const id of ['a', 'b']) await committed(id);
      for (const id of ['a', 'b']) broker.beginHandoff(id);
      await broker.agents.remove('ann');
      await broker.agents.put('ben', anAgentInput({ capacity: 1 }));
      expect([await agentOf('a'), await agentOf('b'), await loads()]).toEqual(['ann', 'ann', [0]]);
      for (const id of ['a', 'b']) broker.abortHandoff(id);
      expect([await agentOf('a'), await status('b'), await loads()]).toEqual(['ben', 'waiting', [1]]);
    });

    it('with an agent that is removed and added again, it frees no slot when it is removed', async () => {
      await broker.agents.put('ann', anAgentInput());
      await committed('a');
      broker.beginHandoff('a');
      await broker.agents.remove('ann');
      await broker.agents.put('ann', anAgentInput());
      await committed('b');
      broker.completeHandoff('a');
      expect([await status('a'), await loads()]).toEqual([undefined, [1]]);
    });

    it('it can be neither completed, nor retried, nor removed by hand until the handoff is aborted', async () => {
      await broker.agents.put('ann', anAgentInput({ capacity: 1 }));
      await committed('with-ann');
      await committed('in-line');
      await dead('dead');
      const all = ['with-ann', 'in-line', 'dead'];
      const before = broker.finished(5);
      all.forEach((id) => broker.beginHandoff(id));
      for (const change of [
        broker.tickets.complete('with-ann', {}),
        // In line here; at the other broker it may have an agent by now.
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

    it('completed or dead, it is not dropped to make space, until the handoff is aborted', async () => {
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

    it('only a finished ticket can be, and only one in handoff can be aborted', async () => {
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

  it('empties the broker of all tickets but those that still need work, whatever is in it', async () => {
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
