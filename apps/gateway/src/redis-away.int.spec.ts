import type { Agent, HealthReport, Ticket } from '@smart-support/contracts';
import { type RedisServer, eventually, startRedisServer } from '@smart-support/testing';
import { type RunningGateway, startGateway } from './spec-support/running-gateway';
import { type StandInWorker, aWorker } from './spec-support/stand-in-worker';

/** Far above what an answer may take when the store hangs: one that never comes fails by this. */
const HANGS_MS = 20_000;

interface Reply {
  readonly status: number;
  readonly body: Partial<Ticket> & { readonly ticket_id?: string };
}

// Every test takes a server of its own: it is killed, stopped and started again.
let redis: RedisServer;
let gateway: RunningGateway;
let worker: StandInWorker | undefined;

beforeEach(async () => {
  redis = await startRedisServer({ appendOnly: true });
}, 30_000);
afterEach(async () => {
  // A suspended store could not be quit.
  redis.resume();
  try {
    await gateway?.stop();
    await worker?.stop();
  } finally {
    worker = undefined;
    await redis.stop();
  }
});

/** The baseline answers at once: these specs are about where tickets go, not about models. */
const startUp = async (): Promise<void> => {
  gateway = await startGateway({ REDIS_URL: redis.url, MODEL_FALLBACK: '1' });
};
const startWorker = async (): Promise<StandInWorker> => {
  worker = aWorker(redis.url);
  const { broker } = worker;
  await eventually('the worker reaches the store', () => broker.availability === 'up');
  return worker;
};

const send = async (ticket: object, headers: Record<string, string> = {}): Promise<Reply> => {
  const response = await fetch(`http://127.0.0.1:${gateway.port}/ticket`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(ticket),
    signal: AbortSignal.timeout(HANGS_MS),
  });
  return { status: response.status, body: (await response.json()) as Reply['body'] };
};
const health = async (): Promise<HealthReport> => (await gateway.call<HealthReport>('GET', '/health')).body;
const serves = async (mode: HealthReport['mode'], redisIs: HealthReport['redis']): Promise<unknown> =>
  eventually(`mode ${mode}, redis ${redisIs}`, health, (report) => report.mode === mode && report.redis === redisIs);
const agents = async (): Promise<Agent[]> => (await gateway.call<{ agents: Agent[] }>('GET', '/agents')).body.agents;
const load = async (): Promise<number> => (await agents()).reduce((sum, agent) => sum + agent.load, 0);
const inRedis = async (id: string): Promise<unknown> => redis.command('HGET', `{smart-support}:ticket:${id}`, 'status');

describe('without the Redis that is configured', () => {
  it('a gateway starts all the same, routes by itself, and goes over to Redis once that is there', async () => {
    await redis.kill();
    await startUp();
    expect(await health()).toMatchObject({ mode: 'sync', redis: 'down' });
    const { status, body } = await send({ text: 'wrong amount on my invoice', id: 'A' });
    expect([status, body.status]).toEqual([200, 'assigned']);
    expect((await gateway.call('GET', '/tickets/nobody')).status).toBe(503);
    const ben = { name: 'Ben', skills: { Billing: 1 }, capacity: 1, status: 'available' };
    expect((await gateway.call('PUT', '/agents/ben', ben)).status).toBe(503);
    await redis.restart();
    await serves('async', 'up');
    expect((await send({ text: 'the next one', id: 'B' })).status).toBe(202);
    expect((await gateway.call('PUT', '/agents/ben', ben)).status).toBe(200);
    expect((await gateway.call('GET', '/tickets/nobody')).status).toBe(404);
  });

  it('it is stopped like any other', async () => {
    await redis.kill();
    await startUp();
    await send({ text: 'wrong amount on my invoice' });
    await gateway.engine.stop();
    await expect(gateway.engine.serving.submit({ input: { text: 'too late' } })).rejects.toMatchObject({
      code: 'closed',
    });
  });
});

