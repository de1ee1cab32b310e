import { aDecision, aNewTicket, anAgentInput } from '@smart-support/testing';
import type { RedisBroker } from './redis-broker';
import { claimIds, claimed, committed, dead, openBroker } from './spec-support/brokers';
import type { Domain } from './spec-support/domain';
import { useDomains } from './spec-support/use-domains';

const newDomain = useDomains();
let domain: Domain;
let broker: RedisBroker;
let observed: string[];
beforeEach(async () => {
  observed = [];
  domain = newDomain();
  const observer = {
    status: ({ id, status }: { id: string; status: string }) => void observed.push(`${id} ${status}`),
    deadLetterLost: () => undefined,
  };
  broker = await openBroker(domain.server, domain.prefix, { maxAttempts: 3 }, { observer, random: () => 0 });
});
afterEach(async () => {
  await broker?.close();
  expect(await domain.audit()).toEqual([]);
});

const accept = (...ids: string[]) => broker.queue.accept(ids.map((id) => aNewTicket({ id })));

/** Expects a call to be refused as corrupt, without a change. */
async function expectDamaged(call: () => Promise<unknown>, what: string): Promise<void> {
  const before = await domain.dump();
  await expect(call()).rejects.toMatchObject({ code: 'corrupt', message: expect.stringContaining(what) });
  expect(await domain.dump()).toEqual(before);
}

/** Writes another value into a field of a hash; the returned function restores the former one. */
async function corruptField(name: string, field: string, value: string | null): Promise<() => Promise<void>> {
  const before = (await domain.raw('HGET', name, field)) as string | null;
  await (value === null ? domain.raw('HDEL', name, field) : domain.raw('HSET', name, field, value));
  return async () =>
    void (await (before === null ? domain.raw('HDEL', name, field) : domain.raw('HSET', name, field, before)));
}

describe('a counter that is no number', () => {
  const counters: readonly [string, () => Promise<() => Promise<unknown>>][] = [
    ['unfinished', async () => () => accept('b')],
    ['tickets:urgent_streak', async () => () => broker.queue.claim(1)],
    [
      'deaths',
      async () => {
        const claim = await claimed(broker, 'b');
        return () => broker.queue.fail(claim, { code: 'poison', message: 'It broke', retryable: false });
      },
    ],
  ];
  const values = ['many', '', '007', '1.5', '-0', ' 1', '1e3', '9999999999999999'];

  it.each(counters)(
    'in "%s" is reported, nothing is changed, and all goes on once it was repaired',
    async (name, prepare) => {
      await accept('a');
      const act = await prepare();
      const right = (await domain.raw('GET', name)) as string | null;
      for (const value of values) {
        await domain.raw('SET', name, value);
        await expectDamaged(act, name);
      }
      await (right === null ? domain.raw('DEL', name) : domain.raw('SET', name, right));
      await act();
    },
  );

  it.each(values)('as the load of an agent (%j) is reported before a slot is freed or taken', async (value) => {
    await broker.agents.put('ann', anAgentInput({ capacity: 1 }));
    await committed(broker, 'a');
    const claim = await claimed(broker, 'b');
    const restore = await corruptField('agents:load', 'ann', value);
    await expectDamaged(() => broker.tickets.complete('a', {}), 'agents:load');
    await expectDamaged(() => broker.agents.put('ann', anAgentInput()), 'agents:load');
    await expectDamaged(() => broker.tickets.commit(claim, aDecision()), 'agents:load');
    await restore();
    expect((await broker.tickets.commit(claim, aDecision())).ticket.status).toBe('waiting');
    await broker.tickets.complete('a', {});
    expect((await broker.tickets.get('b'))?.ticket.assigned_agent).toBe('ann');
  });
});

