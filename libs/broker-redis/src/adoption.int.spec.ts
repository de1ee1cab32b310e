import { DEFAULT_BROKER_OPTIONS, type FinishedTicket, type LocalBroker } from '@smart-support/contracts';
import { aDecision, aNewTicket, anAgentInput, anArrival } from '@smart-support/testing';
import { createMemoryBroker } from '@smart-support/broker';
import type { RedisBroker } from './redis-broker';
import { claimed, committed, openBroker } from './spec-support/brokers';
import type { Domain } from './spec-support/domain';
import { useDomains } from './spec-support/use-domains';

const newDomain = useDomains();
let domain: Domain;
let shared: RedisBroker;
let local: LocalBroker;
let observed: string[];
beforeEach(async () => {
  observed = [];
  domain = newDomain();
  const observer = {
    status: ({ id, status }: { id: string; status: string }) => void observed.push(`${id} ${status}`),
    deadLetterLost: (id: string) => void observed.push(`${id} lost`),
  };
  shared = await openBroker(domain.server, domain.prefix, { retentionMs: 60_000, deadLettersMax: 2 }, { observer });
  local = createMemoryBroker({});
});
afterEach(async () => {
  await shared?.close();
  await local.close();
  expect(await domain.audit()).toEqual([]);
});

/** Lets the local broker decide about a ticket. */
async function decideLocally(id: string, urgency_score = 0.5, idempotency_key?: string): Promise<void> {
  await local.queue.accept([
    aNewTicket({
      id,
      lane: 'urgent',
      ...(idempotency_key === undefined ? {} : { idempotency_key }),
      input: { channel: 'mail', metadata: { plan: 3 } },
      source: { key: 'web', domain: 'shop' },
    }),
  ]);
  const claim = await local.queue.claimById(id);
  await local.tickets.commit(claim!, aDecision({ urgency_score }));
}

async function dieLocally(id: string): Promise<void> {
  await local.queue.accept([aNewTicket({ id })]);
  const claim = await local.queue.claimById(id);
  await local.queue.fail(claim!, { code: 'poison', message: `It broke on ${id}`, retryable: false });
}

function finished(id: string): FinishedTicket {
  const found = local.finishedById(id);
  if (!found) throw new Error(`Ticket ${id} is not finished`);
  return found;
}

const load = async (agent: string) => (await shared.agents.list()).find(({ id }) => id === agent)?.load;

