import type { BrokerOptions, LocalBroker } from '@smart-support/contracts';
import { IDEMPOTENCY_KEY_TTL_MS, systemClock } from '@smart-support/contracts';
import { VirtualClock, aDecision, aNewTicket, anAgentInput, describeBrokerConformance } from '@smart-support/testing';
import { createMemoryBroker } from './memory-broker';

const OPTIONS: BrokerOptions = {
  queueMax: 1000,
  duplicateMs: 1000,
  ticketsKept: 1000,
  retentionMs: 60_000,
  leaseMs: 1000,
  maxAttempts: 3,
  maxStalls: 1,
  deadLettersMax: 1000,
  waitAgeingMs: 1000,
  storm: {
    windowMs: 60_000,
    ticketThreshold: 2,
    similarity: 0.9,
    baselineSimilarity: 0.8,
    quietMs: 1500,
    reopenMs: 86_400_000,
  },
  bursts: { mode: 'report', falseAlarmsPerMonth: 1 },
};

describeBrokerConformance('the memory broker', async ({ options, random }) => {
  const clock = new VirtualClock();
  const broker = createMemoryBroker(options, { clock, random });
  return {
    broker,
    advance: (ms) => clock.advance(ms),
    lead: async () => void (await broker.queue.sweep()),
  };
});

