import { createMemoryBroker } from '@smart-support/broker';
import type { BrokerOptions, LocalBroker } from '@smart-support/contracts';
import { VirtualClock, anAgentInput, SCRIPTED_MODELS, anOffer } from '@smart-support/testing';
import type { OfferedTicket } from '@smart-support/pipeline';
import { createFailover } from './create-failover';
import type { FailoverService } from './failover-service';
import type { BrokerWithASwitch } from './spec-support/broker-with-a-switch';
import { ADA, type Scene, aScene, inShort, sentBy, withKey } from './spec-support/failover-scene';

/** More than the time between two rounds of following the shared broker. */
const A_ROUND_MS = 1_500;

const away = expect.objectContaining({ code: 'unavailable' });

let clock: VirtualClock;
let local: LocalBroker;
let behind: LocalBroker;
let scene: Scene;
let broker: FailoverService;
let store: BrokerWithASwitch;

const setUp = async (options: Partial<BrokerOptions> = {}): Promise<void> => {
  clock = new VirtualClock();
  local = createMemoryBroker(options, { clock });
  behind = createMemoryBroker(options, { clock });
  await local.agents.put('ada', ADA);
  scene = aScene({ clock, local, behind });
  ({ service: broker, store } = scene);
};
beforeEach(() => setUp());

const submit = async (offered: OfferedTicket) => inShort(await broker.submit(offered));
const startedUp = async () => {
  store.comeBack();
  broker.start();
  await clock.run(0);
};
const startedDown = () => broker.start();
const isBack = async () => {
  store.comeBack();
  await clock.run(A_ROUND_MS);
};
const status = async (id: string) => (await broker.get(id))?.ticket.status;
const queuedBehind = async () => {
  const { lanes } = await behind.queue.report();
  return lanes.normal + lanes.urgent;
};
/** What a worker does. */
const workedOff = async () => {
  for (const claim of await behind.queue.claim(100)) await behind.queue.fail(claim, { ...BREAKS, retryable: false });
};
const BREAKS = { code: 'poison', message: 'It broke' };

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

