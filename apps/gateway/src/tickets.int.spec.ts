import type { Agent, DeadLetter, ExplanationReport, HealthReport, QueueReport, Ticket } from '@smart-support/contracts';
import { ticketSchema } from '@smart-support/contracts';
import { type RunningGateway, startGateway } from './spec-support/running-gateway';

let gateway: RunningGateway;
beforeEach(async () => {
  gateway = await startGateway();
});
afterEach(() => gateway.stop());

const oneAgent = async (agent: Partial<Agent> = {}) => {
  const { body } = await gateway.call<{ agents: Agent[] }>('GET', '/agents');
  for (const { id } of body.agents) await gateway.call('DELETE', `/agents/${id}`);
  await gateway.call('PUT', '/agents/ada', {
    name: 'Ada',
    skills: { Billing: 0.9, Technical: 0.5, Legal: 0.7 },
    capacity: 1,
    status: 'available',
    ...agent,
  });
};

describe('a ticket comes in over HTTP', () => {
  it('and is answered with category, confidence, urgency and an agent, all in the shape of the contract', async () => {
    const { status, body } = await gateway.call('POST', '/ticket', {
      text: 'I was charged twice for my October invoice, please refund one of the payments.',
      requester: 'ada@example.com',
      reported_at: '2026-01-02T03:04:05+01:00',
    });
    expect(status).toBe(200);
    expect(ticketSchema.strict().parse(body)).toEqual(body);
    expect(body).toMatchObject({
      category: 'Billing',
      status: 'assigned',
      model: 'transformer',
      degraded: false,
      attempts: 1,
      requester: 'ada@example.com',
      reported_at: '2026-01-02T03:04:05+01:00',
      master_incident_id: null,
    });
    expect(body.assigned_agent).not.toBeNull();
    expect((await gateway.call('GET', `/tickets/${body.id}`)).body).toEqual(body);
  });

  it('a danger is more urgent than a wish', async () => {
    const score = async (text: string) =>
      (await gateway.call('POST', '/ticket', { text })).body.urgency_score ?? Number.NaN;
    const danger = await score(
      'The whole hospital has lost its patient records system, nobody can work, people are in danger.',
    );
    const wish = await score('It would be nice if the menu could be blue. No rush, just an idea.');
    expect(danger).toBeGreaterThan(wish);
  });

  it('the explanation names the model, the terms, the signals, every agent and the time each stage took', async () => {
    const { body: ticket } = await gateway.call('POST', '/ticket', {
      text: 'Our lawyer demands the deletion of all personal data by tomorrow.',
    });
    const { body } = await gateway.call<ExplanationReport>('GET', `/tickets/${ticket.id}/explain`);
    expect(body.ticket_id).toBe(ticket.id);
    expect(body.category).toMatchObject({
      label: ticket.category,
      confidence: ticket.confidence,
      model: { family: 'transformer' },
    });
    expect(body.category?.terms?.length).toBeGreaterThan(0);
    expect(body.category?.meaning).not.toBeNull();
    expect(body.urgency?.hits?.map(({ signal }) => signal)).toContain('deadline_tomorrow');
    expect(
      body.assignment?.agents.filter(({ outcome }) => outcome === 'chosen').map(({ agent_id }) => agent_id),
    ).toEqual([ticket.assigned_agent]);
    expect(body.models).toMatchObject([{ name: 'all-MiniLM-L6-v2', breaker: 'closed', fallback: null }]);
    for (const stage of ['embed_ms', 'classify_ms', 'score_urgency_ms']) expect(body.timings).toHaveProperty(stage);
  });

  it('the subject counts: it is read before the text', async () => {
    const { body } = await gateway.call('POST', '/ticket', {
      subject: 'Refund of a double charge on my invoice',
      text: 'see above',
    });
    expect(body).toMatchObject({ category: 'Billing', subject: 'Refund of a double charge on my invoice' });
  });

  it('sent again with the same id and text, it is the same ticket and nothing happens twice', async () => {
    const ticket = { id: 'T-1', text: 'my card was declined' };
    const first = await gateway.call('POST', '/ticket', ticket);
    const again = await gateway.call('POST', '/ticket', ticket);
    expect(again).toMatchObject({ status: 200, body: first.body });
    const { body } = await gateway.call<{ agents: Agent[] }>('GET', '/agents');
    expect(body.agents.reduce((sum, { load }) => sum + load, 0)).toBe(1);
  });

  it('sent again with another text, it is a conflict and the first stays', async () => {
    await gateway.call('POST', '/ticket', { id: 'T-1', text: 'my card was declined' });
    expect((await gateway.call('POST', '/ticket', { id: 'T-1', text: 'something else' })).status).toBe(409);
    expect((await gateway.call('GET', '/tickets/T-1')).body.text).toBe('my card was declined');
  });

  it('an Idempotency-Key does the same for clients without ids; an id wins over it', async () => {
    const key = { 'Idempotency-Key': 'k-1' };
    const first = await gateway.call('POST', '/ticket', { text: 'slow page' }, key);
    expect((await gateway.call('POST', '/ticket', { text: 'slow page' }, key)).body.id).toBe(first.body.id);
    expect((await gateway.call('POST', '/ticket', { text: 'fast page' }, key)).status).toBe(409);
    expect((await gateway.call('POST', '/ticket', { text: 'fast page', id: 'T-9' }, key)).body.id).toBe('T-9');
  });

  it('a full queue says so, with the time to come back, and takes tickets again once one is done', async () => {
    await gateway.stop();
    gateway = await startGateway({ QUEUE_MAX: '1' });
    const { body: first } = await gateway.call('POST', '/ticket', { text: 'first' });
    const refused = await gateway.call('POST', '/ticket', { text: 'second' });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    await gateway.call('POST', `/tickets/${first.id}/complete`);
    expect((await gateway.call('POST', '/ticket', { text: 'second' })).status).toBe(200);
  });
});

