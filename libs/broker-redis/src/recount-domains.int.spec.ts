import { aDecision, aNewTicket, anAgentInput, eventually } from '@smart-support/testing';
import * as fc from 'fast-check';
import type { RedisBroker } from './redis-broker';
import { openBroker } from './spec-support/brokers';
import type { Domain } from './spec-support/domain';
import { useDomains } from './spec-support/use-domains';

const newDomain = useDomains();
let domain: Domain;
let broker: RedisBroker;

async function begin(): Promise<void> {
  domain = newDomain();
  await domain.server.command('FLUSHALL');
  broker = await openBroker(domain.server, domain.prefix);
  await broker.agents.put('ann', anAgentInput({ capacity: 1000 }));
}
beforeEach(begin);
afterEach(() => broker.close());

const DOMAINS = ['shop', '', 'mail'];
/** Tickets of three trust domains, and some without an API key. */
const accept = (number: number) => {
  const name = DOMAINS[number % 4];
  const source = name === undefined ? {} : { source: { key: 'k', domain: name } };
  return broker.queue.accept([aNewTicket({ id: `t${number}`, ...source })]);
};
const die = async (number: number): Promise<void> => {
  const claim = await broker.queue.claimById(`t${number}`);
  if (claim) await broker.queue.fail(claim, { code: 'poison', message: 'It broke', retryable: false });
};
const complete = async (number: number): Promise<void> => {
  const claim = await broker.queue.claimById(`t${number}`);
  if (!claim) return;
  await broker.tickets.commit(claim, aDecision());
  await broker.tickets.complete(`t${number}`, {});
};
const retry = (number: number): Promise<unknown> => broker.deadLetters.retry(`t${number}`).catch(() => undefined);
/** @returns whether the recount continues */
const step = async (keys: number): Promise<boolean> =>
  (await domain.run('queue/recount-domains', { key_count: keys, pause_ms: 3_600_000 })) === 1;

/** Wrong counts, as an older version or an operator may leave them. */
const corruptCounts = (): Promise<unknown> =>
  domain.raw('HSET', 'unfinished:domains', 'shop', 500, '#shop', 7, 'ghost', 3, '#ghost', 9, 'mail', 'many');

describe('wrong counts of the tickets of trust domains', () => {
  it('are right after a recount, whatever happens to tickets during it', async () => {
    const act = fc.constantFrom(accept, die, complete, retry, () => step(1));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(act, fc.nat(11)), { maxLength: 80 }), async (acts) => {
        await broker.close();
        await begin();
        for (let number = 0; number < 10; number += 1) await accept(number);
        await complete(1);
        for (const number of [4, 5, 6]) await die(number);
        await corruptCounts();
        await step(1);
        for (const [each, number] of acts) await each(number);
        while (await step(3));
        expect(await domain.audit()).toEqual([]);
        for (const number of [4, 5]) await retry(number);
        for (const number of [8, 9, 10]) await complete(number);
        expect(await domain.audit()).toEqual([]);
      }),
      // Each run is some 100 commands, which a busy machine has to do within the time of a test.
      { numRuns: 20 },
    );
  }, 60_000);

  it('are corrected by the process that leads the sweep', async () => {
    for (let number = 0; number < 8; number += 1) await accept(number);
    await corruptCounts();
    expect(await domain.audit()).not.toEqual([]);
    const lead = broker.leadSweeps(20);
    await eventually('the numbers are right', async () => (await domain.audit()).length === 0);
    await lead.stop();
  });

  it('are checked again only after the pause', async () => {
    await accept(0);
    expect(await step(1_000_000)).toBe(false);
    await corruptCounts();
    expect(await step(1_000_000)).toBe(false);
    expect(await domain.audit()).not.toEqual([]);
    await domain.raw('DEL', 'unfinished:recounted');
    await step(1_000_000);
    expect(await domain.audit()).toEqual([]);
  });

  it('stay as they are while a record is corrupt, and nothing is left of the recount', async () => {
    for (let number = 0; number < 8; number += 1) await accept(number);
    const before = await domain.dump();
    await domain.corrupt('ticket:t0');
    while (await step(1));
    await domain.restore('ticket:t0');
    expect((await domain.dump())['unfinished:domains']).toEqual(before['unfinished:domains']);
  });

  it('stay as they are if the Redis user may not scan, and nothing fails', async () => {
    await accept(0);
    await domain.server.command('ACL', 'SETUSER', 'default', '-scan');
    try {
      expect(await step(1_000_000)).toBe(false);
    } finally {
      await domain.server.command('ACL', 'SETUSER', 'default', '+scan');
    }
    expect(await domain.audit()).toEqual([]);
  });
});