describe('a ticket that comes again', () => {
  it.each([
    ['by its id', anOffer('A')],
    ['by its key', withKey('k')],
  ])('while nobody knows where it is, %s: its fate stays unknown, and it is not routed here', async (_how, ticket) => {
    await startedUp();
    store.next('accept', 'reply lost');
    const first = await submit(ticket);
    expect(first).toMatch(/^unknown /);
    expect([await submit(ticket), await submit(ticket)]).toEqual([first, first]);
    expect(local.finished(10)).toEqual([]);
    await isBack();
    expect(await submit(ticket)).toBe(first.replace('unknown', 'queued repeated'));
    expect(await queuedBehind()).toBe(1);
  });

  it('after its command was lost on the way, it is new, under the id that its sender was told', async () => {
    await startedUp();
    store.next('accept', 'command lost');
    const first = await submit(withKey('k'));
    await isBack();
    expect(await submit(withKey('k'))).toBe(first.replace('unknown', 'queued accepted'));
  });

  it('under the id that a sender without id and key was told, it is the same ticket', async () => {
    await startedUp();
    store.next('accept', 'reply lost');
    const lost = await broker.submit({ input: { text: 'anonymous' } });
    const id = lost.how === 'unknown' ? lost.ticket_id : '';
    expect(await submit(anOffer(id, 'anonymous'))).toBe(`unknown ${id}`);
    await isBack();
    expect(await submit(anOffer(id, 'anonymous'))).toBe(`queued repeated ${id}`);
  });

  it('a repeat whose reply is lost tells the first id of its key', async () => {
    await startedUp();
    const [, , id] = (await submit(withKey('k'))).split(' ');
    store.next('accept', 'reply lost');
    expect(await submit(withKey('k'))).toBe(`unknown ${id}`);
  });

  it('what a requester says twice: once on its way to the shared broker, once when that is away', async () => {
    await startedUp();
    const [, , id] = (await submit(sentBy('mara'))).split(' ');
    store.goAway();
    expect(await submit(sentBy('Mara', 'text of mara'))).toBe(`unknown ${id}`);
    expect(local.finished(10)).toEqual([]);
    await isBack();
    expect(await submit(sentBy('mara'))).toBe(`queued repeated ${id}`);
    expect(await queuedBehind()).toBe(1);
  });

  it('what a requester says twice: once in this process, once when the shared broker is back', async () => {
    startedDown();
    const [, , id] = (await submit(sentBy('mara'))).split(' ');
    expect(await submit(sentBy('mara'))).toBe(`routed repeated ${id}`);
    store.comeBack();
    expect(await submit(sentBy('mara'))).toBe(`queued repeated ${id}`);
    await isBack();
    expect(await submit(sentBy('mara'))).toBe(`queued repeated ${id}`);
    expect([await queuedBehind(), store.adoptedIds]).toEqual([0, [id]]);
  });

  it('after it was queued, while the shared broker is away: it is not routed here, by id, by key, or by a conflict', async () => {
    await startedUp();
    const [, , keyed] = (await submit(withKey('k'))).split(' ');
    await submit(anOffer('A'));
    await behind.queue.accept([{ id: 'theirs', input: { text: 'x', id: 'theirs' }, lane: 'normal', lane_urgency: 0 }]);
    await submit(anOffer('theirs'));
    store.goAway();
    expect(await submit(anOffer('A'))).toBe('unknown A');
    expect(await submit(withKey('k'))).toBe(`unknown ${keyed}`);
    expect(await submit(anOffer(keyed!, 'text of k'))).toBe(`unknown ${keyed}`);
    expect(await submit(anOffer('theirs'))).toBe('unknown theirs');
    expect(local.finished(10)).toEqual([]);
  });

  it('while its first offer is still on its way, and the shared broker goes away meanwhile: not routed here', async () => {
    await startedUp();
    const letGo = store.holdReplies('accept');
    const first = submit(anOffer('A'));
    await clock.run(0);
    store.goAway();
    expect(await submit(anOffer('A'))).toBe('unknown A');
    letGo('are lost');
    expect(await first).toBe('unknown A');
    await isBack();
    expect([await submit(anOffer('A')), await queuedBehind()]).toEqual(['queued repeated A', 1]);
  });

  it('a refusal of its second offer does not start it anew while the first one is on its way', async () => {
    await startedUp();
    const letGo = store.holdReplies('accept');
    const first = submit(anOffer('A'));
    await clock.run(0);
    store.next('accept', 'refused');
    expect(await submit(anOffer('A'))).toBe('unknown A');
    letGo('arrive');
    expect(await first).toBe('queued accepted A');
    expect(local.finished(10)).toEqual([]);
  });

  it('while it is being routed here, and the shared broker comes back meanwhile: not queued there', async () => {
    startedDown();
    const first = submit(anOffer('A'));
    store.comeBack();
    expect(await submit(anOffer('A'))).toBe('routed repeated A');
    expect(await first).toBe('routed accepted A');
    expect(await queuedBehind()).toBe(0);
  });

  it('while it is still at the door here, and the shared broker comes back meanwhile: not queued there', async () => {
    let goOn: () => void = () => undefined;
    const { urgency } = SCRIPTED_MODELS.baseline;
    const slow: typeof urgency = {
      ...urgency,
      score: async (input) => {
        await new Promise<void>((resolve) => (goOn = resolve));
        return urgency.score(input);
      },
    };
    scene = aScene({
      clock,
      local,
      behind,
      models: { baseline: { ...SCRIPTED_MODELS.baseline, urgency: slow }, transformer: null },
    });
    ({ service: broker, store } = scene);
    startedDown();
    const first = submit(anOffer('A'));
    await clock.run(0);
    const atTheDoor = goOn;
    store.comeBack();
    const second = submit(anOffer('A'));
    await clock.run(0);
    atTheDoor();
    goOn();
    expect([await first, await second]).toEqual(['routed accepted A', 'routed repeated A']);
    expect(await queuedBehind()).toBe(0);
  });

  it.each([
    ['by its id', anOffer('A')],
    ['by its key', withKey('k')],
  ])('after it was routed here, %s: the adopted ticket answers, it is not queued', async (_how, ticket) => {
    startedDown();
    const first = await submit(ticket);
    expect(await submit(ticket)).toBe(first.replace('accepted', 'repeated'));
    // At once, before anybody has looked for what is to be handed over.
    store.comeBack();
    expect(await submit(ticket)).toBe(first.replace('routed accepted', 'queued repeated'));
    await clock.run(A_ROUND_MS);
    expect(await submit(ticket)).toBe(first.replace('routed accepted', 'queued repeated'));
    expect([await queuedBehind(), store.adoptedIds.length]).toEqual([0, 1]);
  });

  it.each([
    ['by its id', anOffer('A')],
    ['by its key', withKey('k')],
  ])(
    'after it was handed over and the shared broker went away again, %s: not routed a second time',
    async (_how, ticket) => {
      startedDown();
      const [, , id] = (await submit(ticket)).split(' ');
      await isBack();
      store.goAway();
      expect(await submit(ticket)).toBe(`unknown ${id}`);
      expect(local.finished(10)).toEqual([]);
    },
  );
});

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