describe('a batch of tickets', () => {
  it('gets one result per item, in order; a bad one does not spoil the others', async () => {
    const { status, body } = await gateway.call<{ results: { status_code: number; body: Record<string, unknown> }[] }>(
      'POST',
      '/tickets',
      [
        { text: 'refund please', id: 'a' },
        { text: '' },
        7,
        { text: 'refund please', id: 'a' },
        { text: 'x'.repeat(70_000) },
        { text: 'login fails', id: 'b' },
      ],
    );
    expect(status).toBe(207);
    expect(body.results.map(({ status_code }) => status_code)).toEqual([200, 422, 400, 200, 413, 200]);
    expect(body.results[3]?.body).toEqual({ ...body.results[0]?.body, is_repeat: true });
    expect(body.results[5]?.body).toMatchObject({ id: 'b' });
  });

  it('takes 100 and no more, and must be an array', async () => {
    const tickets = Array.from({ length: 101 }, (_, n) => ({ text: `ticket ${n}` }));
    expect((await gateway.call('POST', '/tickets', tickets)).status).toBe(413);
    expect((await gateway.call('POST', '/tickets', tickets.slice(1))).status).toBe(207);
    expect((await gateway.call('POST', '/tickets', { text: 'one' })).status).toBe(400);
  });
});

describe('agents and their slots', () => {
  it('when all are busy a ticket waits, and the freed slot goes to the first in line', async () => {
    await oneAgent();
    const { body: first } = await gateway.call('POST', '/ticket', { text: 'wrong amount on my invoice' });
    const { body: second } = await gateway.call('POST', '/ticket', { text: 'wrong amount on my bill' });
    expect([first.assigned_agent, second.assigned_agent, second.status]).toEqual(['ada', null, 'waiting']);

    const done = await gateway.call('POST', `/tickets/${first.id}/complete`, { category: 'Legal', urgency_score: 0.9 });
    expect(done.body).toMatchObject({ status: 'completed', resolution: 'agent', category: first.category });
    expect((await gateway.call('GET', `/tickets/${second.id}`)).body).toMatchObject({
      status: 'assigned',
      assigned_agent: 'ada',
    });
    const { body: why } = await gateway.call<ExplanationReport>('GET', `/tickets/${first.id}/explain`);
    expect(why.corrections).toEqual({ category: 'Legal', urgency_score: 0.9 });
  });

  it('completing twice gives the same answer and frees one slot', async () => {
    await oneAgent({ capacity: 2 });
    const { body: first } = await gateway.call('POST', '/ticket', { text: 'wrong amount on my invoice' });
    await gateway.call('POST', '/ticket', { text: 'wrong amount on my bill' });
    const once = await gateway.call('POST', `/tickets/${first.id}/complete`);
    expect(await gateway.call('POST', `/tickets/${first.id}/complete`)).toMatchObject({ status: 200, body: once.body });
    const { body } = await gateway.call<{ agents: Agent[] }>('GET', '/agents');
    expect(body.agents[0]).toMatchObject({ id: 'ada', load: 1 });
  });

  it('a ticket that waits cannot be completed', async () => {
    await oneAgent({ capacity: 0 });
    const { body } = await gateway.call('POST', '/ticket', { text: 'wrong amount on my invoice' });
    expect((await gateway.call('POST', `/tickets/${body.id}/complete`)).status).toBe(409);
    expect((await gateway.call('POST', '/tickets/nobody/complete')).status).toBe(404);
  });

  it('an agent who leaves gives the tickets back; one who comes takes them', async () => {
    await oneAgent();
    const { body } = await gateway.call('POST', '/ticket', { text: 'wrong amount on my invoice' });
    expect((await gateway.call('DELETE', '/agents/ada')).status).toBe(204);
    expect((await gateway.call('GET', `/tickets/${body.id}`)).body).toMatchObject({
      status: 'waiting',
      assigned_agent: null,
    });
    expect((await gateway.call<QueueReport>('GET', '/queue')).body.waiting).toMatchObject({ Billing: 1 });
    const bob = { name: 'Bob', skills: { Billing: 0.1 }, capacity: 1, status: 'available' };
    expect((await gateway.call('PUT', '/agents/bob', bob)).body).toMatchObject({ id: 'bob', load: 1 });
    expect((await gateway.call('DELETE', '/agents/ada')).status).toBe(404);
  });
});

