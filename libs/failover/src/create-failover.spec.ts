import { SCRIPTED_MODELS, anAgentInput, anOffer } from '@smart-support/testing';
import type { OfferedTicket } from '@smart-support/pipeline';
import { createFailover } from './create-failover';
import { ADA, inShort, sentBy } from './spec-support/failover-scene';
import {
  A_ROUND_MS,
  behind,
  broker,
  clock,
  isBack,
  local,
  queuedBehind,
  scene,
  setUp,
  startedDown,
  startedUp,
  status,
  store,
  submit,
  useScene,
  workedOff,
} from './spec-support/use-scene';

const away = expect.objectContaining({ code: 'unavailable' });

useScene();

describe('who serves', () => {
  it('the shared broker while it is up: tickets are queued there, and nothing is routed here', async () => {
    await startedUp();
    expect(broker.mode).toBe('async');
    expect(await submit(anOffer('A'))).toBe('queued accepted A');
    expect(await queuedBehind()).toBe(1);
    expect(await local.tickets.get('A')).toBeUndefined();
  });

  it('this process where there is no other', async () => {
    const { service: alone } = createFailover({
      local,
      roster: [],
      clock,
      models: SCRIPTED_MODELS,
      alertThreshold: 0.8,
    });
    alone.start();
    expect(alone.mode).toBe('sync');
    expect(inShort(await alone.submit(anOffer('A')))).toBe('routed accepted A');
    expect(inShort(await alone.submit(anOffer('A')))).toBe('routed repeated A');
    expect(await alone.get('B')).toBeUndefined();
    expect((await alone.complete('A', {})).ticket.status).toBe('completed');
    expect(await alone.agents.put('ben', anAgentInput())).toMatchObject({ id: 'ben' });
    await alone.agents.remove('ben');
    expect([await alone.workers(), (await alone.agents.list()).length]).toEqual([[], 1]);
    await alone.stop();
  });

  it('this process at once when the shared broker is away at the start', async () => {
    startedDown();
    expect(broker.mode).toBe('sync');
    expect(await submit(anOffer('A'))).toBe('routed accepted A');
    expect(await status('A')).toBe('assigned');
  });

  it('this process at once when the shared broker goes away, also for the ticket that finds it out', async () => {
    await startedUp();
    store.next('accept', 'refused');
    expect(await submit(anOffer('A'))).toBe('routed accepted A');
    expect(broker.mode).toBe('sync');
    expect(await submit(anOffer('B'))).toBe('routed accepted B');
    expect(await queuedBehind()).toBe(0);
  });

  it('each change is told once, however often the shared broker says the same', async () => {
    startedDown();
    store.comeBack();
    store.comeBack();
    store.goAway();
    store.goAway();
    store.comeBack();
    await clock.run(10 * A_ROUND_MS);
    expect(scene.told).toEqual(['async', 'sync', 'async']);
  });

  it('whoever is refused by the shared broker is not served here instead: full, conflict, corrupt', async () => {
    await setUp({ queueMax: 1 });
    await startedUp();
    await broker.submit(anOffer('A'));
    expect(await submit(anOffer('A', 'other'))).toBe('queued conflict A');
    expect(await submit(anOffer('B'))).toBe('queued full');
    expect(await submit(anOffer('A'))).toBe('queued repeated A');
    store.next('accept', 'corrupt');
    await expect(submit(anOffer('C'))).rejects.toMatchObject({ code: 'corrupt' });
    expect(broker.mode).toBe('async');
    expect(local.finished(10)).toEqual([]);
  });

  it('a ticket without id and key gets an id of its own each time', async () => {
    await startedUp();
    const anonymous: OfferedTicket = { input: { text: 'the same text' } };
    const [first, second] = [await submit(anonymous), await submit(anonymous)];
    expect(first).toMatch(/^queued accepted [\da-f-]{36}$/);
    expect(second).not.toBe(first);
  });

  it('what a requester says twice within seconds is one ticket, however name and line ends are written', async () => {
    await startedUp();
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

  it.each(['', ' ', '<>'])('a requester of nothing (%j) is not one person', async (requester) => {
    await startedUp();
    expect(await submit(sentBy(requester))).not.toBe((await submit(sentBy(requester))).replace('accepted', 'repeated'));
    expect(await queuedBehind()).toBe(2);
  });

  it.each(['there', 'away'])(
    'a ticket without a key of duplicates is never taken for a repeat, with Redis %s',
    async (redis) => {
      if (redis === 'there') await startedUp();
      else startedDown();
      const offered = { ...sentBy('monitor@example.com'), duplicateKey: null };
      expect(await submit(offered)).toMatch(/accepted/);
      expect(await submit(offered)).toMatch(/accepted/);
    },
  );

  it('tickets that come in one turn are queued in their order', async () => {
    await startedUp();
    const results = await Promise.all(['A', 'B', 'A', 'C'].map((id) => submit(anOffer(id))));
    expect(results).toEqual(['queued accepted A', 'queued accepted B', 'queued repeated A', 'queued accepted C']);
    expect((await behind.queue.claim(3)).map(({ record }) => record.ticket.id)).toEqual(['A', 'B', 'C']);
  });
});

describe('asking and changing, in each mode', () => {
  it('with the shared broker: tickets, queue, dead letters, agents and workers are what is there', async () => {
    await startedUp();
    await submit(anOffer('A'));
    expect([await status('A'), await status('nobody')]).toEqual(['queued', undefined]);
    expect((await broker.report()).lanes.normal).toBe(1);
    await behind.workers.announce({ worker_id: 'w', circuit_breaker: 'open', in_flight: 0 }, 60_000);
    expect(await broker.workers()).toMatchObject([{ worker_id: 'w' }]);
    await workedOff();
    expect((await broker.deadLetters.list()).dead_letters).toMatchObject([{ ticket_id: 'A' }]);
    expect((await broker.deadLetters.retry('A')).ticket.status).toBe('queued');
    await workedOff();
    await broker.deadLetters.remove('A');
    expect((await broker.deadLetters.list()).dead_letters).toEqual([]);
    await broker.agents.put('ben', anAgentInput());
    await broker.agents.remove('ada');
    expect((await broker.agents.list()).map(({ id }) => id)).toEqual(['ben']);
    await expect(broker.complete('nobody', {})).rejects.toMatchObject({ code: 'not_found' });
  });

  it('without it: what is known here is told, and what only it can know is refused', async () => {
    await setUp({ maxAttempts: 1 });
    await startedUp();
    await submit(anOffer('there'));
    store.goAway();
    await submit(anOffer('here'));
    await submit(anOffer('dead', 'poison'));
    expect(await status('here')).toBe('assigned');
    expect((await broker.complete('here', {})).ticket.status).toBe('completed');
    expect((await broker.report()).dead).toBe(1);
    expect((await broker.deadLetters.list()).dead_letters).toMatchObject([{ ticket_id: 'dead' }]);
    expect((await broker.deadLetters.retry('dead')).ticket.status).toBe('queued');
    expect([await broker.workers(), (await broker.agents.list()).map(({ id }) => id)]).toEqual([[], ['ada']]);
    for (const refused of [
      broker.get('there'),
      broker.complete('there', {}),
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
    await startedUp();
    expect((await behind.agents.list()).map(({ id }) => id)).toEqual(['ada']);
  });

  it('that an operator has removed stay away while the shared broker stays', async () => {
    await startedUp();
    await broker.agents.remove('ada');
    await clock.run(60 * A_ROUND_MS);
    expect(await behind.agents.list()).toEqual([]);
  });

  it('of the shared broker work here, too, once it is away', async () => {
    await behind.agents.put('ben', { ...ADA, name: 'Ben' });
    await startedUp();
    expect((await local.agents.list()).map(({ id }) => id)).toEqual(['ben']);
    await broker.agents.put('cy', anAgentInput());
    await clock.run(20 * A_ROUND_MS);
    store.goAway();
    expect((await broker.agents.list()).map(({ id }) => id)).toEqual(['ben', 'cy']);
  });

  it('a fault of the shared broker about agents is told, and it is tried again', async () => {
    store.next('agents', 'corrupt');
    await startedUp();
    expect(scene.told).toEqual(['async', 'error corrupt']);
    await clock.run(A_ROUND_MS);
    expect((await behind.agents.list()).map(({ id }) => id)).toEqual(['ada']);
  });
});

describe('stopping', () => {
  it.each([
    ['before the start', async () => undefined],
    ['while the shared broker is away', async () => startedDown()],
    ['while it is up', startedUp],
    ['after it went away', async () => startedUp().then(() => store.goAway())],
    [
      'after it came back',
      async () =>
        startedUp()
          .then(() => store.goAway())
          .then(isBack),
    ],
  ])('leaves no timer and no listener behind: %s', async (_when, reach) => {
    await reach();
    await broker.stop();
    // Also when it is asked twice, and its brokers are gone by then.
    await local.close();
    await broker.stop();
    await clock.run(10 * A_ROUND_MS);
    expect([clock.waiting, store.followers]).toEqual([0, 0]);
  });

  it('hands over what was finished a moment ago', async () => {
    await local.queue.accept([{ id: 'A', input: { text: 'text of A' }, lane: 'normal', lane_urgency: 0 }]);
    await startedUp();
    await scene.pipeline.processClaim((await local.queue.claimById('A'))!);
    await broker.stop();
    expect(store.adoptedIds).toEqual(['A']);
  });

  it('in the middle of handing over, waits for its end', async () => {
    startedDown();
    await submit(anOffer('A'));
    const letGo = store.holdReplies('adopt');
    store.comeBack();
    await clock.run(0);
    let isOver = false;
    const over = broker.stop().then(() => (isOver = true));
    await clock.run(0);
    expect(isOver).toBe(false);
    letGo('arrive');
    await over;
    expect([store.adoptedIds, clock.waiting]).toEqual([['A'], 0]);
  });

  it('with a shared broker that goes away in the middle, ends all the same', async () => {
    startedDown();
    await submit(anOffer('A'));
    store.next('adopt', 'command lost');
    store.comeBack();
    await broker.stop();
    expect([store.adoptedIds, store.followers, clock.waiting]).toEqual([[], 0, 0]);
  });
});
