import { SCRIPTED_MODELS, anAgentInput, anOffer } from '@smart-support/testing';
import type { OfferedTicket } from '@smart-support/pipeline';
import { createFailover } from './create-failover';
import { ADA, summaryOf, sentBy } from './spec-support/failover-harness';
import {
  A_ROUND_MS,
  behind,
  broker,
  clock,
  bringStoreUp,
  local,
  queuedBehind,
  harness,
  setUpHarness,
  startWithStoreDown,
  startWithStoreUp,
  status,
  store,
  submit,
  useHarness,
  failQueuedTickets,
} from './spec-support/use-harness';

const away = expect.objectContaining({ code: 'unavailable' });

useHarness();

describe('the broker that serves', () => {
  it('is the shared one while it is up: tickets are queued there, and nothing is routed here', async () => {
    await startWithStoreUp();
    expect(broker.mode).toBe('async');
    expect(await submit(anOffer('A'))).toBe('queued accepted A');
    expect(await queuedBehind()).toBe(1);
    expect(await local.tickets.get('A')).toBeUndefined();
  });

  it('is this process without a shared broker', async () => {
    const { service: alone } = createFailover({
      local,
      roster: [],
      clock,
      models: SCRIPTED_MODELS,
      alertThreshold: 0.8,
    });
    alone.start();
    expect(alone.mode).toBe('sync');
    expect(summaryOf(await alone.submit(anOffer('A')))).toBe('routed accepted A');
    expect(summaryOf(await alone.submit(anOffer('A')))).toBe('routed repeated A');
    expect(await alone.tickets.get('B')).toBeUndefined();
    expect((await alone.tickets.complete('A', {})).ticket.status).toBe('completed');
    expect(await alone.agents.put('ben', anAgentInput())).toMatchObject({ id: 'ben' });
    await alone.agents.remove('ben');
    expect([await alone.workers(), (await alone.agents.list()).length]).toEqual([[], 1]);
    await alone.stop();
  });

  it('is this process at once when the shared broker is away at the start', async () => {
    startWithStoreDown();
    expect(broker.mode).toBe('sync');
    expect(await submit(anOffer('A'))).toBe('routed accepted A');
    expect(await status('A')).toBe('assigned');
  });

  it('is this process at once when the shared broker goes away, also for the ticket that detects it', async () => {
    await startWithStoreUp();
    store.failNext('accept', 'refused');
    expect(await submit(anOffer('A'))).toBe('routed accepted A');
    expect(broker.mode).toBe('sync');
    expect(await submit(anOffer('B'))).toBe('routed accepted B');
    expect(await queuedBehind()).toBe(0);
  });

  it('is reported at each change once, however often the shared broker reports the same', async () => {
    startWithStoreDown();
    store.goUp();
    store.goUp();
    store.goDown();
    store.goDown();
    store.goUp();
    await clock.run(10 * A_ROUND_MS);
    expect(harness.events).toEqual(['async', 'sync', 'async']);
  });

  it('is not this process after a refusal of the shared broker: full, conflict, corrupt', async () => {
    await setUpHarness({ queueMax: 1 });
    await startWithStoreUp();
    await broker.submit(anOffer('A'));
    expect(await submit(anOffer('A', 'other'))).toBe('queued conflict A');
    expect(await submit(anOffer('B'))).toBe('queued full');
    expect(await submit(anOffer('A'))).toBe('queued repeated A');
    store.failNext('accept', 'corrupt');
    await expect(submit(anOffer('C'))).rejects.toMatchObject({ code: 'corrupt' });
    expect(broker.mode).toBe('async');
    expect(local.finished(10)).toEqual([]);
  });

  it('a ticket without id and key gets a new id each time', async () => {
    await startWithStoreUp();
    const anonymous: OfferedTicket = { input: { text: 'the same text' } };
    const [first, second] = [await submit(anonymous), await submit(anonymous)];
    expect(first).toMatch(/^queued accepted [\da-f-]{36}$/);
    expect(second).not.toBe(first);
  });

  it('a repeat by the same requester within seconds is one ticket, whatever the case of the name and the line ends', async () => {
    await startWithStoreUp();
    const first = await submit(sentBy('Mara Lind <Mara@Example.com>', 'Save failed\n', 'Help'));
    const again = first.replace('accepted', 'repeated');
    expect(await submit(sentBy('mara@example.com', 'Save failed', 'Help'))).toBe(again);
    expect(await submit(sentBy('mara@example.com ', 'Save failed\r\n', 'Help '))).toBe(again);
    expect(await queuedBehind()).toBe(1);
    for (const other of [
      sentBy('mara@example.com', 'Save failed'),
      sentBy('mara@example.com', 'Save failed', 'Help me'),
      sentBy('mara@example.com', 'Save failed!', 'Help'),
      sentBy('mara@example.org', 'Save failed', 'Help'),
    ]) {
      expect(await submit(other)).toMatch(/^queued accepted/);
    }
    await clock.run(10_000);
    expect(await submit(sentBy('mara@example.com', 'Save failed', 'Help'))).toMatch(/^queued accepted/);
  });

  it.each(['', ' ', '<>'])('an empty requester (%j) is no requester', async (requester) => {
    await startWithStoreUp();
    expect(await submit(sentBy(requester))).not.toBe((await submit(sentBy(requester))).replace('accepted', 'repeated'));
    expect(await queuedBehind()).toBe(2);
  });

  it.each(['there', 'away'])('a ticket without a duplicate key is never a repeat, with Redis %s', async (redis) => {
    if (redis === 'there') await startWithStoreUp();
    else startWithStoreDown();
    const offered = { ...sentBy('monitor@example.com'), duplicateKey: null };
    expect(await submit(offered)).toMatch(/accepted/);
    expect(await submit(offered)).toMatch(/accepted/);
  });

  it('tickets that come in one turn are queued in their order', async () => {
    await startWithStoreUp();
    const results = await Promise.all(['A', 'B', 'A', 'C'].map((id) => submit(anOffer(id))));
    expect(results).toEqual(['queued accepted A', 'queued accepted B', 'queued repeated A', 'queued accepted C']);
    expect((await behind.queue.claim(3)).map(({ record }) => record.ticket.id)).toEqual(['A', 'B', 'C']);
  });
});

