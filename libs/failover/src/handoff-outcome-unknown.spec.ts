import type { LocalBroker } from '@smart-support/contracts';
import { anOffer } from '@smart-support/testing';
import { ADA } from './spec-support/failover-scene';
import {
  behind,
  broker,
  clock,
  isBack,
  local,
  replaceScene,
  scene,
  startedDown,
  status,
  store,
  submit,
  useScene,
} from './spec-support/use-scene';

const away = expect.objectContaining({ code: 'unavailable' });

useScene();

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
    const tickets: LocalBroker['tickets'] = { ...local.tickets, get: (id) => get(id).finally(() => meanwhile()) };
    replaceScene({ local: { ...local, tickets } });
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
