import { type RedisServer, aDecision, anAgentInput, startRedisServer } from '@smart-support/testing';
import type { RedisBroker } from './redis-broker';
import { claimed, committed, openBroker } from './spec-support/brokers';

let server: RedisServer;
let old: RedisBroker;
let other: RedisBroker;
beforeAll(async () => {
  server = await startRedisServer();
});
beforeEach(async () => {
  old = await openBroker(server, 'emptied');
  other = await openBroker(server, 'emptied');
});
afterEach(async () => {
  await Promise.all([old, other].map((broker) => broker?.close()));
  await server.command('FLUSHALL');
});
afterAll(() => server?.stop());

const ids = async (broker: RedisBroker) => (await broker.agents.list()).map(({ id }) => id);

describe('a store that was emptied while processes run', () => {
  it('accepts a roster again', async () => {
    expect(await old.agents.seed([{ id: 'ann', ...anAgentInput() }])).toBe(true);
    await server.command('FLUSHALL');
    expect(await ids(old)).toEqual([]);
    expect(await other.agents.seed([{ id: 'ben', ...anAgentInput() }])).toBe(true);
    expect([await ids(old), await ids(other)]).toEqual([['ben'], ['ben']]);
  });

  it('assigns no ticket to agents of the former roster, however similar the two are', async () => {
    await old.agents.put('ann', anAgentInput());
    await committed(old, 'a');
    await server.command('FLUSHALL');
    const claim = await claimed(old, 'b');
    await other.agents.put('ben', anAgentInput());
    expect((await old.tickets.commit(claim, aDecision())).ticket.assigned_agent).toBe('ben');
    await expect(old.agents.remove('ann')).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('a long line', () => {
  it('is served to its end, also if that takes several commands', async () => {
    for (let n = 0; n < 250; n += 1) await committed(old, `t${n}`);
    const { load } = await old.agents.put('ann', anAgentInput({ capacity: 240 }));
    expect(load).toBe(240);
    expect((await old.queue.report()).waiting.Billing).toBe(10);
  });
});
