import { createMemoryBroker } from '@smart-support/broker';
import { DEFAULT_BROKER_OPTIONS, type LocalBroker } from '@smart-support/contracts';
import { VirtualClock, aNewTicket, SCRIPTED_MODELS, anOffer } from '@smart-support/testing';
import { ADA, type FailoverHarness, createHarness } from './spec-support/failover-harness';

describe('incidents of a gateway and of the shared store', () => {
  let clock: VirtualClock;
  let behind: LocalBroker;
  let harness: FailoverHarness;
  beforeEach(async () => {
    clock = new VirtualClock();
    const options = { storm: { ...DEFAULT_BROKER_OPTIONS.storm, ticketThreshold: 2 } };
    const local = createMemoryBroker(options, { clock });
    behind = createMemoryBroker(options, { clock });
    for (const broker of [local, behind]) await broker.agents.put('ada', ADA);
    const words = { vectorise: () => ({ indices: Uint32Array.of(1), values: Float32Array.of(1) }) };
    harness = createHarness({
      clock,
      local,
      behind,
      models: { ...SCRIPTED_MODELS, baseline: { ...SCRIPTED_MODELS.baseline, words } },
    });
    harness.service.start();
  });
  afterEach(() => harness.service.stop());

  const { incidents } = { incidents: () => harness.service.incidents };
  const ids = async (): Promise<string[]> => (await incidents().list({})).incidents.map(({ id }) => id);
  const aStormHere = async (): Promise<string> => {
    for (const id of ['a', 'b', 'c']) await harness.service.submit(anOffer(id));
    const [id] = await ids();
    if (id === undefined) throw new Error('No incident has opened');
    return id;
  };

  it('are those of this process while the store is away, and can be decided', async () => {
    const id = await aStormHere();
    expect(await incidents().get(id)).toMatchObject({ status: 'open', member_count: 3 });
    expect((await incidents().members(id)).members.map(({ ticket_id }) => ticket_id)).toEqual(['a', 'b', 'c']);
    expect(await incidents().resolve(id)).toMatchObject({ status: 'resolved' });
    expect((await harness.service.tickets.get('c'))?.ticket.status).toBe('completed');
  });

  it('are resolved with the operator’s choice, in either broker', async () => {
    const id = await aStormHere();
    const { incidents: theirs } = behind;
    await behind.queue.accept([aNewTicket({ id: 's' })]);
    const there = await theirs.open('There', ['s']);
    const expected = { completed: true };
    expect(await incidents().doubtfulMembers(id)).toEqual({ members: [], next_cursor: null });
    expect(await incidents().resolve(id, { completeDoubtful: true })).toMatchObject({ doubtful_members: expected });
    harness.store.goUp();
    await clock.run(5_000);
    expect(await incidents().doubtfulMembers(there.id)).toEqual({ members: [], next_cursor: null });
    await incidents().resolve(there.id, { completeDoubtful: true });
    expect(await theirs.get(there.id)).toMatchObject({ status: 'resolved', doubtful_members: expected });
  });

  it('that only the store can know are not reported as unknown while it is away', async () => {
    for (const call of [
      incidents().get('elsewhere'),
      incidents().reject('elsewhere'),
      incidents().members('elsewhere'),
    ]) {
      await expect(call).rejects.toMatchObject({ code: 'unavailable' });
    }
  });

  it('go over with their tickets when the store is back: the suppressed ones are judged there', async () => {
    const id = await aStormHere();
    harness.store.goUp();
    await clock.run(5_000);
    expect(harness.store.adoptedIds).toEqual(['a', 'b', 'c']);
    expect(await ids()).toEqual([]);
    expect(await incidents().get(id)).toBeUndefined();
  });

  it('of both are listed, and each is decided where it is', async () => {
    const shared = await behind.queue.accept(['s', 't'].map((id) => aNewTicket({ id })));
    expect(shared).toMatchObject([{ outcome: 'accepted' }, { outcome: 'accepted' }]);
    const there = await behind.incidents.open('There', ['s']);
    harness.store.goUp();
    await clock.run(5_000);
    expect(await ids()).toEqual([there.id]);
    expect(await incidents().reject(there.id)).toMatchObject({ status: 'rejected' });
    expect(await behind.incidents.get(there.id)).toMatchObject({ status: 'rejected' });
    const opened = await incidents().open('By hand', ['s', 't']);
    expect(await behind.incidents.get(opened.id)).toMatchObject({ title: 'By hand' });
    await incidents().unlink(opened.id, 's');
    await expect(incidents().confirm(opened.id)).rejects.toMatchObject({ code: 'transition_not_allowed' });
  });
});
