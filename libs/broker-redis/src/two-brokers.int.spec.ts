import { type Category, CATEGORIES } from '@smart-support/contracts';
import { aDecision, aNewTicket, anAgentInput } from '@smart-support/testing';
import * as fc from 'fast-check';
import type { RedisBroker } from './redis-broker';
import { claimed, openBroker } from './spec-support/brokers';
import type { Domain } from './spec-support/domain';
import { useDomains } from './spec-support/use-domains';

const newDomain = useDomains();
let domain: Domain;
let one: RedisBroker;
let other: RedisBroker;

async function openBoth(): Promise<void> {
  domain = newDomain();
  one = await openBroker(domain.server, domain.prefix, { leaseMs: 60_000 }, { random: () => 0 });
  other = await openBroker(domain.server, domain.prefix, { leaseMs: 60_000 }, { random: () => 0 });
}

async function closeBoth(): Promise<void> {
  await Promise.all([one.close(), other.close()]);
}

describe('two brokers on one store', () => {
  beforeEach(openBoth);
  afterEach(async () => {
    await closeBoth();
    expect(await domain.audit()).toEqual([]);
  });

  const ids = (count: number): string[] =>
    Array.from({ length: count }, (_, index) => `t${String(index).padStart(3, '0')}`);

  it('never claim the same ticket, and together claim all', async () => {
    await one.queue.accept(ids(300).map((id) => aNewTicket({ id })));
    const claims = await Promise.all(
      Array.from({ length: 60 }, (_, index) => (index % 2 ? one : other).queue.claim(7)),
    );
    const taken = claims.flat();
    expect(taken.map(({ record }) => record.ticket.id).sort()).toEqual(ids(300));
    expect(new Set(taken.map(({ token }) => token)).size).toBe(300);
  });

  it('make one ticket of the same offer to both at the same moment', async () => {
    const twice = (id: string) => [aNewTicket({ id, text: 'Save failed', duplicate_key: 'k' })];
    const offers = ids(20).map((id, index) => (index % 2 ? one : other).queue.accept(twice(id)));
    const results = (await Promise.all(offers)).flat();
    expect(results.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(1);
    expect(results.filter(({ outcome }) => outcome === 'repeated')).toHaveLength(19);
    expect(new Set(results.map((result) => 'record' in result && result.record.ticket.id)).size).toBe(1);
  });

  it('know each other’s agents by the next decision', async () => {
    const claim = await claimed(one, 'a');
    await other.agents.put('ann', anAgentInput({ capacity: 1 }));
    expect((await one.tickets.commit(claim, aDecision())).ticket.assigned_agent).toBe('ann');
    const next = await claimed(one, 'b');
    await other.agents.put('ben', anAgentInput({ capacity: 1 }));
    await other.agents.put('ann', anAgentInput({ capacity: 1, name: 'Ann Other' }));
    expect((await one.tickets.commit(next, aDecision())).ticket.assigned_agent).toBe('ben');
    expect((await one.agents.list()).map(({ id, name, load }) => [id, name, load])).toEqual([
      ['ann', 'Ann Other', 1],
      ['ben', anAgentInput().name, 1],
    ]);
    await other.agents.remove('ann');
    expect((await one.agents.list()).map(({ id }) => id)).toEqual(['ben']);
  });

  it('know the slots that the other assigned or freed', async () => {
    await one.agents.put('ann', anAgentInput({ capacity: 1 }));
    const [a, b, c] = [await claimed(one, 'a'), await claimed(other, 'b'), await claimed(one, 'c')];
    expect((await one.tickets.commit(a, aDecision())).ticket.status).toBe('assigned');
    // The other ranked ann as free when it claimed.
    expect((await other.tickets.commit(b, aDecision())).ticket.status).toBe('waiting');
    await other.tickets.complete('a', {});
    expect((await one.tickets.get('b'))?.ticket.assigned_agent).toBe('ann');
    await other.tickets.complete('b', {});
    // For this one, ann is busy.
    expect((await one.tickets.commit(c, aDecision())).ticket.assigned_agent).toBe('ann');
  });

  it('refuse each other’s claims', async () => {
    const claim = await claimed(one, 'a');
    expect(await other.queue.claimById('a')).toBeUndefined();
    await domain.raw('DEL', 'lock:a');
    await other.queue.sweep();
    const again = (await other.queue.claimById('a'))!;
    expect(again.token).not.toBe(claim.token);
    await expect(one.tickets.commit(claim, aDecision())).rejects.toMatchObject({ code: 'lease_lost' });
    await expect(one.queue.requeue(claim)).rejects.toMatchObject({ code: 'lease_lost' });
    await expect(one.queue.fail(claim, { code: 'x', message: 'x', retryable: true })).rejects.toMatchObject({
      code: 'lease_lost',
    });
    expect(await one.queue.heartbeat([claim])).toEqual(['a']);
    expect(await other.queue.heartbeat([again])).toEqual([]);
    expect((await other.tickets.commit(again, aDecision())).ticket.status).toBe('waiting');
  });

  it('sweep at once without moving anything twice', async () => {
    await one.queue.accept(ids(20).map((id) => aNewTicket({ id })));
    await one.queue.claim(20);
    for (const id of ids(20)) await domain.raw('DEL', `lock:${id}`);
    const moved = await Promise.all([one.queue.sweep(), other.queue.sweep(), one.queue.sweep()]);
    expect(moved.reduce((sum, count) => sum + count, 0)).toBe(20);
    expect((await other.queue.claim(50)).map(({ record }) => record.ticket.id)).toEqual(ids(20));
  });

  it('remove an agent together while the other assigns tickets to it, and nothing is lost', async () => {
    for (const agent of ['ann', 'ben']) await one.agents.put(agent, anAgentInput({ capacity: 5 }));
    await one.queue.accept(ids(12).map((id) => aNewTicket({ id })));
    const claims = await other.queue.claim(12);
    const [left, alsoLeft, ...records] = await Promise.allSettled([
      one.agents.remove('ann'),
      other.agents.remove('ann'),
      ...claims.map((claim) => other.tickets.commit(claim, aDecision())),
    ]);
    expect([left?.status, alsoLeft?.status]).toContain('fulfilled');
    expect(records.map(({ status }) => status)).toEqual(records.map(() => 'fulfilled'));
    expect(await other.agents.list()).toMatchObject([{ id: 'ben', load: 5 }]);
    expect((await one.queue.report()).waiting.Billing).toBe(7);
  });
});

describe('two brokers on one store, in any sequence of commands', () => {
  const category = fc.constantFrom<Category>(...CATEGORIES);
  const deed = fc.oneof(
    { weight: 5, arbitrary: fc.record({ do: fc.constant('route' as const), category }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('complete' as const), pick: fc.nat({ max: 1000 }) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('put' as const),
        agent: fc.constantFrom('ann', 'ben', 'cy'),
        capacity: fc.nat({ max: 3 }),
        category,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('remove' as const), agent: fc.constantFrom('ann', 'ben', 'cy') }),
    },
  );
  type Deed = typeof deed extends fc.Arbitrary<infer Value> ? Value : never;
  const days = fc.array(fc.array(fc.tuple(fc.boolean(), deed), { minLength: 1, maxLength: 12 }), {
    minLength: 1,
    maxLength: 5,
  });

  const expected = ['not_found', 'transition_not_allowed'];
  const completed: string[] = [];

  async function act(broker: RedisBroker, what: Deed): Promise<void> {
    switch (what.do) {
      case 'route': {
        for (const claim of await broker.queue.claim(2))
          await broker.tickets.commit(claim, aDecision({ category: what.category }));
        return;
      }
      case 'complete': {
        // Most sequences are too short to reach later ones.
        const id = `t${what.pick % 12}`;
        const { ticket } = await broker.tickets.complete(id, {});
        completed.push(ticket.id);
        return;
      }
      case 'put': {
        const skills = { [what.category]: 0.9, Billing: 0.5 };
        await broker.agents.put(what.agent, anAgentInput({ capacity: what.capacity, skills }));
        return;
      }
      case 'remove':
        await broker.agents.remove(what.agent);
    }
  }

  it('no slot is assigned twice or lost, no ticket is in two places, and every waiting ticket waits for a reason', async () => {
    await fc.assert(
      fc.asyncProperty(days, async (rounds) => {
        await openBoth();
        try {
          await one.queue.accept(Array.from({ length: 60 }, (_, index) => aNewTicket({ id: `t${index}` })));
          const mostOf = new Map<string, number>();
          for (const round of rounds) {
            for (const [, what] of round)
              if (what.do === 'put') mostOf.set(what.agent, Math.max(mostOf.get(what.agent) ?? 0, what.capacity));
            const ends = await Promise.allSettled(round.map(([first, what]) => act(first ? one : other, what)));
            for (const end of ends) if (end.status === 'rejected') expect(expected).toContain(end.reason.code);
            expect(await domain.audit()).toEqual([]);
            const agents = await one.agents.list();
            expect(await other.agents.list()).toEqual(agents);
            for (const { id, load } of agents) expect(load).toBeLessThanOrEqual(mostOf.get(id) ?? 0);
            const { waiting } = await other.queue.report();
            for (const { skills, capacity, load } of agents.filter(({ status }) => status === 'available')) {
              const couldTake = CATEGORIES.filter((name) => (skills[name] ?? 0) > 0 && waiting[name] > 0);
              expect(load < capacity ? couldTake : []).toEqual([]);
            }
          }
        } finally {
          await closeBoth();
        }
      }),
      { numRuns: 25 },
    );
    expect(completed).not.toEqual([]);
  });
});