describe('reads and changes, in each mode', () => {
  it('with the shared broker: tickets, queue, dead letters, agents and workers are those of the shared broker', async () => {
    await startWithStoreUp();
    await submit(anOffer('A'));
    expect([await status('A'), await status('unknown')]).toEqual(['queued', undefined]);
    expect((await broker.report()).lanes.normal).toBe(1);
    await behind.workers.announce({ worker_id: 'w', circuit_breaker: 'open', in_flight: 0 }, 60_000);
    expect(await broker.workers()).toMatchObject([{ worker_id: 'w' }]);
    await failQueuedTickets();
    expect((await broker.deadLetters.list()).dead_letters).toMatchObject([{ ticket_id: 'A' }]);
    expect((await broker.deadLetters.retry('A')).ticket.status).toBe('queued');
    await failQueuedTickets();
    await broker.deadLetters.remove('A');
    expect((await broker.deadLetters.list()).dead_letters).toEqual([]);
    await broker.agents.put('ben', anAgentInput());
    await broker.agents.remove('ada');
    expect((await broker.agents.list()).map(({ id }) => id)).toEqual(['ben']);
    await expect(broker.tickets.complete('unknown', {})).rejects.toMatchObject({ code: 'not_found' });
  });

  it('without it: what is known here is returned, and what only it can know is refused', async () => {
    await setUpHarness({ maxAttempts: 1 });
    await startWithStoreUp();
    await submit(anOffer('there'));
    store.goDown();
    await submit(anOffer('here'));
    await submit(anOffer('dead', 'poison'));
    expect(await status('here')).toBe('assigned');
    expect((await broker.tickets.complete('here', {})).ticket.status).toBe('completed');
    expect((await broker.report()).dead).toBe(1);
    expect((await broker.deadLetters.list()).dead_letters).toMatchObject([{ ticket_id: 'dead' }]);
    expect((await broker.deadLetters.retry('dead')).ticket.status).toBe('queued');
    expect([await broker.workers(), (await broker.agents.list()).map(({ id }) => id)]).toEqual([[], ['ada']]);
    for (const refused of [
      broker.tickets.get('there'),
      broker.tickets.complete('there', {}),
      broker.deadLetters.retry('there'),
      broker.deadLetters.remove('there'),
      broker.agents.put('ben', anAgentInput()),
      broker.agents.remove('ada'),
    ]) {
      await expect(refused).rejects.toEqual(away);
    }
    expect((await broker.agents.list()).map(({ id }) => id)).toEqual(['ada']);
  });
});

