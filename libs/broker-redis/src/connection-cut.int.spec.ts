import { aDecision, aNewTicket, anAgentInput, eventually } from '@smart-support/testing';
import type { RedisBroker } from './redis-broker';
import { claimIds, claimed, openBroker } from './spec-support/brokers';
import type { Domain } from './spec-support/domain';
import { type CuttingProxy, startCuttingProxy } from './spec-support/sockets';
import { useDomains } from './spec-support/use-domains';

const newDomain = useDomains();
let proxy: CuttingProxy;
let domain: Domain;
let broker: RedisBroker;
beforeAll(async () => {
  proxy = await startCuttingProxy(newDomain().server.port);
});
beforeEach(async () => {
  domain = newDomain();
  broker = await openBroker({ url: `redis://127.0.0.1:${proxy.port}` }, domain.prefix);
});
afterEach(async () => {
  await broker?.close();
  expect(await domain.audit()).toEqual([]);
});
afterAll(async () => {
  await proxy?.stop();
});

/** Number of commands since the counts were reset, without the probes, which send their script each time. */
async function scriptsRun(): Promise<number> {
  const info = String(await domain.server.command('INFO', 'commandstats'));
  return [...info.matchAll(/^cmdstat_evalsha:calls=(?<calls>\d+)/gm)].reduce(
    (sum, { groups }) => sum + Number(groups?.['calls']),
    0,
  );
}

/** Cuts the connection after so many bytes of the reply to a call, which then has an unknown outcome; expects it to be sent once. */
async function cutDuring(bytes: number, call: () => Promise<unknown>): Promise<void> {
  await domain.server.command('CONFIG', 'RESETSTAT');
  proxy.cutReplyAfter(bytes);
  await expect(call()).rejects.toMatchObject({ code: 'outcome_unknown' });
  expect(broker.availability).toBe('down');
  await eventually('contact again', () => broker.availability === 'up');
  expect(await scriptsRun()).toBe(1);
}

describe('a connection that is cut in the middle of a reply', () => {
  const afterBytes = [[0], [1], [7]] as const;

  it.each(afterBytes)(
    '(after %d bytes) leaves an accepted ticket accepted once, also when it is offered again',
    async (bytes) => {
      // The script is known by now, so that there is one reply.
      await broker.queue.accept([aNewTicket({ id: 'before' })]);
      const offer = () => broker.queue.accept([aNewTicket({ id: 'a' })]);
      await cutDuring(bytes, offer);
      expect(await offer()).toMatchObject([{ outcome: 'repeated' }]);
      expect(await claimIds(broker)).toEqual(['before', 'a']);
    },
  );

  it.each(afterBytes)('(after %d bytes) leaves claimed tickets to the sweep', async (bytes) => {
    await broker.queue.claim(1);
    await broker.queue.accept(['a', 'b'].map((id) => aNewTicket({ id })));
    await cutDuring(bytes, () => broker.queue.claim(10));
    expect(await claimIds(broker)).toEqual([]);
    for (const id of ['a', 'b']) await domain.raw('DEL', `lock:${id}`);
    expect(await broker.queue.sweep()).toBe(2);
    expect(await claimIds(broker)).toEqual(['a', 'b']);
  });

  it.each(afterBytes)(
    '(after %d bytes) leaves a decision made once, with one slot taken and one event',
    async (bytes) => {
      await broker.agents.put('ann', anAgentInput({ capacity: 5 }));
      const before = await claimed(broker, 'before');
      await broker.tickets.commit(before, aDecision());
      await broker.queue.accept([aNewTicket({ id: 'a' })]);
      const [claim] = await broker.queue.claim(1);
      const commit = () => broker.tickets.commit(claim!, aDecision({ urgency_score: 0.9 }));
      await cutDuring(bytes, commit);
      expect((await commit()).ticket).toMatchObject({ status: 'assigned', assigned_agent: 'ann' });
      expect(await broker.agents.list()).toMatchObject([{ load: 2 }]);
      expect(await broker.outbox.claim(10, 60_000)).toHaveLength(1);
    },
  );

  it.each(afterBytes)(
    '(after %d bytes) leaves a ticket completed once, with one slot assigned again',
    async (bytes) => {
      await broker.agents.put('ann', anAgentInput({ capacity: 1 }));
      for (const id of ['a', 'b', 'c']) await broker.tickets.commit(await claimed(broker, id), aDecision());
      await expect(broker.tickets.complete('unknown', {})).rejects.toMatchObject({ code: 'not_found' });
      await cutDuring(bytes, () => broker.tickets.complete('a', {}));
      expect((await broker.tickets.complete('a', {})).ticket.status).toBe('completed');
      const stands = await Promise.all(['b', 'c'].map(async (id) => (await broker.tickets.get(id))?.ticket.status));
      expect(stands).toEqual(['assigned', 'waiting']);
    },
  );

  it('leaves every one of many calls in flight with an unknown outcome, sent once', async () => {
    await broker.queue.accept([aNewTicket({ id: 'before' })]);
    await domain.server.command('CONFIG', 'RESETSTAT');
    proxy.cutReplyAfter(3);
    const ids = Array.from({ length: 50 }, (_, index) => `t${index}`);
    const offers = await Promise.allSettled(ids.map((id) => broker.queue.accept([aNewTicket({ id })])));
    expect(offers.map((offer) => (offer.status === 'rejected' ? offer.reason.code : 'answered'))).toEqual(
      ids.map(() => 'outcome_unknown'),
    );
    await eventually('contact again', () => broker.availability === 'up');
    expect(await scriptsRun()).toBeLessThanOrEqual(50);
    const again = await broker.queue.accept(ids.map((id) => aNewTicket({ id })));
    expect(again.map(({ outcome }) => ['accepted', 'repeated'].includes(outcome))).toEqual(ids.map(() => true));
    expect((await broker.queue.report()).lanes.normal).toBe(51);
  });
});

describe('a store that has lost the scripts', () => {
  it('gets them again, between any two calls', async () => {
    await broker.agents.put('ann', anAgentInput({ capacity: 1 }));
    const steps: (() => Promise<unknown>)[] = [
      () => broker.queue.accept(['a', 'b'].map((id) => aNewTicket({ id }))),
      async () => expect(await claimIds(broker, 0)).toEqual([]),
      async () => broker.tickets.commit((await broker.queue.claimById('a'))!, aDecision({ urgency_score: 0.9 })),
      async () => broker.queue.requeue((await broker.queue.claimById('b'))!),
      () => broker.tickets.complete('a', {}),
      () => broker.outbox.claim(1, 60_000),
      () => broker.queue.sweep(),
      () => broker.agents.remove('ann'),
    ];
    for (const step of steps) {
      await domain.server.command('SCRIPT', 'FLUSH');
      await step();
    }
    expect((await broker.queue.report()).lanes.normal).toBe(1);
    expect((await broker.tickets.get('a'))?.ticket.status).toBe('completed');
  });
});
