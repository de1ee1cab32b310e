import {
  type Agent,
  type DeadLetter,
  type ExplanationReport,
  type HealthReport,
  type QueueReport,
  type Ticket,
  ticketSchema,
} from '@smart-support/contracts';
import { type RedisServer, aDecision, eventually, startRedisServer } from '@smart-support/testing';
import { type RunningGateway, startGateway } from './spec-support/running-gateway';
import { type StandInWorker, aWorker } from './spec-support/stand-in-worker';

interface Accepted {
  readonly status: string;
  readonly ticket_id: string;
  readonly message: string;
}

interface Problem {
  readonly title: string;
  readonly detail: string;
  readonly ticket_id?: string;
}

/** Where the store keeps a ticket's record. */
const recordKey = (id: string): string => `{smart-support}:ticket:${id}`;

let redis: RedisServer;
let gateway: RunningGateway;
let worker: StandInWorker;

const startUp = async (env: Record<string, string> = {}): Promise<void> => {
  gateway = await startGateway({ REDIS_URL: redis.url, ...env });
  worker = aWorker(redis.url);
  await eventually('the worker reaches the store', () => worker.broker.availability === 'up');
  await eventually('the roster is loaded', async () => (await agents()).length > 0);
};
const shutDown = async (): Promise<void> => {
  await gateway?.stop();
  await worker?.stop();
};

beforeAll(async () => {
  redis = await startRedisServer();
}, 30_000);
beforeEach(async () => {
  await redis.command('FLUSHALL');
  await startUp();
});
afterEach(shutDown);
afterAll(() => redis?.stop());

const agents = async (): Promise<Agent[]> => (await gateway.call<{ agents: Agent[] }>('GET', '/agents')).body.agents;
const ticketNow = async (id: string): Promise<Ticket> => (await gateway.call('GET', `/tickets/${id}`)).body;
const onlyAda = async (capacity = 2): Promise<void> => {
  const ada = { name: 'Ada', skills: { Billing: 1, Technical: 1, Legal: 1 }, capacity, status: 'available' };
  await gateway.call('PUT', '/agents/ada', ada);
  for (const { id } of await agents()) if (id !== 'ada') await gateway.call('DELETE', `/agents/${id}`);
};
const routed = async (id: string): Promise<Ticket> =>
  eventually(
    `ticket ${id} is routed`,
    () => ticketNow(id),
    ({ status }) => status === 'assigned' || status === 'waiting',
  );

describe('with Redis, a ticket', () => {
  it('is accepted at once, with the place where it can be followed', async () => {
    const { status, headers, body } = await gateway.call<Accepted>('POST', '/ticket', {
      text: 'wrong amount',
      id: 'a:1',
    });
    expect([status, headers.get('location')]).toEqual([202, '/tickets/a%3A1']);
    expect(body).toEqual({ status: 'accepted', ticket_id: 'a:1', message: expect.any(String) });
    expect((await gateway.call('GET', headers.get('location') ?? '')).body).toMatchObject({
      id: 'a:1',
      status: 'queued',
    });
  });

  it('can be seen at each stage of its way: queued, in work, with an agent, completed', async () => {
    const { body } = await gateway.call<Accepted>('POST', '/ticket', { text: 'wrong amount on my invoice' });
    const id = body.ticket_id;
    const queued = await ticketNow(id);
    expect(ticketSchema.strict().parse(queued)).toEqual(queued);
    expect(queued).toMatchObject({ id, status: 'queued', category: null });
    const [claim] = await worker.broker.queue.claim(1);
    expect(await ticketNow(id)).toMatchObject({ status: 'processing', attempts: 1 });
    await worker.broker.tickets.commit(claim!, aDecision());
    expect(await ticketNow(id)).toMatchObject({ status: 'assigned', category: 'Billing', model: 'baseline' });
    const done = await gateway.call('POST', `/tickets/${id}/complete`, { category: 'Legal' });
    expect(done).toMatchObject({ status: 200, body: { status: 'completed', resolution: 'agent' } });
    expect((await gateway.call('POST', `/tickets/${id}/complete`)).body).toEqual(done.body);
    expect(await ticketNow(id)).toEqual(done.body);
  });

  it('that was never sent is not found', async () => {
    expect((await gateway.call('GET', '/tickets/nobody')).status).toBe(404);
    expect((await gateway.call('GET', '/tickets/nobody/explain')).status).toBe(404);
    expect((await gateway.call('POST', '/tickets/nobody/complete')).status).toBe(404);
  });

  it('sent again by its id or its key, is the same ticket; with another text, a conflict', async () => {
    const key = { 'Idempotency-Key': 'k' };
    const byId = () => gateway.call<Accepted>('POST', '/ticket', { text: 'mine', id: 'A' });
    const byKey = () => gateway.call<Accepted>('POST', '/ticket', { text: 'mine' }, key);
    const [first, keyed] = [await byId(), await byKey()];
    expect([await byId(), await byKey()]).toMatchObject([
      { status: 202, body: first.body },
      { status: 202, body: keyed.body },
    ]);
    for (const conflict of [
      await gateway.call<Problem>('POST', '/ticket', { text: 'other', id: 'A' }),
      await gateway.call<Problem>('POST', '/ticket', { text: 'other' }, key),
    ]) {
      expect([conflict.status, conflict.headers.get('content-type')]).toEqual([
        409,
        'application/problem+json; charset=utf-8',
      ]);
    }
    expect((await gateway.call<QueueReport>('GET', '/queue')).body.lanes).toEqual({ urgent: 0, normal: 2 });
  });

  it('goes into the lane that its words ask for', async () => {
    await gateway.call('POST', '/ticket', { text: 'a fire in the data centre, people are injured, all systems down' });
    await gateway.call('POST', '/ticket', { text: 'no hurry, just an idea for the menu' });
    expect((await gateway.call<QueueReport>('GET', '/queue')).body).toMatchObject({
      lanes: { urgent: 1, normal: 1 },
      in_progress: 0,
      oldest_age_ms: expect.any(Number),
    });
  });

  it('is refused by a full queue, with the time to come back', async () => {
    await shutDown();
    await startUp({ QUEUE_MAX: '1' });
    await gateway.call('POST', '/ticket', { text: 'first', id: 'A' });
    const refused = await gateway.call<Problem>('POST', '/ticket', { text: 'second' });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    expect((await gateway.call('POST', '/ticket', { text: 'first', id: 'A' })).status).toBe(202);
  });

  it('whose record was corrupt by hand is an error of ours without details, and the others go on', async () => {
    await redis.command('SET', recordKey('odd'), 'not a ticket of ours');
    const answers = [
      await gateway.call<Problem>('POST', '/ticket', { text: 'x', id: 'odd' }),
      await gateway.call<Problem>('GET', '/tickets/odd'),
    ];
    for (const { status, body } of answers) {
      expect(status).toBe(500);
      expect(body.detail).toBe('Something went wrong on our side.');
    }
    const { body } = await gateway.call<{ results: { status_code: number }[] }>('POST', '/tickets', [
      { text: 'x', id: 'even' },
      { text: 'x', id: 'odd' },
    ]);
    expect(body.results.map(({ status_code }) => status_code)).toEqual([202, 500]);
    expect((await gateway.call<HealthReport>('GET', '/health')).body).toMatchObject({ mode: 'async', queue_depth: 1 });
  });
});

