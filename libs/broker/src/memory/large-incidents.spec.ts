import { setImmediate } from 'node:timers/promises';
import {
  type BrokerOptions,
  DEFAULT_BROKER_OPTIONS,
  type LocalBroker,
  type TicketStatus,
} from '@smart-support/contracts';
import { VirtualClock, aDecision, aNewTicket, anArrival } from '@smart-support/testing';
import { createMemoryBroker } from './memory-broker';

const MEMBERS = 3000;
/** Members of the largest part that one turn of the event loop may settle. */
const MOST_PER_TURN = 500;

const idsOf = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `t${String(index).padStart(5, '0')}`);

describe('a large incident of the memory broker', () => {
  let broker: LocalBroker;
  let changed: string[];
  const ids = idsOf(MEMBERS);

  /** 3,000 tickets that wait for an agent. */
  const start = async (options: Partial<BrokerOptions> = {}): Promise<void> => {
    changed = [];
    const observer = { status: ({ id }: { id: string }) => void changed.push(id), deadLetterLost: () => undefined };
    broker = createMemoryBroker({ ...DEFAULT_BROKER_OPTIONS, ...options }, { clock: new VirtualClock(), observer });
    await broker.queue.accept(ids.map((id) => aNewTicket({ id })));
    for (const claim of await broker.queue.claim(MEMBERS)) await broker.tickets.commit(claim, aDecision());
  };
  /** An incident that suppresses 3,000 tickets. */
  const anIncident = async (options?: Partial<BrokerOptions>): Promise<string> => {
    await start(options);
    const { id } = await broker.incidents.open('An outage', ids);
    changed = [];
    return id;
  };
  const statusOf = async (id: string): Promise<TicketStatus | undefined> =>
    (await broker.tickets.get(id))?.ticket.status;
  const countOf = async (status: TicketStatus): Promise<number> =>
    (await Promise.all(ids.map(statusOf))).filter((one) => one === status).length;
  const untilSettled = async (): Promise<void> => {
    for (let turns = 0; turns < MEMBERS && (await countOf('suppressed')) > 0; turns += 1) await setImmediate();
  };

  it.each([
    ['resolve', 'completed'],
    ['reject', 'queued'],
  ] as const)(
    'settles a thousand members before the answer, and some hundred in each turn after it (%s)',
    async (end, status) => {
      const id = await anIncident();
      await broker.incidents[end](id);
      expect(await countOf(status)).toBe(1000);
      for (let before = 1000; before < MEMBERS; before = changed.length) {
        await setImmediate();
        expect(changed.length).toBeGreaterThan(before);
        expect(changed.length - before).toBeLessThanOrEqual(MOST_PER_TURN);
      }
      expect(await countOf(status)).toBe(MEMBERS);
      expect(new Set(changed).size).toBe(changed.length);
    },
  );

  it('requeues members to the front of their lane, the earliest arrival first', async () => {
    const id = await anIncident();
    await broker.queue.accept([aNewTicket({ id: 'later' })]);
    await broker.incidents.reject(id);
    await untilSettled();
    const claimed = (await broker.queue.claim(MEMBERS + 1)).map(({ record }) => record.ticket.id);
    expect(claimed).toEqual([...ids, 'later']);
  });

  it.each(['resolve', 'reject'] as const)('hands no member over that is not settled yet (%s)', async (end) => {
    const id = await anIncident();
    await broker.incidents[end](id);
    const first = ids[0]!;
    expect(await broker.tickets.get(first)).toMatchObject({
      ticket: { status: 'suppressed', master_incident_id: id },
    });
    expect(broker.finishedById(first)).toBeUndefined();
    const finished = broker.finished(MEMBERS).map(({ record }) => record.ticket.status);
    expect(finished).toEqual(end === 'resolve' ? Array(1000).fill('completed') : []);
    broker.beginHandoff(first);
    broker.completeHandoff(first);
    await untilSettled();
    expect(await statusOf(first)).toBe(end === 'resolve' ? 'completed' : 'queued');
    expect(broker.finished(MEMBERS)).toHaveLength(end === 'resolve' ? MEMBERS : 0);
  });

  it.each([
    ['resolve', 'completed'],
    ['reject', 'queued'],
  ] as const)('leaves members in handoff alone until its outcome is known (%s)', async (end, status) => {
    const id = await anIncident();
    const [gone, back, later] = ids as [string, string, string];
    for (const member of [gone, back, later]) broker.beginHandoff(member);
    await broker.incidents[end](id);
    broker.completeHandoff(gone);
    broker.abortHandoff(back);
    expect([await statusOf(gone), await statusOf(back), await statusOf(later)]).toEqual([
      undefined,
      status,
      'suppressed',
    ]);
    for (let turns = 0; turns < MEMBERS; turns += 1) await setImmediate();
    expect(await countOf('suppressed')).toBe(1);
    broker.abortHandoff(later);
    expect([await statusOf(back), await statusOf(later)]).toEqual([status, status]);
    expect(new Set(changed).size).toBe(changed.length);
  });

  it('is decided once: the choice applies to members that are settled later', async () => {
    const id = await anIncident();
    await broker.incidents.resolve(id, { completeDoubtful: true });
    for (const again of [
      broker.incidents.resolve(id),
      broker.incidents.reject(id),
      broker.incidents.unlink(id, ids[0]!),
    ]) {
      await expect(again).rejects.toMatchObject({ code: 'transition_not_allowed' });
    }
    await untilSettled();
    expect(await countOf('completed')).toBe(MEMBERS);
    expect((await broker.incidents.get(id))?.doubtful_members).toEqual({ count: 0, completed: true });
  });

  it.each(['resolve', 'reject'] as const)(
    'leaves a member to the incident that an operator opens around it before it is settled (%s)',
    async (end) => {
      const id = await anIncident();
      await broker.incidents[end](id);
      const named = ids.slice(0, 2);
      const next = await broker.incidents.open('Another outage', named);
      for (let turns = 0; turns < MEMBERS; turns += 1) await setImmediate();
      for (const one of named) {
        expect((await broker.tickets.get(one))?.ticket).toMatchObject({
          ...{ status: 'suppressed', master_incident_id: next.id },
        });
      }
      expect(await countOf('suppressed')).toBe(named.length);
      await broker.incidents.resolve(next.id);
      expect(await Promise.all(named.map(statusOf))).toEqual(['completed', 'completed']);
    },
  );

  it('is kept until its members are settled, however few ended incidents are kept', async () => {
    const id = await anIncident({ ticketsKept: 0 });
    await broker.incidents.resolve(id);
    expect((await broker.incidents.get(id))?.status).toBe('resolved');
    await untilSettled();
    expect([await broker.incidents.get(id), (await broker.queue.report()).waiting.Billing]).toEqual([undefined, 0]);
    expect(changed).toHaveLength(MEMBERS);
  });

  it('keeps no ticket in memory once it is dropped', async () => {
    await start({ ticketsKept: 0 });
    await broker.queue.accept([aNewTicket({ id: 'z-late' })]);
    const late = (await broker.queue.claimById('z-late'))!;
    await broker.storms.judge(late, anArrival());
    const { id } = await broker.incidents.open('An outage', [...ids, 'z-late']);
    expect((await broker.storms.judge(late, anArrival())).incident?.id).toBe(id);
    await broker.incidents.resolve(id);
    await untilSettled();
    expect((await broker.incidents.list()).incidents).toEqual([]);
    const storm = await broker.storms.judge(late, anArrival());
    const { ticket } = await broker.tickets.commit(late, { ...aDecision(), storm });
    expect(ticket).toMatchObject({ status: 'waiting', is_duplicate: false, master_incident_id: null });
  });

  it('keeps no ticket in memory once it is rejected, also one that is decided before it is settled', async () => {
    await start();
    await broker.queue.accept([aNewTicket({ id: '0-late' })]);
    const late = (await broker.queue.claimById('0-late'))!;
    const { id } = await broker.incidents.open('An outage', ['0-late', ...ids]);
    await broker.incidents.reject(id);
    const storm = await broker.storms.judge(late, anArrival());
    expect(storm).toMatchObject({ routing: 'routed', incident: null });
    const { ticket } = await broker.tickets.commit(late, { ...aDecision(), storm });
    expect(ticket).toMatchObject({ status: 'waiting', is_duplicate: false, master_incident_id: null });
    await untilSettled();
    expect([await statusOf('0-late'), await countOf('queued')]).toEqual(['waiting', MEMBERS]);
  });

  it('is settled no further once the broker is closed', async () => {
    const id = await anIncident();
    await broker.incidents.reject(id);
    await broker.close();
    for (let turns = 0; turns < 20; turns += 1) await setImmediate();
    expect(changed).toHaveLength(1000);
  });
});