describe('the memory broker, to the millisecond', () => {
  let clock: VirtualClock;
  let broker: LocalBroker;
  const open = (options: Partial<BrokerOptions> = {}, random = () => 0.5): void => {
    clock = new VirtualClock();
    broker = createMemoryBroker({ ...OPTIONS, ...options }, { clock, random });
  };
  const claimed = async (id: string) => {
    await broker.queue.accept([aNewTicket({ id })]);
    const claim = await broker.queue.claimById(id);
    if (!claim) throw new Error(`Ticket ${id} could not be claimed`);
    return claim;
  };

  it('a lease lasts up to its last millisecond', async () => {
    open({ leaseMs: 1000 });
    const [kept, lost] = [await claimed('kept'), await claimed('lost')];
    clock.advance(999);
    expect(await broker.queue.sweep()).toBe(0);
    expect((await broker.tickets.commit(kept, aDecision())).ticket.status).toBe('waiting');
    clock.advance(1);
    await expect(broker.tickets.commit(lost, aDecision())).rejects.toMatchObject({ code: 'lease_lost' });
    expect(await broker.queue.sweep()).toBe(1);
  });

  it('the same ticket twice is one up to the last millisecond from the first, however often it came in between', async () => {
    open({ duplicateMs: 1000 });
    const outcomeOf = async (id: string) => {
      const [result] = await broker.queue.accept([aNewTicket({ id, text: 'x', duplicate_key: 'k' })]);
      return result?.outcome;
    };
    expect(await outcomeOf('a')).toBe('accepted');
    clock.advance(600);
    expect(await outcomeOf('b')).toBe('repeated');
    clock.advance(399);
    expect(await outcomeOf('c')).toBe('repeated');
    clock.advance(1);
    expect(await outcomeOf('d')).toBe('accepted');
  });

  it('a heartbeat restarts the lease', async () => {
    open({ leaseMs: 1000 });
    const claim = await claimed('a');
    clock.advance(600);
    await broker.queue.heartbeat([claim]);
    clock.advance(999);
    expect(await broker.queue.heartbeat([claim])).toEqual([]);
    clock.advance(1000);
    expect(await broker.queue.heartbeat([claim])).toEqual(['a']);
  });

  it('retries are due after a random part of 1 s, 2 s, 4 s', async () => {
    open({ maxAttempts: 5 });
    await broker.queue.accept([aNewTicket({ id: 'a' })]);
    for (const delay of [500, 1000, 2000]) {
      const [claim] = await broker.queue.claim(1);
      await broker.queue.fail(claim!, { code: 'timeout', message: 'Too slow', retryable: true });
      clock.advance(delay - 1);
      expect(await broker.queue.claim(1)).toEqual([]);
      clock.advance(1);
    }
    expect(await broker.queue.claim(1)).toHaveLength(1);
  });

  it('an idempotency key names its ticket for a day', async () => {
    open();
    const offer = (id: string, text: string) =>
      broker.queue.accept([aNewTicket({ id, text, idempotency_key: 'k' })]).then(([result]) => result?.outcome);
    expect(await offer('a', 'x')).toBe('accepted');
    clock.advance(IDEMPOTENCY_KEY_TTL_MS - 1);
    expect(await offer('b', 'x')).toBe('repeated');
    clock.advance(1);
    expect(await offer('c', 'y')).toBe('accepted');
    expect(await offer('d', 'y')).toBe('repeated');
    expect((await broker.tickets.get('a'))?.ticket.status).toBe('queued');
  });

  it('an idempotency key that a later ticket took over stays when the earlier ticket is dropped', async () => {
    open();
    const claim = await broker.queue
      .accept([aNewTicket({ id: 'a', text: 'x', idempotency_key: 'k' })])
      .then(() => broker.queue.claimById('a'));
    await broker.queue.fail(claim!, { code: 'poison', message: 'It broke', retryable: false });
    clock.advance(IDEMPOTENCY_KEY_TTL_MS);
    await broker.queue.accept([aNewTicket({ id: 'b', text: 'y', idempotency_key: 'k' })]);
    await broker.deadLetters.remove('a');
    const [result] = await broker.queue.accept([aNewTicket({ id: 'c', text: 'y', idempotency_key: 'k' })]);
    expect(result?.outcome).toBe('repeated');
  });

  it('one full point of urgency is worth waitAgeingMs and not a millisecond more', async () => {
    open({ waitAgeingMs: 1000 });
    await broker.tickets.commit(await claimed('patient'), aDecision({ urgency_score: 0 }));
    clock.advance(999);
    await broker.tickets.commit(await claimed('pressing'), aDecision({ urgency_score: 1 }));
    clock.advance(2);
    await broker.tickets.commit(await claimed('late'), aDecision({ urgency_score: 1 }));
    const whoHasAnn = async () => {
      const ids = ['patient', 'pressing', 'late'];
      const records = await Promise.all(ids.map((id) => broker.tickets.get(id)));
      return ids.filter((_, index) => records[index]?.ticket.status === 'assigned');
    };
    await broker.agents.put('ann', anAgentInput({ capacity: 1 }));
    expect(await whoHasAnn()).toEqual(['pressing']);
    await broker.tickets.complete('pressing', {});
    expect(await whoHasAnn()).toEqual(['patient']);
  });

  it('the age of the oldest ticket is exact, also after tickets were requeued in another order', async () => {
    open();
    const claims = [];
    for (const id of ['first', 'second', 'third']) {
      claims.push(await claimed(id));
      clock.advance(100);
    }
    for (const claim of claims) await broker.queue.requeue(claim);
    expect((await broker.queue.report()).oldest_age_ms).toBe(300);
    await broker.queue.claimById('first');
    expect((await broker.queue.report()).oldest_age_ms).toBe(200);
  });

  it('the age of the oldest ticket is that of one never claimed, if a younger one was requeued', async () => {
    open();
    await broker.queue.accept([aNewTicket({ id: 'untouched' })]);
    clock.advance(100);
    await broker.queue.requeue(await claimed('younger'));
    expect((await broker.queue.report()).oldest_age_ms).toBe(100);
  });

  it('tickets of one dead worker are requeued in their order', async () => {
    open();
    await broker.queue.accept(['a', 'b', 'c', 'd'].map((id) => aNewTicket({ id })));
    await broker.queue.claim(3);
    clock.advance(1000);
    expect(await broker.queue.sweep()).toBe(3);
    expect((await broker.queue.claim(4)).map(({ record }) => record.ticket.id)).toEqual(['a', 'b', 'c', 'd']);
    clock.advance(1000);
    await broker.queue.sweep();
    const { dead_letters } = await broker.deadLetters.list();
    expect(dead_letters.map(({ ticket_id }) => ticket_id)).toEqual(['a', 'b', 'c']);
  });

  it('a decision about a ticket that was dropped meanwhile is refused', async () => {
    open({ deadLettersMax: 0 });
    const claim = await claimed('a');
    await broker.queue.fail(claim, { code: 'poison', message: 'It broke', retryable: false });
    expect(await broker.tickets.get('a')).toBeUndefined();
    await expect(broker.tickets.commit(claim, aDecision())).rejects.toMatchObject({ code: 'lease_lost' });
  });

  it('keeps finished tickets up to a bound; the first to finish are dropped first', async () => {
    open({ ticketsKept: 2 });
    await broker.agents.put('ann', anAgentInput({ capacity: 10 }));
    for (const id of ['a', 'b', 'c', 'd']) await broker.tickets.commit(await claimed(id), aDecision());
    for (const id of ['c', 'a', 'd']) await broker.tickets.complete(id, {});
    const records = await Promise.all(['a', 'b', 'c', 'd'].map((id) => broker.tickets.get(id)));
    expect(records.map((record) => record?.ticket.status)).toEqual(['completed', 'assigned', undefined, 'completed']);
    await expect(broker.tickets.complete('c', {})).rejects.toMatchObject({ code: 'not_found' });
  });

  it('keeps no finished ticket if none shall be kept, and still returns a completed one', async () => {
    open({ ticketsKept: 0 });
    await broker.agents.put('ann', anAgentInput());
    await broker.tickets.commit(await claimed('a'), aDecision());
    expect((await broker.tickets.complete('a', {})).ticket.status).toBe('completed');
    expect(await broker.tickets.get('a')).toBeUndefined();
  });

  it('a claim of another broker is refused', async () => {
    open();
    const elsewhere = await claimed('a');
    open();
    await claimed('a');
    await expect(broker.tickets.commit(elsewhere, aDecision())).rejects.toMatchObject({ code: 'lease_lost' });
  });

  it('tickets that wait for the same busy agents share one ranking', async () => {
    open();
    await broker.agents.put('ann', anAgentInput({ capacity: 0 }));
    const [one, other] = [
      await broker.tickets.commit(await claimed('a'), aDecision()),
      await broker.tickets.commit(await claimed('b'), aDecision()),
    ];
    expect(other.explanation.assignment?.agents).toHaveLength(1);
    expect(other.explanation.assignment?.agents).toBe(one.explanation.assignment?.agents);
  });

  it('uses the clock of the machine and Math.random by default', async () => {
    broker = createMemoryBroker(OPTIONS, { clock: systemClock });
    const claim = await claimed('a');
    expect(Math.abs(Date.parse(claim.record.ticket.received_at) - Date.now())).toBeLessThan(60_000);
    expect(await broker.queue.fail(claim, { code: 'timeout', message: 'Too slow', retryable: true })).toBe('queued');
  });

  it('reports every change of status, and which dead letters were dropped', async () => {
    const observed: string[] = [];
    broker = createMemoryBroker(
      { ...OPTIONS, deadLettersMax: 1 },
      {
        clock: new VirtualClock(),
        observer: {
          status: ({ id, status }) => void observed.push(`${id} ${status}`),
          deadLetterLost: (id) => void observed.push(`${id} lost`),
        },
      },
    );
    for (const id of ['a', 'b']) {
      const claim = await claimed(id);
      await broker.queue.fail(claim, { code: 'poison', message: 'It broke', retryable: false });
    }
    expect(observed).toEqual(['a queued', 'a processing', 'a dead', 'b queued', 'b processing', 'b dead', 'a lost']);
  });

  it('reports the ticket that got a freed slot', async () => {
    const observed: string[] = [];
    const observer = {
      status: ({ id, status }: { id: string; status: string }) => void observed.push(`${id} ${status}`),
      deadLetterLost: () => undefined,
    };
    broker = createMemoryBroker(OPTIONS, { clock: new VirtualClock(), observer });
    await broker.agents.put('ada', anAgentInput({ capacity: 1 }));
    for (const id of ['a', 'b']) await broker.tickets.commit(await claimed(id), aDecision());
    observed.length = 0;
    await broker.tickets.complete('a', {});
    await broker.tickets.complete('a', {});
    expect(observed).toEqual(['a completed', 'b assigned']);
  });
});