describe('with Redis, a batch', () => {
  it('of a hundred goes in order and in few commands; a bad one does not spoil the others', async () => {
    // The store writes down every command from now on.
    await redis.command('CONFIG', 'SET', 'slowlog-log-slower-than', '0');
    await redis.command('CONFIG', 'SET', 'slowlog-max-len', '100000');
    await redis.command('SLOWLOG', 'RESET');
    const batch = Array.from({ length: 100 }, (_, n) => ({ text: n === 41 ? ' ' : `ticket ${n}`, id: `T-${n}` }));
    const { status, body } = await gateway.call<{ results: { status_code: number; body: Accepted }[] }>(
      'POST',
      '/tickets',
      batch,
    );
    expect(status).toBe(207);
    expect(body.results.map(({ status_code }) => status_code)).toEqual(batch.map((_, n) => (n === 41 ? 422 : 202)));
    expect(body.results.map((result) => result.body.ticket_id)).toEqual(
      batch.map(({ id }, n) => (n === 41 ? undefined : id)),
    );
    const commands = (await redis.command('SLOWLOG', 'GET', '-1')) as [number, number, number, string[]][];
    // What a script does stands there as well, each step by itself.
    const scripts = commands.map(([, , , words]) => words).filter(([name]) => /^eval/i.test(name ?? ''));
    expect(scripts.filter((words) => words.some((word) => /^T-\d+$/.test(word))).length).toBeLessThan(10);
    const order = (await worker.broker.queue.claim(100)).map(({ record }) => record.ticket.id);
    expect(order).toEqual(batch.flatMap(({ id }, n) => (n === 41 ? [] : [id])));
  });

  it('that has a ticket twice accepts it once', async () => {
    const { body } = await gateway.call<{ results: { status_code: number; body: Accepted }[] }>('POST', '/tickets', [
      { text: 'x', id: 'A' },
      { text: 'x', id: 'A' },
      { text: 'y', id: 'A' },
    ]);
    expect(body.results.map(({ status_code }) => status_code)).toEqual([202, 202, 409]);
    expect((await gateway.call<QueueReport>('GET', '/queue')).body.lanes.normal).toBe(1);
  });
});