describe('a ticket that is being handed over, and may be on both sides', () => {
  /** As the store was asked to take it over, in order. */
  const adoptions = () => store.carriedOut.filter((line) => line.startsWith('adopt'));
  /** Somebody in line, behind a ticket that the store will not have: whoever has that one can still complete it here. */
  const oneInLine = async () => {
    await local.agents.put('ada', { ...ADA, capacity: 1 });
    startedDown();
    for (const id of ['with-ada', 'in-line']) await submit(anOffer(id));
    store.next('adopt', 'invalid_input');
  };

  it('gets no agent here while its adoption is under way', async () => {
    await oneInLine();
    const letGo = store.holdReplies('adopt');
    await isBack();
    expect((await broker.complete('with-ada', {})).ticket.status).toBe('completed');
    expect((await local.tickets.get('in-line'))?.ticket).toMatchObject({ status: 'waiting', assigned_agent: null });
    letGo('arrive');
    await clock.run(0);
    expect([adoptions(), await local.tickets.get('in-line')]).toEqual([['adopt in-line waiting'], undefined]);
  });

  it.each([
    ['arrived', 'reply lost', ['adopt in-line waiting', 'adopt in-line waiting']],
    ['did not arrive', 'command lost', ['adopt in-line waiting']],
  ] as const)(
    'gets no agent here while nobody knows, however long, and is handed over as it was: it %s',
    async (_fate, trouble, asked) => {
      await oneInLine();
      store.next('adopt', trouble);
      await isBack();
      expect(broker.mode).toBe('sync');
      expect((await broker.complete('with-ada', {})).ticket.status).toBe('completed');
      await clock.run(24 * 60 * 60 * 1000);
      expect(await status('in-line')).toBe('waiting');
      expect((await broker.report()).waiting.Billing).toBe(1);
      // Not that it waits: there it may have an agent by now.
      await expect(broker.complete('in-line', {})).rejects.toEqual(away);
      expect(await submit(anOffer('in-line'))).toBe('routed repeated in-line');
      // The slot is there for whoever is surely here.
      await submit(anOffer('later'));
      expect(await status('later')).toBe('assigned');
      await isBack();
      expect(adoptions().filter((line) => line.includes('in-line'))).toEqual(asked);
      expect([store.adoptedIds, await local.tickets.get('in-line')]).toEqual([['in-line', 'later'], undefined]);
    },
  );

  it('gets the slot that it missed as soon as the store has surely not got it', async () => {
    await oneInLine();
    const letGo = store.holdCommands('adopt');
    await isBack();
    await broker.complete('with-ada', {});
    expect(await status('in-line')).toBe('waiting');
    letGo('are refused');
    await clock.run(0);
    expect([broker.mode, await status('in-line')]).toEqual(['sync', 'assigned']);
    await isBack();
    expect(adoptions()).toEqual(['adopt in-line assigned']);
  });

  it('stays as it was when a later try is refused: the first one may have arrived', async () => {
    await oneInLine();
    store.next('adopt', 'reply lost');
    await isBack();
    store.next('adopt', 'refused');
    await isBack();
    expect([broker.mode, (await broker.complete('with-ada', {})).ticket.status]).toEqual(['sync', 'completed']);
    expect(await status('in-line')).toBe('waiting');
    await isBack();
    expect(adoptions()).toEqual(['adopt in-line waiting', 'adopt in-line waiting']);
  });

  it('may have been written where the store failed in a way that nobody foresaw', async () => {
    await oneInLine();
    store.next('adopt', 'internal');
    store.comeBack();
    await clock.run(0);
    store.goAway();
    await broker.complete('with-ada', {});
    expect(await status('in-line')).toBe('waiting');
    await isBack();
    expect(adoptions()).toEqual(['adopt in-line waiting']);
  });

  describe('while the agents are copied', () => {
    /** In the middle of copying: a ticket is finished here, and its completion takes it on its way. */
    const copying = async () => {
      startedDown();
      await submit(anOffer('before'));
      await local.queue.accept([{ id: 'A', input: { text: 'text of A' }, lane: 'normal', lane_urgency: 0 }]);
      const claim = await local.queue.claimById('A');
      const letGoOfBefore = store.holdReplies('adopt');
      store.comeBack();
      await clock.run(0);
      const letGoOfAgents = store.holdReplies('agents');
      letGoOfBefore('arrive');
      await clock.run(0);
      await scene.pipeline.processClaim(claim!);
      const letGoOfTicket = store.holdReplies('adopt');
      const completion = broker.complete('A', {}).catch((error: unknown) => error);
      await clock.run(0);
      const decided = (await local.tickets.get('A'))?.ticket;
      letGoOfAgents('arrive');
      await clock.run(0);
      return { decided, copied: (await local.tickets.get('A'))?.ticket, letGoOfTicket, completion };
    };

    it('gets none of those who are new', async () => {
      await local.agents.put('ada', { ...ADA, capacity: 0 });
      await behind.agents.put('ada', ADA);
      const { decided, copied, letGoOfTicket, completion } = await copying();
      expect([decided?.status, copied]).toEqual(['waiting', decided]);
      expect((await local.agents.list()).map(({ capacity, load }) => [capacity, load])).toEqual([[100, 0]]);
      letGoOfTicket('arrive');
      expect(await completion).toMatchObject({ code: 'transition_not_allowed' });
      expect(adoptions()).toEqual(['adopt before waiting', 'adopt A waiting']);
    });

    it('keeps the one who has it, also one who leaves', async () => {
      await behind.agents.put('ben', { ...ADA, name: 'Ben' });
      const { decided, copied, letGoOfTicket, completion } = await copying();
      expect([decided?.assigned_agent, copied]).toEqual(['ada', decided]);
      expect((await local.agents.list()).map(({ id, load }) => [id, load])).toEqual([['ben', 0]]);
      letGoOfTicket('arrive');
      expect(await completion).toMatchObject({ ticket: { status: 'completed', assigned_agent: 'ada' } });
      expect([adoptions(), local.finished(10)]).toEqual([['adopt before assigned', 'adopt A assigned'], []]);
    });
  });

  it('is not completed here by somebody who saw it in work the moment before it set out', async () => {
    let meanwhile = async () => undefined as unknown;
    const { get } = local.tickets;
    local = { ...local, tickets: { ...local.tickets, get: (id) => get(id).finally(() => meanwhile()) } };
    scene = aScene({ clock, local, behind });
    ({ service: broker, store } = scene);
    startedDown();
    await local.queue.accept([{ id: 'A', input: { text: 'text of A' }, lane: 'normal', lane_urgency: 0 }]);
    const claim = await local.queue.claimById('A');
    const letGo = store.holdReplies('adopt');
    meanwhile = async () => {
      await scene.pipeline.processClaim(claim!);
      await isBack();
    };
    await expect(broker.complete('A', {})).rejects.toEqual(away);
    meanwhile = async () => undefined;
    expect(await status('A')).toBe('assigned');
    letGo('arrive');
    expect((await broker.complete('A', {})).ticket.status).toBe('completed');
    expect([adoptions(), local.finished(10)]).toEqual([['adopt A assigned'], []]);
  });

  it('is given to nobody when the process ends before anybody knows', async () => {
    await oneInLine();
    store.next('adopt', 'reply lost');
    await isBack();
    await broker.complete('with-ada', {});
    await broker.stop();
    expect([await status('in-line'), store.adoptedIds, clock.waiting]).toEqual(['waiting', ['in-line'], 0]);
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