describe('when Redis is unavailable', () => {
  it('under load, every request gets an answer that its sender can go by, and nothing is routed twice', async () => {
    await startUp();
    const texts = Array.from({ length: 240 }, (_, n) => ({ text: `ticket number ${n}`, id: `T-${n}` }));
    const replies: Reply[] = [];
    let next = 0;
    const client = async (): Promise<void> => {
      for (let ticket = texts[next++]; ticket; ticket = texts[next++]) {
        replies.push(await send(ticket));
        if (replies.length === 90) await redis.kill();
      }
    };
    await Promise.all(Array.from({ length: 20 }, client));
    expect(replies).toHaveLength(texts.length);
    const count = (status: number): number => replies.filter((reply) => reply.status === status).length;
    expect(count(200) + count(202) + count(503)).toBe(texts.length);
    expect(Math.min(count(200), count(202))).toBeGreaterThan(0);
    for (const { status, body } of replies) if (status === 503) expect(body.ticket_id).toMatch(/^T-\d+$/);
    expect(await health()).toMatchObject({ mode: 'sync', redis: 'down' });

    await redis.restart();
    await serves('async', 'up');
    // Senders that got a 503 send again, and every other sender may.
    const isAccepted = async (ticket: object): Promise<boolean> => (await send(ticket)).status === 202;
    await eventually(
      'every ticket is accepted',
      () => Promise.all(texts.map(isAccepted)),
      (accepted) => accepted.every(Boolean),
    );
    (await startWorker()).start();
    // All say nearly the same: whatever was decided here and there, it is one storm.
    const decided = ['assigned', 'waiting', 'suppressed'];
    const statuses = await eventually(
      'every ticket is decided about',
      () => Promise.all(texts.map(({ id }) => inRedis(id))),
      (all) => all.every((status) => decided.includes(String(status))),
    );
    // A ticket that was routed here and queued there would have taken two slots, or stand in line beside its own slot.
    const { body } = await gateway.call<{ waiting: Record<string, number> }>('GET', '/queue');
    const inLine = Object.values(body.waiting).reduce((sum, length) => sum + length, 0);
    const suppressed = statuses.filter((status) => status === 'suppressed').length;
    expect((await load()) + inLine + suppressed).toBe(texts.length);
    expect(suppressed).toBeGreaterThan(0);
  });

  it('a ticket that was queued is not routed here when it comes again, by id and by key', async () => {
    await startUp();
    const byId = () => send({ text: 'mine', id: 'X' });
    const byKey = () => send({ text: 'mine' }, { 'Idempotency-Key': 'k' });
    const [first, keyed] = [await byId(), await byKey()];
    expect([first.status, keyed.status]).toEqual([202, 202]);
    await redis.kill();
    await serves('sync', 'down');
    expect([await byId(), await byId(), await byKey()]).toMatchObject([
      { status: 503, body: { ticket_id: 'X' } },
      { status: 503, body: { ticket_id: 'X' } },
      { status: 503, body: { ticket_id: keyed.body.ticket_id } },
    ]);
    await redis.restart();
    await serves('async', 'up');
    expect([await byId(), await byKey()]).toMatchObject([
      { status: 202, body: { ticket_id: 'X' } },
      { status: 202, body: { ticket_id: keyed.body.ticket_id } },
    ]);
    const { broker } = await startWorker();
    expect((await broker.queue.claim(10)).map(({ record }) => record.ticket.id).sort()).toEqual(
      ['X', keyed.body.ticket_id].sort(),
    );
  });

  it('a whole batch is routed here at once, and every result is final', async () => {
    await startUp();
    await redis.kill();
    const batch = Array.from({ length: 100 }, (_, n) => ({ text: `ticket number ${n}`, id: `T-${n}` }));
    const { status, body } = await gateway.call<{ results: { status_code: number; body: Ticket }[] }>(
      'POST',
      '/tickets',
      batch,
    );
    expect(status).toBe(207);
    expect(new Set(body.results.map(({ status_code }) => status_code))).toEqual(new Set([200]));
    expect(body.results.map((result) => result.body.id)).toEqual(batch.map(({ id }) => id));
    const statuses = new Set(body.results.map((result) => result.body.status));
    for (const unfinished of ['queued', 'processing']) expect(statuses).not.toContain(unfinished);
  });

  it('and comes back, what was routed here is found there: with its agent, completed, and the load of every agent', async () => {
    await startUp();
    expect((await send({ text: 'wrong amount on my invoice', id: 'before' })).status).toBe(202);
    await redis.kill();
    await serves('sync', 'down');
    for (const id of ['A', 'B', 'C']) expect((await send({ text: `wrong amount ${id}`, id })).status).toBe(200);
    expect((await gateway.call('POST', '/tickets/C/complete')).body).toMatchObject({ status: 'completed' });
    const [before] = [await gateway.call('GET', '/tickets/A')];
    expect(before.body).toMatchObject({ status: 'assigned', degraded: true });
    expect(await load()).toBe(2);
    await redis.restart();
    await serves('async', 'up');
    await eventually(
      'all three are handed over',
      () => Promise.all(['A', 'B', 'C'].map(inRedis)),
      (statuses) => JSON.stringify(statuses) === JSON.stringify(['assigned', 'assigned', 'completed']),
    );
    expect((await gateway.call('GET', '/tickets/A')).body).toEqual(before.body);
    expect([await load(), await inRedis('before')]).toEqual([2, 'queued']);
    expect((await gateway.call('POST', '/tickets/A/complete')).body).toMatchObject({ status: 'completed' });
    expect([await load(), await inRedis('A')]).toEqual([1, 'completed']);
    expect(await send({ text: 'wrong amount B', id: 'B' })).toMatchObject({ status: 202, body: { ticket_id: 'B' } });
    expect(await inRedis('B')).toBe('assigned');
  });

  it('a ticket that is completed right after the return is completed there', async () => {
    await startUp();
    await redis.kill();
    await serves('sync', 'down');
    expect((await send({ text: 'wrong amount', id: 'A' })).status).toBe(200);
    await redis.restart();
    const done = await eventually(
      'the ticket can be completed',
      () => gateway.call('POST', '/tickets/A/complete'),
      ({ status }) => status === 200,
    );
    expect(done.body).toMatchObject({ status: 'completed', resolution: 'agent' });
    await eventually(
      'Redis has it',
      () => inRedis('A'),
      (status) => status === 'completed',
    );
    expect(await load()).toBe(0);
  });

  it('with all it knew, the agents are loaded anew and tickets are found again', async () => {
    await startUp();
    await redis.kill();
    await serves('sync', 'down');
    await send({ text: 'wrong amount', id: 'A' });
    const roster = (await agents()).map(({ id }) => id);
    await redis.restart();
    await serves('async', 'up');
    await eventually(
      'the ticket is handed over',
      () => inRedis('A'),
      (status) => status === 'assigned',
    );
    expect((await agents()).map(({ id }) => id)).toEqual(roster);
  });
});