describe('how the process is doing', () => {
  it('health, liveness and readiness answer', async () => {
    const { body } = await gateway.call<HealthReport>('GET', '/health');
    expect(body).toEqual({
      status: 'ok',
      queue_depth: 0,
      circuit_breaker: 'closed',
      mode: 'sync',
      redis: 'off',
      redis_problem: null,
      redis_maxmemory_policy: null,
      model_fallback: false,
      fault_injection: false,
      version: '0.0.0',
    });
    expect((await gateway.call('GET', '/livez')).status).toBe(200);
    expect((await gateway.call('GET', '/readyz')).status).toBe(200);
  });

  it('metrics count requests by route pattern, stages, and tickets by category and status', async () => {
    await gateway.call('POST', '/ticket', { text: 'wrong amount on my invoice, refund please', id: 'T-1' });
    await gateway.call('GET', '/tickets/T-1');
    await gateway.call('POST', '/tickets/T-1/complete');
    await gateway.call('POST', '/tickets/T-1/complete');
    const { body } = await gateway.call<string>('GET', '/metrics');
    expect(body).toContain('smart_support_http_requests_total{route="/tickets/:id",method="GET",status="200"} 1');
    expect(body).toContain('smart_support_tickets_total{category="Billing",status="assigned"} 1');
    expect(body).toContain('smart_support_tickets_total{category="Billing",status="completed"} 1');
    expect(body).toMatch(/smart_support_stage_duration_seconds_count\{stage="classify"\} 1/);
    expect(body).not.toContain('T-1');
  });

  it('an alert is logged once, without the ticket text; nothing of a text is ever logged', async () => {
    const text =
      'zyxxyz gas leak, people are injured, building on fire right now, everyone must get out immediately, all offices down';
    const { body } = await gateway.call('POST', '/ticket', { text, subject: 'zyxxyz danger to life right now' });
    await gateway.call('POST', '/ticket', '{"text": "zyxxyz');
    await gateway.call('POST', '/ticket', { text: 5, id: 'zyxxyz zyxxyz' });
    expect(body.urgency_score).toBeGreaterThan(0.8);
    expect(gateway.log.filter((line) => line.includes('"ticket.urgent"'))).toHaveLength(1);
    expect(gateway.log.join('')).not.toContain('zyxxyz');
  });

  it('dead letters start empty; unknown ones are not found', async () => {
    const { body } = await gateway.call<{ dead_letters: DeadLetter[] }>('GET', '/dead-letters');
    expect(body).toEqual({ dead_letters: [], next_cursor: null });
    expect((await gateway.call('POST', '/dead-letters/x/retry')).status).toBe(404);
    expect((await gateway.call('DELETE', '/dead-letters/x')).status).toBe(404);
  });
});

describe('finished tickets', () => {
  it('are evicted, the oldest first; unfinished ones stay', async () => {
    await gateway.stop();
    gateway = await startGateway({ TICKETS_KEPT: '2' });
    const { body: open } = await gateway.call('POST', '/ticket', { text: 'still open' });
    for (const id of ['a', 'b', 'c']) {
      await gateway.call<Ticket>('POST', '/ticket', { text: `ticket ${id}`, id });
      await gateway.call('POST', `/tickets/${id}/complete`);
    }
    const statuses = await Promise.all(
      ['a', 'b', 'c', open.id].map(async (id) => (await gateway.call('GET', `/tickets/${id}`)).status),
    );
    expect(statuses).toEqual([404, 200, 200, 200]);
  });
});