describe('with Redis and a worker', () => {
  it('tickets are routed by the worker, and the gateway explains them by the very model that decided', async () => {
    await worker.openModels();
    worker.start();
    const text = 'Our lawyer demands the deletion of all personal data by tomorrow.';
    const { body } = await gateway.call<Accepted>('POST', '/ticket', { text });
    const ticket = await routed(body.ticket_id);
    expect(ticket).toMatchObject({ model: 'transformer', degraded: false });
    // Workers have the models; this process has not opened any so far.
    expect(gateway.engine.models.status()).toEqual([]);
    const { body: why } = await gateway.call<ExplanationReport>('GET', `/tickets/${ticket.id}/explain`);
    expect(why.category).toMatchObject({ label: ticket.category, model: { family: 'transformer' } });
    expect(why.category?.terms?.length).toBeGreaterThan(0);
    expect(why.category?.meaning).not.toBeNull();
    expect(why.urgency?.hits?.map(({ signal }) => signal)).toContain('deadline_tomorrow');
    expect(why.assignment?.agent_id).toBe(ticket.assigned_agent);
    expect(why.lane.name).toBe('urgent');
  });

  it('a ticket that is still queued is explained as far as it has come', async () => {
    const { body } = await gateway.call<Accepted>('POST', '/ticket', { text: 'wrong amount' });
    const why = await gateway.call<ExplanationReport>('GET', `/tickets/${body.ticket_id}/explain`);
    expect(why).toMatchObject({ status: 200, body: { ticket_id: body.ticket_id, category: null, assignment: null } });
    // That takes no model.
    expect(gateway.engine.models.status()).toEqual([]);
  });

  it('agents are the shared ones: changes count for the worker at once, and a freed slot goes to the first in line', async () => {
    await onlyAda(1);
    worker.start();
    await gateway.call('POST', '/ticket', { text: 'wrong amount on my invoice', id: 'A' });
    expect(await routed('A')).toMatchObject({ assigned_agent: 'ada' });
    await gateway.call('POST', '/ticket', { text: 'wrong amount on my bill', id: 'B' });
    expect(await routed('B')).toMatchObject({ status: 'waiting', assigned_agent: null });
    expect(await agents()).toMatchObject([{ id: 'ada', load: 1, capacity: 1 }]);
    await gateway.call('POST', '/tickets/A/complete');
    expect(await ticketNow('B')).toMatchObject({ status: 'assigned', assigned_agent: 'ada' });
    expect((await gateway.call('POST', '/tickets/B/complete')).status).toBe(200);
    expect((await gateway.call('DELETE', '/agents/ada')).status).toBe(204);
    expect((await gateway.call('DELETE', '/agents/ada')).status).toBe(404);
  });

  it('a ticket that waits cannot be completed', async () => {
    await onlyAda(0);
    worker.start();
    await gateway.call('POST', '/ticket', { text: 'wrong amount on my invoice', id: 'A' });
    await routed('A');
    expect((await gateway.call('POST', '/tickets/A/complete')).status).toBe(409);
  });

  it('dead letters can be read, tried again and removed', async () => {
    for (const id of ['A', 'B']) {
      await gateway.call('POST', '/ticket', { text: 'breaks', id });
      const [claim] = await worker.broker.queue.claim(1);
      await worker.broker.queue.fail(claim!, { code: 'poison', message: 'It broke', retryable: false });
    }
    const { body } = await gateway.call<{ dead_letters: DeadLetter[] }>('GET', '/dead-letters');
    expect(body.dead_letters).toMatchObject([
      { ticket_id: 'A', error: { code: 'poison', message: 'It broke' } },
      { ticket_id: 'B' },
    ]);
    expect((await gateway.call<QueueReport>('GET', '/queue')).body.dead).toBe(2);
    expect(await gateway.call('POST', '/dead-letters/A/retry')).toMatchObject({
      status: 200,
      body: { status: 'queued' },
    });
    expect((await gateway.call('DELETE', '/dead-letters/B')).status).toBe(204);
    expect((await gateway.call('GET', '/tickets/B')).status).toBe(404);
    expect((await gateway.call('DELETE', '/dead-letters/B')).status).toBe(404);
    expect((await gateway.call('POST', '/dead-letters/B/retry')).status).toBe(404);
  });

  it('health shows the queue, Redis, and an open breaker in any worker that lives', async () => {
    await gateway.call('POST', '/ticket', { text: 'one' });
    const { body } = await gateway.call<HealthReport>('GET', '/health');
    expect(body).toEqual({
      status: 'ok',
      queue_depth: 1,
      circuit_breaker: 'closed',
      mode: 'async',
      redis: 'up',
      redis_problem: null,
      redis_maxmemory_policy: 'noeviction',
      model_fallback: false,
      fault_injection: false,
      version: '0.0.0',
    });
    await worker.broker.workers.announce({ worker_id: 'w1', circuit_breaker: 'closed', in_flight: 0 }, 60_000);
    await worker.broker.workers.announce({ worker_id: 'w2', circuit_breaker: 'open', in_flight: 0 }, 60_000);
    const open = await gateway.call<HealthReport>('GET', '/health');
    expect(open.body).toMatchObject({ circuit_breaker: 'open', model_fallback: true });
    await worker.broker.workers.leave('w2');
    expect((await gateway.call<HealthReport>('GET', '/health')).body.circuit_breaker).toBe('closed');
  });

  it('metrics show the shared queue', async () => {
    await gateway.call('POST', '/ticket', { text: 'no hurry, one' });
    const { body } = await gateway.call<string>('GET', '/metrics');
    expect(body).toContain('smart_support_queue_depth{lane="normal"} 1');
    expect(body).toContain('smart_support_redis_up 1');
  });
});