describe('a queued ticket with a record that was corrupted by hand', () => {
  it.each([
    ['attempts', 'abc'],
    ['attempts', '01'],
    ['stalls', 'none'],
    ['input', null],
    ['lane', null],
    ['lane', 'slow'],
    ['received_ms', null],
    ['received_ms', 'yesterday'],
    ['status', 'lost'],
    ['status', null],
  ])('is quarantined, blocks no other, and comes back by itself once "%s" was repaired (%j)', async (field, value) => {
    await accept('a', 'b', 'c');
    const restore = await corruptField('ticket:b', field, value);
    expect(await claimIds(broker)).toEqual(['a', 'c']);
    expect(await broker.queue.sweep()).toBe(0);
    expect(await claimIds(broker)).toEqual([]);
    await restore();
    expect(await broker.queue.sweep()).toBe(1);
    expect(await claimIds(broker)).toEqual(['b']);
  });

  const unreadable: readonly [string, string, string][] = [
    ['input', '{"text":"half', 'is cut off'],
    ['input', 'null', 'is nothing'],
    ['input', '5', 'is a number'],
    ['input', '{"text":5}', 'has no text'],
  ];
  /** Read only after a decision. */
  const unreadableLater: readonly [string, string, string][] = [
    ['decision', '{"category":', 'has half a decision'],
    ['decision', '{"category":"Weather"}', 'has a decision that names no category'],
    ['corrections', 'x', 'has corrections that are none'],
  ];

  it.each(unreadable)('dies visibly, alone of its batch (%s %s: it %s)', async (field, value) => {
    await accept('a', 'b', 'c');
    const restore = await corruptField('ticket:b', field, value);
    observed.length = 0;
    expect(await claimIds(broker)).toEqual(['a', 'c']);
    expect(observed.filter((what) => what.startsWith('b '))).toEqual(['b processing', 'b dead']);
    expect((await broker.deadLetters.list()).dead_letters).toMatchObject([
      { ticket_id: 'b', error: { code: 'corrupt' } },
    ]);
    await expectDamaged(() => broker.deadLetters.retry('b'), 'ticket "b"');
    await restore();
    await broker.deadLetters.retry('b');
    expect(await claimIds(broker)).toEqual(['b']);
  });

  it('is processed if only values are corrupt that the decision replaces', async () => {
    await accept('a');
    await corruptField('ticket:a', 'decision', '{"category":');
    const [claim] = await broker.queue.claim(1);
    await broker.tickets.commit(claim!, aDecision());
    expect((await broker.tickets.get('a'))?.ticket.status).toBe('waiting');
  });

  it.each([...unreadable, ...unreadableLater])('is reported to a reader (%s %s: it %s)', async (field, value) => {
    await accept('a');
    await corruptField('ticket:a', field, value);
    await expectDamaged(async () => broker.tickets.get('a'), 'ticket "a"');
    await expect(broker.queue.claimById('a')).rejects.toMatchObject({ code: 'corrupt' });
    expect((await broker.deadLetters.list()).dead_letters).toMatchObject([
      { ticket_id: 'a', error: { code: 'corrupt' } },
    ]);
  });

  it('is the only one of its batch that is reported as corrupt when it is offered again', async () => {
    await accept('a', 'b', 'c');
    await corruptField('ticket:b', 'input', '{');
    const results = await accept('a', 'b', 'c', 'd');
    expect(results.map(({ outcome }) => outcome)).toEqual(['repeated', 'corrupt', 'repeated', 'accepted']);
  });

  it('comes back with its lease if its death cannot be written', async () => {
    await accept('a', 'b');
    await corruptField('ticket:b', 'input', '{');
    await domain.corrupt('dead');
    expect(await claimIds(broker)).toEqual(['a']);
    await domain.restore('dead');
    await domain.raw('DEL', 'lock:b');
    expect(await broker.queue.sweep()).toBe(1);
    expect(await claimIds(broker)).toEqual([]);
    expect((await broker.deadLetters.list()).dead_letters).toMatchObject([{ ticket_id: 'b', stalls: 1 }]);
  });
});

describe('an entry without a record', () => {
  it.each(['tickets:urgent', 'tickets:normal', 'tickets:processing'])('in %s is quarantined and kept', async (name) => {
    await accept('a');
    await domain.raw('LPUSH', name, '\u0000 not ours', '');
    await broker.queue.sweep();
    expect(await claimIds(broker)).toEqual(['a']);
    const [, quarantined] = (await domain.dump())['tickets:quarantined'] ?? [];
    expect(quarantined).toHaveLength(2);
    expect(quarantined).toEqual(expect.arrayContaining(['\u0000 not ours', '']));
  });

  it.each(['tickets:delayed:normal', 'tickets:delayed:urgent'])('in %s is quarantined and kept', async (name) => {
    await accept('a');
    await domain.raw('ZADD', name, 1, 'not ours');
    expect(await claimIds(broker)).toEqual(['a']);
    expect((await domain.dump())['tickets:quarantined']?.[1]).toEqual(['not ours']);
  });

  it('in a waiting line is quarantined, and the next ticket gets the slot', async () => {
    await committed(broker, 'a');
    await domain.raw('ZADD', 'waiting:Billing', 1, 'not ours');
    await broker.agents.put('ann', anAgentInput({ capacity: 1 }));
    expect((await broker.tickets.get('a'))?.ticket.assigned_agent).toBe('ann');
    expect((await domain.dump())['tickets:quarantined']?.[1]).toEqual(['not ours']);
  });

  it('that repeats one of its own lane delays no ticket', async () => {
    await accept('a', 'b');
    await domain.raw('LPUSH', 'tickets:normal', 'b', 'b');
    expect(await claimIds(broker)).toEqual(['b', 'a']);
    // The surplus entries were quarantined; nothing else is inconsistent.
    await domain.raw('DEL', 'tickets:quarantined');
  });
});

