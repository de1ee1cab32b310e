import { DEFAULT_BROKER_OPTIONS, type BrokerOptions, type LocalBroker } from '@smart-support/contracts';
import { VirtualClock, aDecision, aNewTicket, anAgentInput, anArrival } from '@smart-support/testing';
import { createMemoryBroker } from './memory-broker';

/** The third similar ticket opens an incident. */
const EARLY: Partial<BrokerOptions> = { storm: { ...DEFAULT_BROKER_OPTIONS.storm, ticketThreshold: 2 } };

describe('incidents of the memory broker', () => {
  let clock: VirtualClock;
  let broker: LocalBroker;
  const start = (options: Partial<BrokerOptions> = {}): void => {
    clock = new VirtualClock();
    broker = createMemoryBroker(options, { clock });
  };
  beforeEach(() => start());
  const claimed = async (id: string) => {
    await broker.queue.accept([aNewTicket({ id })]);
    const claim = await broker.queue.claimById(id);
    if (!claim) throw new Error(`Ticket ${id} could not be claimed`);
    return claim;
  };
  const committed = async (id: string) => broker.tickets.commit(await claimed(id), aDecision());
  const judged = async (id: string) => {
    const claim = await claimed(id);
    const storm = await broker.storms.judge(claim, anArrival());
    return broker.tickets.commit(claim, { ...aDecision(), storm });
  };
  const listed = async () => (await broker.incidents.list()).incidents.map(({ title }) => title);

  it('leave a released member alone, also long after the log has dropped its first verdict', async () => {
    start(EARLY);
    for (const id of ['a', 'b', 'c']) await judged(id);
    const [first] = (await broker.incidents.list()).incidents;
    const legal = await claimed('legal');
    const storm = await broker.storms.judge(legal, anArrival());
    await broker.tickets.commit(legal, { ...aDecision({ category: 'Legal' }), storm });
    await broker.incidents.resolve(first!.id);
    clock.advance(3_600_000);
    await broker.queue.sweep();
    for (const id of ['x', 'y', 'z']) await judged(id);
    const again = await broker.queue.claimById('legal');
    expect(await broker.storms.judge(again!, anArrival())).toMatchObject({
      ...{ routing: 'routed', incident: null, kept_out: 'doubtful_member', nearest: { id: first!.id, similarity: 1 } },
    });
  });

  it('are kept up to a bound once they have ended; the first to end are dropped first', async () => {
    start({ ticketsKept: 1 });
    const ids: string[] = [];
    for (const id of ['a', 'b', 'c']) {
      await committed(id);
      ids.push((await broker.incidents.open(id, [id])).id);
    }
    for (const index of [1, 0]) await broker.incidents.resolve(ids[index]!);
    expect(await listed()).toEqual(['c', 'a']);
  });

  it('complete their tickets also if no ended incident is kept', async () => {
    start({ ticketsKept: 0 });
    await committed('a');
    const { id } = await broker.incidents.open('An outage', ['a']);
    expect((await broker.incidents.resolve(id)).status).toBe('resolved');
    expect([await broker.incidents.get(id), await broker.tickets.get('a')]).toEqual([undefined, undefined]);
  });

  it('leave a late ticket of a dropped incident to an agent', async () => {
    start({ ticketsKept: 0 });
    const first = await claimed('a');
    await broker.storms.judge(first, anArrival());
    const { id } = await broker.incidents.open('An outage', ['a']);
    const late = await claimed('late');
    expect((await broker.storms.judge(late, anArrival())).routing).toBe('suppressed');
    await broker.incidents.resolve(id);
    await broker.queue.sweep();
    await broker.incidents.list();
    const storm = await broker.storms.judge(late, anArrival());
    expect(storm).toMatchObject({ routing: 'routed', incident: null });
    expect((await broker.tickets.commit(late, { ...aDecision(), storm })).ticket.status).toBe('waiting');
  });

  it('keep the title of their first representative', async () => {
    start(EARLY);
    for (const id of ['a', 'b', 'c']) await judged(id);
    const [incident] = (await broker.incidents.list()).incidents;
    await broker.incidents.unlink(incident?.id ?? '', 'a');
    expect((await broker.incidents.list()).incidents).toMatchObject([
      { representative_ticket_id: 'b', title: 'Please look into matter a.' },
    ]);
  });

  it('do not change a ticket in handoff, and link it if the handoff is aborted', async () => {
    start(EARLY);
    const before = await judged('a');
    broker.beginHandoff('a');
    await expect(broker.incidents.open('An outage', ['a'])).rejects.toMatchObject({ code: 'unavailable' });
    for (const id of ['b', 'c']) await judged(id);
    const { incidents } = await broker.incidents.list();
    const incidentId = incidents[0]!.id;
    await expect(broker.incidents.unlink(incidentId, 'a')).rejects.toMatchObject({ code: 'unavailable' });
    expect(await broker.tickets.get('a')).toBe(before);
    broker.abortHandoff('a');
    const { ticket } = (await broker.tickets.get('a'))!;
    expect(ticket).toEqual({ ...before.ticket, status: 'suppressed', master_incident_id: incidentId });
  });

  describe('whose tickets are handed over to another broker', () => {
    const statusOf = async (id: string) => (await broker.tickets.get(id))?.ticket.status;
    const handedOver = () =>
      broker.finished(10).map(({ record, storm_entry }) => {
        const entry =
          storm_entry === undefined ? null : (JSON.parse(storm_entry) as { elsewhere: { notified: boolean } });
        return [record.ticket.id, entry?.elsewhere ?? null] as const;
      });

    it('go with them: decided tickets as entries of the log, without a second event; suppressed ones are judged there', async () => {
      start(EARLY);
      await broker.agents.put('ann', anAgentInput({ capacity: 10 }));
      await judged('alone');
      expect(handedOver()).toEqual([['alone', { notified: false }]]);
      for (const id of ['b', 'c']) await judged(id);
      expect(handedOver()).toEqual([
        ['alone', { notified: true }],
        ['b', { notified: true }],
        ['c', null],
      ]);
    });

    it('do not count there once they have ended here', async () => {
      for (const end of ['resolve', 'reject'] as const) {
        start(EARLY);
        await broker.agents.put('ann', anAgentInput({ capacity: 10 }));
        for (const id of ['a', 'b', 'c']) await judged(id);
        const [incident] = (await broker.incidents.list()).incidents;
        await broker.incidents[end](incident?.id ?? '');
        expect(handedOver().map(([, elsewhere]) => elsewhere)).not.toContainEqual(expect.anything());
      }
    });

    it('end here without an event once they have no members left, and similar tickets may open another', async () => {
      start(EARLY);
      for (const id of ['a', 'b', 'c']) await judged(id);
      await broker.outbox.acknowledge((await broker.outbox.claim(1, 1000))[0]?.id ?? '');
      for (const id of ['a', 'b', 'c']) {
        broker.beginHandoff(id);
        broker.completeHandoff(id);
      }
      expect(await listed()).toEqual([]);
      expect(await broker.outbox.claim(10, 1000)).toEqual([]);
      for (const id of ['d', 'e', 'f']) await judged(id);
      expect((await broker.incidents.list()).incidents).toMatchObject([{ status: 'open', member_count: 3 }]);
    });

    it('are dropped once they have no members left, also if a doubtful member was released and belongs to another incident', async () => {
      for (const isNamedAgain of [false, true]) {
        start(EARLY);
        for (const id of ['a', 'b', 'c']) await judged(id);
        const legal = await claimed('legal');
        const storm = await broker.storms.judge(legal, anArrival());
        await broker.tickets.commit(legal, { ...aDecision({ category: 'Legal' }), storm });
        const [incident] = (await broker.incidents.list()).incidents;
        await broker.incidents.resolve(incident!.id);
        const again = await broker.queue.claimById('legal');
        const alone = await broker.storms.judge(again!, anArrival());
        await broker.tickets.commit(again!, { ...aDecision({ category: 'Legal' }), storm: alone });
        if (isNamedAgain) await broker.incidents.open('Another outage', ['legal']);
        for (const id of ['a', 'b', 'c']) broker.completeHandoff(id);
        expect(await broker.incidents.get(incident!.id)).toMatchObject({ member_count: 4 });
        broker.completeHandoff('legal');
        expect((await broker.incidents.list()).incidents).toEqual([]);
      }
    });

    it('do not count there for a doubtful member that was released here, which is recorded', async () => {
      start(EARLY);
      for (const id of ['a', 'b', 'c']) await judged(id);
      const legal = await claimed('legal');
      const storm = await broker.storms.judge(legal, anArrival());
      await broker.tickets.commit(legal, { ...aDecision({ category: 'Legal' }), storm });
      const [incident] = (await broker.incidents.list()).incidents;
      await broker.incidents.resolve(incident!.id);
      const again = await broker.queue.claimById('legal');
      const alone = await broker.storms.judge(again!, anArrival());
      await broker.tickets.commit(again!, { ...aDecision({ category: 'Legal' }), storm: alone });
      expect(broker.finishedById('legal')).toMatchObject({ released: incident!.id });
      expect(broker.finishedById('legal')).not.toHaveProperty('storm_entry');
    });

    it('requeue a doubtful ticket whose handoff was aborted', async () => {
      start(EARLY);
      for (const id of ['a', 'b', 'c']) await judged(id);
      const claim = await claimed('legal');
      const storm = await broker.storms.judge(claim, anArrival());
      await broker.tickets.commit(claim, { ...aDecision({ category: 'Legal' }), storm });
      const [incident] = (await broker.incidents.list()).incidents;
      broker.beginHandoff('legal');
      await broker.incidents.resolve(incident?.id ?? '');
      expect(await statusOf('legal')).toBe('suppressed');
      broker.abortHandoff('legal');
      expect(await statusOf('legal')).toBe('queued');
    });

    it.each([
      ['resolve', 'completed'],
      ['reject', 'queued'],
    ] as const)('are caught up with by a ticket that was taken back: %s', async (end, status) => {
      start(EARLY);
      for (const id of ['a', 'b', 'c']) await judged(id);
      const [incident] = (await broker.incidents.list()).incidents;
      broker.beginHandoff('c');
      await broker.incidents[end](incident?.id ?? '');
      expect(await statusOf('c')).toBe('suppressed');
      broker.abortHandoff('c');
      expect(await statusOf('c')).toBe(status);
    });
  });
});