describe('the agents', () => {
  it('are loaded into a shared broker that never had any', async () => {
    await startWithStoreUp();
    expect((await behind.agents.list()).map(({ id }) => id)).toEqual(['ada']);
  });

  it('that an operator has removed are not added again while the shared broker stays', async () => {
    await startWithStoreUp();
    await broker.agents.remove('ada');
    await clock.run(60 * A_ROUND_MS);
    expect(await behind.agents.list()).toEqual([]);
  });

  it('of the shared broker serve here, too, once it is away', async () => {
    await behind.agents.put('ben', { ...ADA, name: 'Ben' });
    await startWithStoreUp();
    expect((await local.agents.list()).map(({ id }) => id)).toEqual(['ben']);
    await broker.agents.put('cy', anAgentInput());
    await clock.run(20 * A_ROUND_MS);
    store.goDown();
    expect((await broker.agents.list()).map(({ id }) => id)).toEqual(['ben', 'cy']);
  });

  it('an error of the shared broker about agents is reported, and the copy is repeated', async () => {
    store.failNext('agents', 'corrupt');
    await startWithStoreUp();
    expect(harness.events).toEqual(['async', 'error corrupt']);
    await clock.run(A_ROUND_MS);
    expect((await behind.agents.list()).map(({ id }) => id)).toEqual(['ada']);
  });
});

describe('stopping', () => {
  it.each([
    ['before the start', async () => undefined],
    ['while the shared broker is away', async () => startWithStoreDown()],
    ['while it is up', startWithStoreUp],
    ['after it went away', async () => startWithStoreUp().then(() => store.goDown())],
    [
      'after it came back',
      async () =>
        startWithStoreUp()
          .then(() => store.goDown())
          .then(bringStoreUp),
    ],
  ])('leaves no timer and no listener behind: %s', async (_when, reach) => {
    await reach();
    await broker.stop();
    // Also when it is stopped twice, and its brokers are closed by then.
    await local.close();
    await broker.stop();
    await clock.run(10 * A_ROUND_MS);
    expect([clock.waiting, store.listenerCount]).toEqual([0, 0]);
  });

  it('hands over what was finished a moment ago', async () => {
    await local.queue.accept([{ id: 'A', input: { text: 'text of A' }, lane: 'normal', lane_urgency: 0 }]);
    await startWithStoreUp();
    await harness.pipeline.processClaim((await local.queue.claimById('A'))!);
    await broker.stop();
    expect(store.adoptedIds).toEqual(['A']);
  });

  it('during a handoff, waits for its end', async () => {
    startWithStoreDown();
    await submit(anOffer('A'));
    const release = store.delayReplies('adopt');
    store.goUp();
    await clock.run(0);
    let isOver = false;
    const over = broker.stop().then(() => (isOver = true));
    await clock.run(0);
    expect(isOver).toBe(false);
    release('arrive');
    await over;
    expect([store.adoptedIds, clock.waiting]).toEqual([['A'], 0]);
  });

  it('with a shared broker that goes away meanwhile, ends all the same', async () => {
    startWithStoreDown();
    await submit(anOffer('A'));
    store.failNext('adopt', 'command lost');
    store.goUp();
    await broker.stop();
    expect([store.adoptedIds, store.listenerCount, clock.waiting]).toEqual([[], 0, 0]);
  });
});