describe('when Redis stands still', () => {
  it('answers go on, the one in flight is answered with a retry, and nothing is done twice', async () => {
    await startUp();
    await send({ text: 'so that scripts are known', id: 'first' });
    redis.pause();
    const onItsWay = await send({ text: 'mine', id: 'X' });
    expect(onItsWay).toMatchObject({ status: 503, body: { ticket_id: 'X' } });
    expect((await send({ text: 'mine', id: 'X' })).status).toBe(503);
    expect((await send({ text: 'another', id: 'Y' })).status).toBe(200);
    expect(await health()).toMatchObject({ mode: 'sync', redis: 'down' });
    redis.resume();
    await serves('async', 'up');
    expect((await send({ text: 'mine', id: 'X' })).status).toBe(202);
    expect((await send({ text: 'another', id: 'Y' })).status).toBe(202);
    const { broker } = await startWorker();
    expect((await broker.queue.claim(10)).map(({ record }) => record.ticket.id)).toEqual(['first', 'X']);
    expect(await inRedis('Y')).toBe('assigned');
  });

  it('many requests of every kind at once are answered', async () => {
    await startUp();
    redis.pause();
    const paths = ['/health', '/queue', '/agents', '/dead-letters', '/tickets/nobody', '/metrics', '/readyz'];
    const asked = paths.map((path) =>
      fetch(`http://127.0.0.1:${gateway.port}${path}`, { signal: AbortSignal.timeout(HANGS_MS) }),
    );
    const sent = Array.from({ length: 50 }, (_, n) => send({ text: `ticket ${n}`, id: `T-${n}` }));
    for (const { status } of await Promise.all(asked)) expect([200, 503]).toContain(status);
    for (const { status, body } of await Promise.all(sent)) {
      expect([200, 503]).toContain(status);
      expect(body.id ?? body.ticket_id).toMatch(/^T-\d+$/);
    }
    expect((await send({ text: 'later' })).status).toBe(200);
  });

  it('the gateway can be stopped', async () => {
    await startUp();
    await send({ text: 'one' });
    redis.pause();
    await gateway.engine.stop();
    await expect(gateway.engine.serving.report()).rejects.toMatchObject({ code: 'closed' });
  });
});
