import type { LocalBroker } from '@smart-support/contracts';
import { anOffer } from '@smart-support/testing';
import { ADA } from './spec-support/failover-harness';
import {
  behind,
  broker,
  clock,
  bringStoreUp,
  local,
  replaceHarness,
  harness,
  startWithStoreDown,
  status,
  store,
  submit,
  useHarness,
} from './spec-support/use-harness';

const away = expect.objectContaining({ code: 'unavailable' });

useHarness();

describe('a ticket in handoff that may be at both brokers', () => {
  /** Adoptions that the store received, in order. */
  const adoptions = () => store.carriedOut.filter((line) => line.startsWith('adopt'));
  /** A ticket in line, behind one that the store refuses: whichever agent has that one can still complete it here. */
  const oneInLine = async () => {
    await local.agents.put('ada', { ...ADA, capacity: 1 });
    startWithStoreDown();
    for (const id of ['with-ada', 'in-line']) await submit(anOffer(id));
    store.failNext('adopt', 'invalid_input');
  };

  it('gets no agent here while its adoption is in flight', async () => {
    await oneInLine();
    const release = store.delayReplies('adopt');
    await bringStoreUp();
    expect((await broker.tickets.complete('with-ada', {})).ticket.status).toBe('completed');
    expect((await local.tickets.get('in-line'))?.ticket).toMatchObject({ status: 'waiting', assigned_agent: null });
    release('arrive');
    await clock.run(0);
    expect([adoptions(), await local.tickets.get('in-line')]).toEqual([['adopt in-line waiting'], undefined]);
  });

  it.each([
    ['arrived', 'reply lost', ['adopt in-line waiting', 'adopt in-line waiting']],
    ['did not arrive', 'command lost', ['adopt in-line waiting']],
  ] as const)(
    'gets no agent here while the outcome is unknown, however long, and is handed over as it was: it %s',
    async (_how, fault, asked) => {
      await oneInLine();
      store.failNext('adopt', fault);
      await bringStoreUp();
      expect(broker.mode).toBe('sync');
      expect((await broker.tickets.complete('with-ada', {})).ticket.status).toBe('completed');
      await clock.run(24 * 60 * 60 * 1000);
      expect(await status('in-line')).toBe('waiting');
      expect((await broker.report()).waiting.Billing).toBe(1);
      // Not that it waits: at the store it may have an agent by now.
      await expect(broker.tickets.complete('in-line', {})).rejects.toEqual(away);
      expect(await submit(anOffer('in-line'))).toBe('routed repeated in-line');
      // The slot goes to a ticket that is certainly here.
      await submit(anOffer('later'));
      expect(await status('later')).toBe('assigned');
      await bringStoreUp();
      expect(adoptions().filter((line) => line.includes('in-line'))).toEqual(asked);
      expect([store.adoptedIds, await local.tickets.get('in-line')]).toEqual([['in-line', 'later'], undefined]);
    },
  );

  it('gets the slot that it missed as soon as the store certainly does not have it', async () => {
    await oneInLine();
    const release = store.delayCommands('adopt');
    await bringStoreUp();
    await broker.tickets.complete('with-ada', {});
    expect(await status('in-line')).toBe('waiting');
    release('are refused');
    await clock.run(0);
    expect([broker.mode, await status('in-line')]).toEqual(['sync', 'assigned']);
    await bringStoreUp();
    expect(adoptions()).toEqual(['adopt in-line assigned']);
  });

  it('stays as it was when a later attempt is refused: the first one may have arrived', async () => {
    await oneInLine();
    store.failNext('adopt', 'reply lost');
    await bringStoreUp();
    store.failNext('adopt', 'refused');
    await bringStoreUp();
    expect([broker.mode, (await broker.tickets.complete('with-ada', {})).ticket.status]).toEqual(['sync', 'completed']);
    expect(await status('in-line')).toBe('waiting');
    await bringStoreUp();
    expect(adoptions()).toEqual(['adopt in-line waiting', 'adopt in-line waiting']);
  });

  it('may have been written if the store failed with an unexpected error', async () => {
    await oneInLine();
    store.failNext('adopt', 'internal');
    store.goUp();
    await clock.run(0);
    store.goDown();
    await broker.tickets.complete('with-ada', {});
    expect(await status('in-line')).toBe('waiting');
    await bringStoreUp();
    expect(adoptions()).toEqual(['adopt in-line waiting']);
  });

  describe('while the agents are copied', () => {
    /** During the copy, a ticket is finished here, and its completion hands it over. */
    const copying = async () => {
      startWithStoreDown();
      await submit(anOffer('before'));
      await local.queue.accept([{ id: 'A', input: { text: 'text of A' }, lane: 'normal', lane_urgency: 0 }]);
      const claim = await local.queue.claimById('A');
      const letGoOfBefore = store.delayReplies('adopt');
      store.goUp();
      await clock.run(0);
      const letGoOfAgents = store.delayReplies('agents');
      letGoOfBefore('arrive');
      await clock.run(0);
      await harness.pipeline.processClaim(claim!);
      const letGoOfTicket = store.delayReplies('adopt');
      const completion = broker.tickets.complete('A', {}).catch((error: unknown) => error);
      await clock.run(0);
      const decided = (await local.tickets.get('A'))?.ticket;
      letGoOfAgents('arrive');
      await clock.run(0);
      return { decided, copied: (await local.tickets.get('A'))?.ticket, letGoOfTicket, completion };
    };

    it('gets none of the new agents', async () => {
      await local.agents.put('ada', { ...ADA, capacity: 0 });
      await behind.agents.put('ada', ADA);
      const { decided, copied, letGoOfTicket, completion } = await copying();
      expect([decided?.status, copied]).toEqual(['waiting', decided]);
      expect((await local.agents.list()).map(({ capacity, load }) => [capacity, load])).toEqual([[100, 0]]);
      letGoOfTicket('arrive');
      expect(await completion).toMatchObject({ code: 'transition_not_allowed' });
      expect(adoptions()).toEqual(['adopt before waiting', 'adopt A waiting']);
    });

    it('keeps its agent, also one that is removed', async () => {
      await behind.agents.put('ben', { ...ADA, name: 'Ben' });
      const { decided, copied, letGoOfTicket, completion } = await copying();
      expect([decided?.assigned_agent, copied]).toEqual(['ada', decided]);
      expect((await local.agents.list()).map(({ id, load }) => [id, load])).toEqual([['ben', 0]]);
      letGoOfTicket('arrive');
      expect(await completion).toMatchObject({ ticket: { status: 'completed', assigned_agent: 'ada' } });
      expect([adoptions(), local.finished(10)]).toEqual([['adopt before assigned', 'adopt A assigned'], []]);
    });
  });

  it('is not completed here by a caller who saw it in process just before its handoff began', async () => {
    let meanwhile = async () => undefined as unknown;
    const { get } = local.tickets;
    const tickets: LocalBroker['tickets'] = { ...local.tickets, get: (id) => get(id).finally(() => meanwhile()) };
    replaceHarness({ local: { ...local, tickets } });
    startWithStoreDown();
    await local.queue.accept([{ id: 'A', input: { text: 'text of A' }, lane: 'normal', lane_urgency: 0 }]);
    const claim = await local.queue.claimById('A');
    const release = store.delayReplies('adopt');
    meanwhile = async () => {
      await harness.pipeline.processClaim(claim!);
      await bringStoreUp();
    };
    await expect(broker.tickets.complete('A', {})).rejects.toEqual(away);
    meanwhile = async () => undefined;
    expect(await status('A')).toBe('assigned');
    release('arrive');
    expect((await broker.tickets.complete('A', {})).ticket.status).toBe('completed');
    expect([adoptions(), local.finished(10)]).toEqual([['adopt A assigned'], []]);
  });

  it('gets no agent when the process ends before the outcome is known', async () => {
    await oneInLine();
    store.failNext('adopt', 'reply lost');
    await bringStoreUp();
    await broker.tickets.complete('with-ada', {});
    await broker.stop();
    expect([await status('in-line'), store.adoptedIds, clock.waiting]).toEqual(['waiting', ['in-line'], 0]);
  });
});