describe('a ticket that was finished while the store was away', () => {
  it('keeps waiting in an incident that opens here, if it has an always-routed signal', async () => {
    for (const [id, isAlwaysRouted] of [
      ['gas', true],
      ['other', false],
    ] as const) {
      await local.queue.accept([aNewTicket({ id })]);
      const claim = await local.queue.claimById(id);
      await local.storms.judge(claim!, anArrival({ severe_signal: 'harm_danger', isAlwaysRouted }));
      await local.tickets.commit(claim!, aDecision());
      await shared.adopt(finished(id));
    }
    await shared.incidents.open('An outage', ['gas', 'other']);
    const statuses = await Promise.all(
      ['gas', 'other'].map(async (id) => (await shared.tickets.get(id))?.ticket.status),
    );
    expect(statuses).toEqual(['waiting', 'suppressed']);
  });

  it('that was a doubtful member of an incident that was resolved there is no part of a storm here', async () => {
    await dieLocally('a');
    await shared.adopt({ ...finished('a'), released: 'incident-1' });
    await shared.deadLetters.retry('a');
    const claim = await shared.queue.claimById('a');
    expect(await shared.storms.judge(claim!, anArrival())).toMatchObject({
      ...{ routing: 'routed', kept_out: 'doubtful_member', nearest: { id: 'incident-1' } },
    });
  });

  it('comes with its agent, also beyond the capacity, and with all its reasons', async () => {
    await local.agents.put('ann', anAgentInput({ capacity: 3 }));
    await shared.agents.put('ann', anAgentInput({ capacity: 1 }));
    await committed(shared, 'here');
    for (const id of ['a', 'b']) {
      await decideLocally(id, 0.9, `key-${id}`);
      expect(await shared.adopt(finished(id))).toBe('adopted');
      expect(await shared.tickets.get(id)).toEqual(finished(id).record);
    }
    expect(await load('ann')).toBe(3);
    await committed(shared, 'later');
    for (const [id, expected] of [
      ['a', 2],
      ['here', 1],
      ['b', 1],
    ] as const) {
      await shared.tickets.complete(id, {});
      expect(await load('ann')).toBe(expected);
    }
    expect((await shared.tickets.get('later'))?.ticket.assigned_agent).toBe('ann');
  });

  it('waits in line if no agent has a slot, with the reasons that it came with', async () => {
    await shared.agents.put('ann', anAgentInput({ capacity: 0 }));
    await decideLocally('a');
    expect(await shared.adopt(finished('a'))).toBe('adopted');
    expect(await shared.tickets.get('a')).toEqual(finished('a').record);
    expect((await shared.queue.report()).waiting.Billing).toBe(1);
  });

  it('waits in line if its agent is not known', async () => {
    await local.agents.put('ann', anAgentInput());
    await shared.agents.put('ben', anAgentInput({ capacity: 0 }));
    await decideLocally('a');
    observed.length = 0;
    expect(await shared.adopt(finished('a'))).toBe('adopted');
    const { ticket, explanation } = (await shared.tickets.get('a'))!;
    expect(ticket).toEqual({ ...finished('a').record.ticket, status: 'waiting', assigned_agent: null });
    expect(explanation.assignment).toMatchObject({
      how: 'waiting',
      agent_id: null,
      agents: [{ agent_id: 'ben', outcome: 'no_capacity' }],
    });
    expect(observed).toEqual(['a waiting']);
  });

  it('is assigned at once to an agent with a slot', async () => {
    await shared.agents.put('ben', anAgentInput({ capacity: 1 }));
    await decideLocally('a');
    await decideLocally('b');
    observed.length = 0;
    for (const id of ['a', 'b']) await shared.adopt(finished(id));
    expect((await shared.tickets.get('a'))?.explanation.assignment).toMatchObject({
      how: 'first_in_line',
      agent_id: 'ben',
    });
    expect((await shared.tickets.get('b'))?.ticket.status).toBe('waiting');
    expect(observed).toEqual(['a assigned']);
  });

  it('keeps its place in line among those that are here', async () => {
    await decideLocally('first', 0.2);
    await committed(shared, 'second', aDecision({ urgency_score: 0.2 }));
    await shared.adopt(finished('first'));
    await shared.agents.put('ann', anAgentInput({ capacity: 1 }));
    expect((await shared.tickets.get('first'))?.ticket.assigned_agent).toBe('ann');
  });

  it('stays completed, and is kept as long as others', async () => {
    await local.agents.put('ann', anAgentInput());
    await decideLocally('a');
    await local.tickets.complete('a', { category: 'Legal' });
    await shared.adopt(finished('a'));
    expect(await shared.tickets.get('a')).toEqual(finished('a').record);
    expect(await shared.tickets.complete('a', {})).toEqual(finished('a').record);
    const rest = Number(await domain.raw('PTTL', 'ticket:a'));
    expect(rest).toBeGreaterThan(0);
    expect(rest).toBeLessThanOrEqual(60_000);
  });

  it('stays dead with its error, and can be retried', async () => {
    for (const id of ['a', 'b', 'c']) {
      await dieLocally(id);
      await shared.adopt(finished(id));
    }
    const { dead_letters } = await shared.deadLetters.list();
    expect(dead_letters).toEqual([finished('b').death, finished('c').death]);
    expect(observed).toEqual(['a lost']);
    expect(await shared.tickets.get('b')).toEqual(finished('b').record);
    expect((await shared.deadLetters.retry('b')).ticket).toMatchObject({ id: 'b', status: 'queued', attempts: 0 });
    expect((await shared.queue.claim(5)).map(({ record }) => record.ticket.id)).toEqual(['b']);
  });

  it('brings its undelivered alert along unchanged', async () => {
    await decideLocally('a', 0.95);
    const { event } = finished('a');
    await shared.adopt(finished('a'));
    expect(await shared.outbox.claim(10, 1000)).toEqual([event]);
  });

  it('raises no second alert once that was delivered, whatever becomes of it', async () => {
    await decideLocally('a', 0.95);
    await local.outbox.acknowledge('ticket.urgent:a');
    await shared.adopt(finished('a'));
    await shared.agents.put('ann', anAgentInput());
    await shared.tickets.complete('a', {});
    expect(await shared.outbox.claim(10, 1000)).toEqual([]);
  });

  it('brings its idempotency key along, and takes none from a ticket that is here', async () => {
    await shared.queue.accept([aNewTicket({ id: 'here', text: 'x', idempotency_key: 'taken' })]);
    await decideLocally('a', 0.5, 'free');
    await decideLocally('b', 0.5, 'taken');
    for (const id of ['a', 'b']) await shared.adopt(finished(id));
    const { input } = aNewTicket({ id: 'a' });
    const offer = (text: string, idempotency_key: string) =>
      shared.queue.accept([aNewTicket({ id: 'new', text, idempotency_key })]);
    expect(await offer(input.text, 'free')).toMatchObject([{ outcome: 'repeated', record: { ticket: { id: 'a' } } }]);
    expect(await offer('x', 'taken')).toMatchObject([{ outcome: 'repeated', record: { ticket: { id: 'here' } } }]);
  });

  describe('with a duplicate key', () => {
    const twice = (id: string) => aNewTicket({ id, text: 'Save failed', duplicate_key: 'k' });
    const decidedTwice = async (id: string): Promise<void> => {
      await local.queue.accept([twice(id)]);
      await local.tickets.commit((await local.queue.claimById(id))!, aDecision());
    };

    it('is recognised here for the rest of its time, and not longer', async () => {
      await decidedTwice('a');
      await shared.adopt(finished('a'));
      const left = Number(await domain.raw('PTTL', 'duplicate:k'));
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThanOrEqual(10_000);
      expect(await shared.queue.accept([twice('b')])).toMatchObject([
        { outcome: 'repeated', record: { ticket: { id: 'a' } } },
      ]);
    });

    it('is not recognised once that time is over', async () => {
      await decidedTwice('a');
      const { record, ...rest } = finished('a');
      const received_at = new Date(Date.now() - 11_000).toISOString();
      await shared.adopt({ ...rest, record: { ...record, ticket: { ...record.ticket, received_at } } });
      expect(await shared.queue.accept([twice('b')])).toMatchObject([{ outcome: 'accepted' }]);
    });

    it('is recognised no longer than its time from now, whatever clock set its arrival', async () => {
      await decidedTwice('a');
      const { record, ...rest } = finished('a');
      const received_at = new Date(Date.now() + 3_600_000).toISOString();
      await shared.adopt({ ...rest, record: { ...record, ticket: { ...record.ticket, received_at } } });
      expect(Number(await domain.raw('PTTL', 'duplicate:k'))).toBeLessThanOrEqual(10_000);
    });

    it('leaves the key to the first ticket that is here', async () => {
      await shared.queue.accept([twice('here')]);
      await decidedTwice('a');
      await shared.adopt(finished('a'));
      expect(await shared.queue.accept([twice('b')])).toMatchObject([
        { outcome: 'repeated', record: { ticket: { id: 'here' } } },
      ]);
    });
  });

  it.each(['queued', 'processing', 'waiting', 'completed', 'dead'])(
    'changes nothing here if it is already %s',
    async (status) => {
      await local.agents.put('ann', anAgentInput());
      await shared.agents.put('ann', anAgentInput({ capacity: status === 'completed' ? 1 : 0 }));
      await shared.queue.accept([aNewTicket({ id: 'a' })]);
      if (status !== 'queued') {
        const claim = await shared.queue.claimById('a');
        if (status === 'dead') await shared.queue.fail(claim!, { code: 'poison', message: 'x', retryable: false });
        if (status === 'waiting' || status === 'completed') await shared.tickets.commit(claim!, aDecision());
        if (status === 'completed') await shared.tickets.complete('a', {});
      }
      await decideLocally('a');
      const before = await domain.dump();
      expect(before['ticket:a']?.[1]).toContainEqual(['status', status]);
      expect(await shared.adopt(finished('a'))).toBe('known');
      expect(await domain.dump()).toEqual(before);
    },
  );

  it('is refused if it is not finished, or lacks what was decided or how it died', async () => {
    await local.agents.put('ann', anAgentInput());
    await decideLocally('a');
    await dieLocally('d');
    const { record } = finished('a');
    const queued = (await claimed(shared, 'q')).record;
    await expect(shared.adopt({ record: queued })).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(shared.adopt({ record: finished('d').record })).rejects.toMatchObject({ code: 'invalid_input' });
    const undecided = { ...record, ticket: { ...record.ticket, category: null } };
    await expect(shared.adopt({ record: undecided })).rejects.toMatchObject({ code: 'invalid_input' });
    const unexplained = { ...record, explanation: { ...record.explanation, assignment: null } };
    await expect(shared.adopt({ record: unexplained })).rejects.toMatchObject({ code: 'invalid_input' });
    expect(await shared.tickets.get('a')).toBeUndefined();
  });
});

