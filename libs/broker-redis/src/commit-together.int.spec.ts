import type { Claim } from '@smart-support/contracts';
import { aDecision, aNewTicket, anAgentInput } from '@smart-support/testing';
import type { RedisBroker } from './redis-broker';
import { openBroker } from './spec-support/brokers';
import type { Domain } from './spec-support/domain';
import { useDomains } from './spec-support/use-domains';

const newDomain = useDomains();
let domain: Domain;
let broker: RedisBroker;
beforeEach(async () => {
  domain = newDomain();
  broker = await openBroker(domain.server, domain.prefix);
});
afterEach(async () => {
  await broker.close();
  expect(await domain.audit()).toEqual([]);
});

async function claims(count: number): Promise<Claim[]> {
  await broker.queue.accept(Array.from({ length: count }, (_, index) => aNewTicket({ id: `t${index}` })));
  return broker.queue.claim(count);
}

describe('tickets that are committed at the same moment', () => {
  it('get the free slots and no more, and the others a place in line', async () => {
    await broker.agents.put('ann', anAgentInput({ capacity: 3 }));
    await broker.agents.put('ben', anAgentInput({ capacity: 4 }));
    const inFlight = await claims(20);
    const records = await Promise.all(inFlight.map((claim) => broker.tickets.commit(claim, aDecision())));
    const holders = records.map(({ ticket }) => ticket.assigned_agent);
    expect(['ann', 'ben', null].map((who) => holders.filter((holder) => holder === who).length)).toEqual([3, 4, 13]);
    expect((await broker.agents.list()).map(({ id, load }) => [id, load])).toEqual([
      ['ann', 3],
      ['ben', 4],
    ]);
    expect((await broker.queue.report()).in_progress).toBe(0);
    for (const { ticket } of records) expect((await broker.tickets.get(ticket.id))?.ticket).toEqual(ticket);
  });

  it('are ranked again if the agents have changed meanwhile, whichever command they went in', async () => {
    await broker.agents.put('ann', anAgentInput({ capacity: 9 }));
    const inFlight = await claims(9);
    const other = await openBroker(domain.server, domain.prefix);
    await other.agents.put('ann', anAgentInput({ capacity: 1 }));
    await other.close();
    const records = await Promise.all(inFlight.map((claim) => broker.tickets.commit(claim, aDecision())));
    expect(records.filter(({ ticket }) => ticket.status === 'assigned')).toHaveLength(1);
  });

  it('each have the result of a single commit: one is unknown by now, one comes twice, one belongs to another worker', async () => {
    await broker.agents.put('ann', anAgentInput({ capacity: 9 }));
    const [sound, twice, lost, gone] = await claims(4);
    await domain.raw('DEL', `ticket:${gone!.record.ticket.id}`);
    const stolen: Claim = { ...lost!, token: 'another' };
    const outcomes = await Promise.allSettled(
      [sound, twice, stolen, gone, twice].map((claim) => broker.tickets.commit(claim!, aDecision())),
    );
    expect(
      outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value.ticket.status : outcome.reason.code)),
    ).toEqual(['assigned', 'assigned', 'lease_lost', 'lease_lost', 'assigned']);
    expect((await broker.agents.list())[0]?.load).toBe(2);
    expect((await broker.tickets.commit(lost!, aDecision())).ticket.status).toBe('assigned');
    await domain.raw('DEL', `lock:${gone!.record.ticket.id}`);
    await broker.queue.sweep();
    await domain.raw('DEL', 'tickets:quarantined');
    await domain.raw('DECR', 'unfinished');
  });

  it('raise one alert each', async () => {
    const urgent = aDecision({ urgency_score: 0.95 });
    const explanation = { ...urgent.explanation, urgency: { ...urgent.explanation.urgency!, alert: true } };
    const inFlight = await claims(12);
    await Promise.all(inFlight.map((claim) => broker.tickets.commit(claim, { ...urgent, explanation })));
    const events = await broker.outbox.claim(100, 60_000);
    expect(new Set(events.map(({ id }) => id)).size).toBe(12);
    expect(events).toHaveLength(12);
  });
});