describe('a record that was deleted by hand', () => {
  it('of a queued ticket, of one in process and of a delayed one delays no other', async () => {
    await broker.queue.fail(await claimed(broker, 'rests'), { code: 'x', message: 'x', retryable: true });
    const inWork = await claimed(broker, 'in-work');
    await accept('queued', 'sound');
    for (const id of ['rests', 'in-work', 'queued']) await domain.raw('DEL', `ticket:${id}`);
    expect(await claimIds(broker)).toEqual(['sound']);
    await expect(broker.tickets.commit(inWork, aDecision())).rejects.toMatchObject({ code: 'lease_lost' });
    await expect(broker.queue.requeue(inWork)).rejects.toMatchObject({ code: 'lease_lost' });
    await domain.raw('DEL', 'lock:in-work');
    await broker.queue.sweep();
    expect(((await domain.dump())['tickets:quarantined']?.[1] as string[]).sort()).toEqual([
      'in-work',
      'queued',
      'rests',
    ]);
    // The tickets are gone for good: an operator who deletes records makes the counts wrong.
    await domain.raw('DECRBY', 'unfinished', 3);
  });

  it('of a dead letter is listed as corrupt, cannot be retried and can be removed', async () => {
    await dead(broker, 'a');
    await domain.raw('DEL', 'ticket:a');
    expect((await broker.deadLetters.list()).dead_letters).toMatchObject([
      { ticket_id: 'a', error: { code: 'corrupt' } },
    ]);
    await expectDamaged(() => broker.deadLetters.retry('a'), 'ticket:a');
    await broker.deadLetters.remove('a');
    expect((await broker.deadLetters.list()).dead_letters).toEqual([]);
  });

  it('of an assigned ticket does not prevent the removal of its agent', async () => {
    await broker.agents.put('ann', anAgentInput());
    for (const id of ['a', 'b']) await committed(broker, id);
    await domain.raw('DEL', 'ticket:a');
    await expect(broker.tickets.complete('a', {})).rejects.toMatchObject({ code: 'not_found' });
    await broker.agents.remove('ann');
    expect((await broker.tickets.get('b'))?.ticket.status).toBe('waiting');
    await domain.raw('DECR', 'unfinished');
  });
});

describe('a corrupt profile', () => {
  const broken = [
    '{"skills":',
    'null',
    '[]',
    '{"skills":{},"capacity":"2","status":"available"}',
    '{"skills":{"Billing":7},"capacity":1,"status":"away"}',
  ];

  it.each(broken)('keeps no ticket from the other agents, nor from being explained (%s)', async (profile) => {
    await broker.agents.put('ann', anAgentInput({ capacity: 1 }));
    await broker.agents.put('ben', anAgentInput({ capacity: 1 }));
    await domain.raw('HSET', 'agents', 'ann', profile);
    await domain.raw('SET', 'agents:version', 'another');
    await committed(broker, 'a');
    await committed(broker, 'b');
    await broker.tickets.complete('a', {});
    const { ticket, explanation } = (await broker.tickets.get('b'))!;
    expect(ticket.assigned_agent).toBe('ben');
    expect(explanation.assignment).toMatchObject({ how: 'first_in_line', agent_id: 'ben' });
    expect(explanation.assignment?.agents).toContainEqual(
      expect.objectContaining({ agent_id: 'ben', outcome: 'chosen' }),
    );
    await expectDamaged(() => broker.agents.list(), '"ann"');
    await expectDamaged(() => broker.agents.remove('ann'), '"ann"');
    await broker.agents.put('ann', anAgentInput({ capacity: 3 }));
    expect((await broker.agents.list()).map(({ id, load }) => [id, load])).toEqual([
      ['ann', 0],
      ['ben', 1],
    ]);
  });

  it('keeps the tickets of its agent as they are until it is repaired', async () => {
    await broker.agents.put('ann', anAgentInput());
    await committed(broker, 'a');
    await domain.raw('HSET', 'agents', 'ann', '{');
    await expectDamaged(() => broker.tickets.complete('a', {}), 'ann');
    await broker.agents.put('ann', anAgentInput());
    expect((await broker.tickets.complete('a', {})).ticket.status).toBe('completed');
  });

  it('does not prevent the removal of others', async () => {
    await broker.agents.put('ann', anAgentInput());
    await broker.agents.put('ben', anAgentInput());
    await domain.raw('HSET', 'agents', 'ann', '{');
    await domain.raw('SET', 'agents:version', 'another');
    await broker.agents.remove('ben');
    await expect(broker.agents.list()).rejects.toMatchObject({ code: 'corrupt' });
  });
});

