import { anOffer } from '@smart-support/testing';
import { ADA } from './spec-support/failover-scene';
import {
  A_ROUND_MS,
  broker,
  clock,
  isBack,
  local,
  scene,
  setUp,
  startedDown,
  status,
  store,
  submit,
  useScene,
} from './spec-support/use-scene';

const away = expect.objectContaining({ code: 'unavailable' });

useScene();

describe('handing over', () => {
  const routed = async (...ids: string[]) => {
    for (const id of ids) expect(await submit(anOffer(id))).toMatch(/^routed accepted/);
  };

  it('takes every ticket over once: with an agent, in line, completed, dead', async () => {
    await setUp({ maxAttempts: 1 });
    await local.agents.put('ada', { ...ADA, capacity: 2 });
    startedDown();
    await routed('done', 'with-agent', 'later', 'in-line');
    await broker.complete('done', { category: 'Legal' });
    await submit(anOffer('dead', 'poison'));
    expect(await Promise.all(['done', 'with-agent', 'later', 'in-line', 'dead'].map(status))).toEqual([
      'completed',
      'assigned',
      'assigned',
      'waiting',
      'dead',
    ]);
    await isBack();
    const adoptions = store.carriedOut.filter((line) => line.startsWith('adopt')).sort();
    expect(adoptions).toEqual([
      'adopt dead dead',
      'adopt done completed',
      'adopt in-line waiting',
      'adopt later assigned',
      'adopt with-agent assigned',
    ]);
    expect(local.finished(10)).toEqual([]);
    expect(scene.told.filter((line) => line.startsWith('moved'))).toHaveLength(5);
    expect(await status('done')).toBe('completed');
  });

  it('takes any number over', async () => {
    await local.agents.put('ada', { ...ADA, capacity: 1000 });
    startedDown();
    await routed(...Array.from({ length: 230 }, (_, n) => `T-${n}`));
    await isBack();
    expect([store.adoptedIds.length, local.finished(1000)]).toEqual([230, []]);
  });

  it('a ticket that is finished only after the return follows within a second or so', async () => {
    startedDown();
    await local.queue.accept([{ id: 'A', input: { text: 'text of A' }, lane: 'normal', lane_urgency: 0 }]);
    const claim = await local.queue.claimById('A');
    await isBack();
    expect([await status('A'), store.adoptedIds]).toEqual(['processing', []]);
    await scene.pipeline.processClaim(claim!);
    await clock.run(A_ROUND_MS);
    expect(store.adoptedIds).toEqual(['A']);
  });

  it('a completion before the ticket was looked at goes to the shared broker, after the ticket', async () => {
    startedDown();
    await routed('A');
    store.comeBack();
    expect((await broker.complete('A', {})).ticket.status).toBe('completed');
    expect(store.carriedOut).toContain('adopt A assigned');
    expect([await status('A'), store.adoptedIds, await local.tickets.get('A')]).toEqual([
      'completed',
      ['A'],
      undefined,
    ]);
  });

  it('a completion while the ticket is on its way waits for it to arrive, and is not lost', async () => {
    startedDown();
    await routed('A');
    const letGo = store.holdReplies('adopt');
    store.comeBack();
    await clock.run(0);
    const completed = broker.complete('A', {});
    await clock.run(0);
    letGo('arrive');
    expect((await completed).ticket.status).toBe('completed');
    await clock.run(A_ROUND_MS);
    expect([await status('A'), await local.tickets.get('A')]).toEqual(['completed', undefined]);
  });

  it('a completion while the store goes away with the ticket is refused until somebody knows, and is not lost', async () => {
    startedDown();
    await routed('A');
    const letGo = store.holdReplies('adopt');
    store.comeBack();
    await clock.run(0);
    store.goAway();
    const completed = broker.complete('A', {}).catch((error: unknown) => error);
    letGo('are lost');
    expect(await completed).toEqual(away);
    await expect(broker.complete('A', {})).rejects.toEqual(away);
    expect(await status('A')).toBe('assigned');
    await isBack();
    expect((await broker.complete('A', {})).ticket.status).toBe('completed');
    expect([await status('A'), store.adoptedIds, local.finished(10)]).toEqual(['completed', ['A'], []]);
  });

  it('a ticket that did not set out because the store refused can be completed here, and goes over completed', async () => {
    startedDown();
    await routed('A');
    store.next('adopt', 'refused');
    await isBack();
    expect([broker.mode, (await broker.complete('A', {})).ticket.status]).toEqual(['sync', 'completed']);
    await isBack();
    expect(store.carriedOut.filter((line) => line.startsWith('adopt'))).toEqual(['adopt A completed']);
  });

  it('a ticket for which the shared broker has no room can be completed here, and goes over completed', async () => {
    startedDown();
    await routed('A');
    store.next('adopt', 'unavailable');
    store.next('adopt', 'unavailable');
    store.comeBack();
    await clock.run(0);
    expect([broker.mode, (await broker.complete('A', {})).ticket.status]).toEqual(['async', 'completed']);
    await clock.run(A_ROUND_MS);
    expect(store.carriedOut.filter((line) => line.startsWith('adopt'))).toEqual(['adopt A completed']);
  });

  it('a dead ticket that may be on the other side is neither retried nor removed here', async () => {
    await setUp({ maxAttempts: 1 });
    startedDown();
    await submit(anOffer('dead', 'poison'));
    store.next('adopt', 'reply lost');
    await isBack();
    await expect(broker.deadLetters.retry('dead')).rejects.toEqual(away);
    await expect(broker.deadLetters.remove('dead')).rejects.toEqual(away);
    await isBack();
    expect([store.adoptedIds, local.finished(10)]).toEqual([['dead'], []]);
  });

  it('goes on where it stopped when the store went away in the middle, and nothing is adopted twice', async () => {
    startedDown();
    const ids = Array.from({ length: 120 }, (_, n) => `T-${n}`);
    await local.agents.put('ada', { ...ADA, capacity: 1000 });
    await routed(...ids);
    for (const trouble of ['command lost', 'reply lost', 'refused'] as const) {
      store.next('adopt', trouble);
      await isBack();
      expect(broker.mode).toBe('sync');
    }
    await isBack();
    expect([store.adoptedIds, local.finished(1000)]).toEqual([[...ids].sort(), []]);
    const moved = scene.told.filter((line) => line.startsWith('moved'));
    expect(new Set(moved).size).toBe(moved.length);
  });

  it('a ticket that the shared broker will not have stays here, is told once, and holds up nobody', async () => {
    startedDown();
    await routed('odd', 'B', 'C');
    store.next('adopt', 'invalid_input');
    await isBack();
    await clock.run(10 * A_ROUND_MS);
    expect(store.adoptedIds).toEqual(['B', 'C']);
    expect(scene.told.filter((line) => line.startsWith('error'))).toEqual(['error invalid_input']);
    expect([await status('odd'), await submit(anOffer('odd'))]).toEqual(['assigned', 'routed repeated odd']);
    expect((await broker.complete('odd', {})).ticket.status).toBe('completed');
    expect(store.carriedOut.filter((line) => line.includes('odd'))).toEqual([]);
  });

  it('a ticket that meets damage in the shared broker goes there once that is mended', async () => {
    startedDown();
    await routed('odd', 'B');
    for (let n = 0; n < 3; n += 1) store.next('adopt', 'corrupt');
    await isBack();
    await clock.run(10 * A_ROUND_MS);
    expect([...store.adoptedIds].sort()).toEqual(['B', 'odd']);
    expect(scene.told.filter((line) => line.startsWith('error corrupt')).length).toBeLessThanOrEqual(2);
  });

  it('a fault in the shared broker about one ticket holds up no other, is told once, and is tried again', async () => {
    startedDown();
    await routed('odd', 'B');
    for (let n = 0; n < 3; n += 1) store.next('adopt', 'internal');
    store.comeBack();
    await clock.run(0);
    expect([broker.mode, store.adoptedIds]).toEqual(['async', []]);
    await clock.run(2 * A_ROUND_MS);
    expect(store.adoptedIds).toEqual(['B', 'odd']);
    expect(scene.told.filter((line) => line.startsWith('error'))).toEqual(['error internal', 'error internal']);
  });

  it('somebody who asks while a ticket is on its way finds it all the time', async () => {
    startedDown();
    await routed('A');
    const letGo = store.holdReplies('adopt');
    store.comeBack();
    await clock.run(0);
    expect(await status('A')).toBe('assigned');
    letGo('arrive');
    await clock.run(0);
    expect([await status('A'), store.adoptedIds]).toEqual(['assigned', ['A']]);
  });
});
