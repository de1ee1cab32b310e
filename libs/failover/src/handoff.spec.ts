import { anOffer } from '@smart-support/testing';
import { ADA } from './spec-support/failover-harness';
import {
  A_ROUND_MS,
  broker,
  clock,
  bringStoreUp,
  local,
  harness,
  setUpHarness,
  startWithStoreDown,
  status,
  store,
  submit,
  useHarness,
} from './spec-support/use-harness';

const away = expect.objectContaining({ code: 'unavailable' });

useHarness();

describe('the handoff', () => {
  const routed = async (...ids: string[]) => {
    for (const id of ids) expect(await submit(anOffer(id))).toMatch(/^routed accepted/);
  };

  it('hands every ticket over once: with an agent, in line, completed, dead', async () => {
    await setUpHarness({ maxAttempts: 1 });
    await local.agents.put('ada', { ...ADA, capacity: 2 });
    startWithStoreDown();
    await routed('done', 'with-agent', 'later', 'in-line');
    await broker.tickets.complete('done', { category: 'Legal' });
    await submit(anOffer('dead', 'poison'));
    expect(await Promise.all(['done', 'with-agent', 'later', 'in-line', 'dead'].map(status))).toEqual([
      'completed',
      'assigned',
      'assigned',
      'waiting',
      'dead',
    ]);
    await bringStoreUp();
    const adoptions = store.carriedOut.filter((line) => line.startsWith('adopt')).sort();
    expect(adoptions).toEqual([
      'adopt dead dead',
      'adopt done completed',
      'adopt in-line waiting',
      'adopt later assigned',
      'adopt with-agent assigned',
    ]);
    expect(local.finished(10)).toEqual([]);
    expect(harness.events.filter((line) => line.startsWith('moved'))).toHaveLength(5);
    expect(await status('done')).toBe('completed');
  });

  it('hands any number over', async () => {
    await local.agents.put('ada', { ...ADA, capacity: 1000 });
    startWithStoreDown();
    await routed(...Array.from({ length: 230 }, (_, n) => `T-${n}`));
    await bringStoreUp();
    expect([store.adoptedIds.length, local.finished(1000)]).toEqual([230, []]);
  });

  it('a ticket that is finished only after the return follows within about a second', async () => {
    startWithStoreDown();
    await local.queue.accept([{ id: 'A', input: { text: 'text of A' }, lane: 'normal', lane_urgency: 0 }]);
    const claim = await local.queue.claimById('A');
    await bringStoreUp();
    expect([await status('A'), store.adoptedIds]).toEqual(['processing', []]);
    await harness.pipeline.processClaim(claim!);
    await clock.run(A_ROUND_MS);
    expect(store.adoptedIds).toEqual(['A']);
  });

  it('a completion before the handoff goes to the shared broker, after the ticket', async () => {
    startWithStoreDown();
    await routed('A');
    store.goUp();
    expect((await broker.tickets.complete('A', {})).ticket.status).toBe('completed');
    expect(store.carriedOut).toContain('adopt A assigned');
    expect([await status('A'), store.adoptedIds, await local.tickets.get('A')]).toEqual([
      'completed',
      ['A'],
      undefined,
    ]);
  });

  it('a completion during the handoff waits for it to arrive, and is not lost', async () => {
    startWithStoreDown();
    await routed('A');
    const release = store.delayReplies('adopt');
    store.goUp();
    await clock.run(0);
    const completed = broker.tickets.complete('A', {});
    await clock.run(0);
    release('arrive');
    expect((await completed).ticket.status).toBe('completed');
    await clock.run(A_ROUND_MS);
    expect([await status('A'), await local.tickets.get('A')]).toEqual(['completed', undefined]);
  });

  it('a completion while the store goes away with the ticket is refused until the outcome is known, and is not lost', async () => {
    startWithStoreDown();
    await routed('A');
    const release = store.delayReplies('adopt');
    store.goUp();
    await clock.run(0);
    store.goDown();
    const completed = broker.tickets.complete('A', {}).catch((error: unknown) => error);
    release('are lost');
    expect(await completed).toEqual(away);
    await expect(broker.tickets.complete('A', {})).rejects.toEqual(away);
    expect(await status('A')).toBe('assigned');
    await bringStoreUp();
    expect((await broker.tickets.complete('A', {})).ticket.status).toBe('completed');
    expect([await status('A'), store.adoptedIds, local.finished(10)]).toEqual(['completed', ['A'], []]);
  });

  it('a ticket whose handoff the store refused can be completed here, and goes over completed', async () => {
    startWithStoreDown();
    await routed('A');
    store.failNext('adopt', 'refused');
    await bringStoreUp();
    expect([broker.mode, (await broker.tickets.complete('A', {})).ticket.status]).toEqual(['sync', 'completed']);
    await bringStoreUp();
    expect(store.carriedOut.filter((line) => line.startsWith('adopt'))).toEqual(['adopt A completed']);
  });

  it('a ticket for which the shared broker has no space can be completed here, and goes over completed', async () => {
    startWithStoreDown();
    await routed('A');
    store.failNext('adopt', 'unavailable');
    store.failNext('adopt', 'unavailable');
    store.goUp();
    await clock.run(0);
    expect([broker.mode, (await broker.tickets.complete('A', {})).ticket.status]).toEqual(['async', 'completed']);
    await clock.run(A_ROUND_MS);
    expect(store.carriedOut.filter((line) => line.startsWith('adopt'))).toEqual(['adopt A completed']);
  });

  it('a dead ticket that may be at the other broker is neither retried nor removed here', async () => {
    await setUpHarness({ maxAttempts: 1 });
    startWithStoreDown();
    await submit(anOffer('dead', 'poison'));
    store.failNext('adopt', 'reply lost');
    await bringStoreUp();
    await expect(broker.deadLetters.retry('dead')).rejects.toEqual(away);
    await expect(broker.deadLetters.remove('dead')).rejects.toEqual(away);
    await bringStoreUp();
    expect([store.adoptedIds, local.finished(10)]).toEqual([['dead'], []]);
  });

  it('continues where it stopped when the store went away in the middle, and nothing is adopted twice', async () => {
    startWithStoreDown();
    const ids = Array.from({ length: 120 }, (_, n) => `T-${n}`);
    await local.agents.put('ada', { ...ADA, capacity: 1000 });
    await routed(...ids);
    for (const fault of ['command lost', 'reply lost', 'refused'] as const) {
      store.failNext('adopt', fault);
      await bringStoreUp();
      expect(broker.mode).toBe('sync');
    }
    await bringStoreUp();
    expect([store.adoptedIds, local.finished(1000)]).toEqual([[...ids].sort(), []]);
    const moved = harness.events.filter((line) => line.startsWith('moved'));
    expect(new Set(moved).size).toBe(moved.length);
  });

  it('a ticket that the shared broker refuses stays here, is reported once, and delays no other', async () => {
    startWithStoreDown();
    await routed('odd', 'B', 'C');
    store.failNext('adopt', 'invalid_input');
    await bringStoreUp();
    await clock.run(10 * A_ROUND_MS);
    expect(store.adoptedIds).toEqual(['B', 'C']);
    expect(harness.events.filter((line) => line.startsWith('error'))).toEqual(['error invalid_input']);
    expect([await status('odd'), await submit(anOffer('odd'))]).toEqual(['assigned', 'routed repeated odd']);
    expect((await broker.tickets.complete('odd', {})).ticket.status).toBe('completed');
    expect(store.carriedOut.filter((line) => line.includes('odd'))).toEqual([]);
  });

  it('a ticket that meets corrupt data in the shared broker goes there once that is repaired', async () => {
    startWithStoreDown();
    await routed('odd', 'B');
    for (let n = 0; n < 3; n += 1) store.failNext('adopt', 'corrupt');
    await bringStoreUp();
    await clock.run(10 * A_ROUND_MS);
    expect([...store.adoptedIds].sort()).toEqual(['B', 'odd']);
    expect(harness.events.filter((line) => line.startsWith('error corrupt')).length).toBeLessThanOrEqual(2);
  });

  it('an error of the shared broker about one ticket delays no other, is reported once, and is tried again', async () => {
    startWithStoreDown();
    await routed('odd', 'B');
    for (let n = 0; n < 3; n += 1) store.failNext('adopt', 'internal');
    store.goUp();
    await clock.run(0);
    expect([broker.mode, store.adoptedIds]).toEqual(['async', []]);
    await clock.run(2 * A_ROUND_MS);
    expect(store.adoptedIds).toEqual(['B', 'odd']);
    expect(harness.events.filter((line) => line.startsWith('error'))).toEqual(['error internal', 'error internal']);
  });

  it('a reader finds the ticket during its whole handoff', async () => {
    startWithStoreDown();
    await routed('A');
    const release = store.delayReplies('adopt');
    store.goUp();
    await clock.run(0);
    expect(await status('A')).toBe('assigned');
    release('arrive');
    await clock.run(0);
    expect([await status('A'), store.adoptedIds]).toEqual(['assigned', ['A']]);
  });
});