describe('a corrupt value that is only displayed', () => {
  it('leaves the idle time of an agent open', async () => {
    await broker.agents.put('ann', anAgentInput());
    await domain.raw('HSET', 'agents:idle', 'ann', 'long');
    expect(await broker.agents.list()).toMatchObject([{ id: 'ann', idle_since: '1970-01-01T00:00:00.000Z' }]);
    expect((await committed(broker, 'a')).ticket.assigned_agent).toBe('ann');
  });

  it.each(['facts', 'ranking'])(
    'in "%s" leaves the reasons of an assignment empty and the ticket readable',
    async (field) => {
      await broker.agents.put('ann', anAgentInput());
      await committed(broker, 'a');
      await corruptField('ticket:a', field, '[["ann",');
      const record = await broker.tickets.complete('a', {});
      expect(record.explanation.assignment).toMatchObject({ how: 'ranked', agent_id: 'ann' });
      expect(await broker.tickets.get('a')).toEqual(record);
    },
  );

  it('leaves a worker out until its next announcement', async () => {
    const status = { worker_id: 'w1', circuit_breaker: 'closed', in_flight: 0 } as const;
    for (const worker_id of ['w1', 'w2', 'w3']) await broker.workers.announce({ ...status, worker_id }, 60_000);
    await domain.raw('HSET', 'workers:status', 'w2', '{', 'w3', 'null');
    expect(await broker.workers.list()).toEqual([status]);
  });

  it('does not prevent the delivery of an event', async () => {
    for (const id of ['a', 'b']) await committed(broker, id, aDecision({ urgency_score: 0.9 }));
    await domain.raw('HSET', 'outbox:attempts', 'ticket.urgent:a', 'many');
    await domain.raw('HSET', 'outbox:created', 'ticket.urgent:a', 'once');
    const entries = await broker.outbox.claim(10, 60_000);
    expect(entries).toHaveLength(2);
    expect(entries).toContainEqual(
      expect.objectContaining({ id: 'ticket.urgent:a', attempts: 0, created_at: expect.stringMatching(/Z$/) }),
    );
    await broker.outbox.retryLater('ticket.urgent:a', 1, 0);
    expect(await broker.outbox.claim(10, 60_000)).toMatchObject([{ id: 'ticket.urgent:a', attempts: 1 }]);
  });

  it('does not prevent the list of dead letters', async () => {
    await dead(broker, 'a');
    await domain.raw('HSET', 'ticket:a', 'died_ms', 'when', 'stalls', '07');
    const { dead_letters } = await broker.deadLetters.list();
    expect(dead_letters).toMatchObject([{ ticket_id: 'a', stalls: 0, died_at: '1970-01-01T00:00:00.000Z' }]);
    await domain.raw('HSET', 'ticket:a', 'stalls', '0');
  });

  it('does not prevent a reassignment, if only the place in line is unknown', async () => {
    await broker.agents.put('ann', anAgentInput());
    await committed(broker, 'a');
    for (const key of ['nan', ' 7', '0x10', 'inf', '']) {
      await domain.raw('HSET', 'ticket:a', 'wait_key', key);
      await broker.agents.remove('ann');
      expect((await broker.tickets.get('a'))?.ticket.status).toBe('waiting');
      await broker.agents.put('ann', anAgentInput());
    }
    await domain.raw('HSET', 'ticket:a', 'received_ms', 'long ago');
    await expect(broker.agents.remove('ann')).rejects.toMatchObject({ code: 'corrupt' });
  });
});