describe('a ticket of an incident that opened while the store was away', () => {
  const judgedLocally = async (id: string): Promise<void> => {
    await local.queue.accept([aNewTicket({ id })]);
    const claim = (await local.queue.claimById(id))!;
    const storm = await local.storms.judge(claim, anArrival());
    await local.tickets.commit(claim, { ...aDecision({ urgency_score: 0.9 }), storm });
  };
  const settleAlerts = async (broker: Pick<LocalBroker, 'outbox'>): Promise<string[]> => {
    const events = await broker.outbox.claim(100, 1000);
    for (const { id } of events) await broker.outbox.acknowledge(id);
    return events.map(({ id }) => id);
  };
  beforeEach(() => {
    local = createMemoryBroker({ storm: { ...DEFAULT_BROKER_OPTIONS.storm, ticketThreshold: 2 } });
  });

  it('that was suppressed is queued, and judged with all others; one that raised an alert before raises no second one', async () => {
    for (const id of ['a', 'b', 'c']) await judgedLocally(id);
    expect((await settleAlerts(local)).sort()).toEqual([expect.any(String), 'ticket.urgent:a', 'ticket.urgent:b']);
    for (const id of ['a', 'b', 'c']) expect(await shared.adopt(finished(id))).toBe('adopted');
    for (const claim of await shared.queue.claim(10)) {
      await shared.tickets.commit(claim, aDecision({ urgency_score: 0.9 }));
    }
    expect(await settleAlerts(shared)).toEqual(['ticket.urgent:c']);
    expect(observed).toContain('c queued');
  });

  it('that its incident completed comes as it is', async () => {
    for (const id of ['a', 'b', 'c']) await judgedLocally(id);
    const [incident] = (await local.incidents.list()).incidents;
    await local.incidents.resolve(incident?.id ?? '');
    expect(await shared.adopt(finished('c'))).toBe('adopted');
    const record = await shared.tickets.get('c');
    expect(record?.ticket).toMatchObject({ status: 'completed', resolution: 'incident', category: 'Billing' });
    expect(record?.explanation.assignment).toBeNull();
  });

  it('that has an agent counts in the storm log with its time of arrival, and the incident is not notified a second time', async () => {
    await local.agents.put('ann', anAgentInput({ capacity: 10 }));
    await shared.agents.put('ann', anAgentInput({ capacity: 10 }));
    for (const id of ['a', 'b', 'c']) await judgedLocally(id);
    await settleAlerts(local);
    const storm = { ...DEFAULT_BROKER_OPTIONS.storm, ticketThreshold: 2 };
    const other = await openBroker(domain.server, domain.prefix, { storm });
    for (const id of ['a', 'b', 'c']) await shared.adopt(finished(id));
    const [claim] = await other.queue.claim(10);
    const verdict = await other.storms.judge(claim!, anArrival());
    expect(verdict.routing).toBe('suppressed');
    await other.tickets.commit(claim!, { ...aDecision(), storm: verdict });
    const [incident] = (await other.incidents.list()).incidents;
    expect(incident).toMatchObject({ status: 'open', member_count: 3, representative_ticket_id: 'a' });
    expect((await shared.tickets.get('b'))?.ticket).toMatchObject({
      ...{ status: 'assigned', is_duplicate: true, master_incident_id: incident?.id },
    });
    expect((await settleAlerts(other)).filter((id) => id.startsWith('incident.opened'))).toEqual([]);
    await other.close();
  });
});
