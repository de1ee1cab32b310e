import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type RedisBroker, createRedisBroker } from '@smart-support/broker-redis';
import type { TicketRecord } from '@smart-support/contracts';
import { aNewTicket, eventually, type RedisServer, startRedisServer } from '@smart-support/testing';
import { type SlowModel, slowModel } from './spec-support/slow-model';
import { type WorkerProcess, endAllWorkers, startWorker } from './spec-support/worker-process';

let redis: RedisServer;
let broker: RedisBroker;
const slowModels: SlowModel[] = [];

beforeAll(async () => {
  redis = await startRedisServer();
}, 30_000);
beforeEach(async () => {
  await redis.command('FLUSHALL');
  broker = createRedisBroker({ url: redis.url, prefix: 'smart-support', queueKey: 'tickets' }, { leaseMs: 1000 });
  await eventually('Redis is there', () => broker.availability === 'up');
});
afterEach(async () => {
  await endAllWorkers();
  await broker.close();
  for (const model of slowModels.splice(0)) model.remove();
});
afterAll(() => redis?.stop());

const start = (env: Record<string, string> = {}): WorkerProcess =>
  startWorker({ REDIS_URL: redis.url, LEASE_MS: '1000', ...env });

/** A worker whose model takes this much longer for every ticket. */
async function startSlow(delayMs: number, env: Record<string, string> = {}): Promise<WorkerProcess> {
  const model = slowModel(delayMs);
  slowModels.push(model);
  const worker = start({ ...model.env, ...env });
  await worker.logged('faults are injected');
  await worker.logged('ready');
  return worker;
}

const ticket = async (id: string): Promise<TicketRecord['ticket']> => {
  const record = await broker.tickets.get(id);
  if (!record) throw new Error(`There is no ticket ${id}`);
  return record.ticket;
};
const has = (id: string, status: string): Promise<TicketRecord['ticket']> =>
  eventually(
    `ticket ${id} is ${status}`,
    () => ticket(id),
    (found) => found.status === status,
  );
const offer = (id: string, text = `The invoice ${id} is wrong, please refund it.`) =>
  broker.queue.accept([aNewTicket({ id, text })]);
const loads = async (): Promise<number> => (await broker.agents.list()).reduce((sum, { load }) => sum + load, 0);

describe('a worker', () => {
  it('routes a queued ticket, with the transformer, to an agent of the roster', async () => {
    const worker = start();
    await worker.logged('ready');
    const ids = Array.from({ length: 12 }, (_, index) => `T-${index}`);
    for (const id of ids) await offer(id);
    for (const id of ids) {
      const routed = await has(id, 'assigned');
      expect(routed).toMatchObject({ category: 'Billing', model: 'transformer', degraded: false, attempts: 1 });
    }
    expect(await loads()).toBe(ids.length);
    expect(worker.log().filter(({ level }) => level === 'error' || level === 'warn')).toEqual([]);
  });

  it('processes tickets that were queued before it started', async () => {
    await offer('early');
    start();
    expect((await has('early', 'assigned')).attempts).toBe(1);
  });

  it('loads the roster only into a store without agents', async () => {
    await broker.agents.put('ada', { name: 'Ada', skills: { Billing: 1 }, capacity: 1, status: 'available' });
    await start().logged('ready');
    await offer('one');
    expect((await has('one', 'assigned')).assigned_agent).toBe('ada');
    expect((await broker.agents.list()).map(({ id }) => id)).toEqual(['ada']);
  });

  it('is on the list of workers while it runs, and off it after a stop', async () => {
    const worker = start();
    const [found] = await eventually(
      'it is listed',
      () => broker.workers.list(),
      (list) => list.length === 1,
    );
    expect(found).toMatchObject({ circuit_breaker: 'closed', in_flight: 0 });
    worker.signal('SIGTERM');
    expect(await worker.ended).toBe(0);
    expect(await broker.workers.list()).toEqual([]);
  });

  it('sends an alert to the receiver, signed, with an id that follows from the event', async () => {
    const receiver = createServer((_request, response) => response.writeHead(204).end()).listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
    const secret = Buffer.alloc(32, 7).toString('base64');
    const worker = start({ URGENCY_WEBHOOK_THRESHOLD: '0', WEBHOOK_URL: url, WEBHOOK_SECRET: secret });
    await worker.logged('ready');
    const request = once(receiver, 'request') as Promise<[{ headers: Record<string, string> }]>;
    await offer('pressing', 'Production is down for everybody and we lose money every minute!');
    const [{ headers }] = await request;
    expect(headers['webhook-id']).toBe('ticket.urgent:pressing');
    expect(headers['webhook-signature']).toMatch(/^v1,/);
    await eventually(
      'the outbox is empty',
      () => broker.queue.report(),
      ({ outbox }) => outbox === 0,
    );
    receiver.closeAllConnections();
    await new Promise((resolve) => receiver.close(resolve));
  });

  it('acknowledges alerts with a log line if no receiver is configured, so that the outbox does not grow', async () => {
    const worker = start({ URGENCY_WEBHOOK_THRESHOLD: '0' });
    await worker.logged('ready');
    await offer('pressing', 'Production is down for everybody and we lose money every minute!');
    await worker.logged('ticket.urgent');
    expect((await worker.logged('alert recorded only')).event_id).toBe('ticket.urgent:pressing');
    await eventually(
      'the outbox is empty',
      () => broker.queue.report(),
      ({ outbox }) => outbox === 0,
    );
  });
});

describe('a worker whose model takes longer than the lease', () => {
  it('keeps its ticket: routed once, by the model, at the first attempt', async () => {
    const worker = await startSlow(2500, { LEASE_MS: '500' });
    const other = start({ LEASE_MS: '500' });
    await other.logged('ready');
    // The other worker is stopped until the slow one has claimed the ticket.
    other.signal('SIGSTOP');
    await offer('slow');
    await has('slow', 'processing');
    other.signal('SIGCONT');
    expect(await has('slow', 'assigned')).toMatchObject({ attempts: 1, model: 'transformer' });
    expect(await worker.metric('smart_support_claims_lost_total')).toBe('0');
    expect(await loads()).toBe(1);
  });
});

describe('a worker that dies', () => {
  it('by kill -9: another routes its ticket after the lease, once', async () => {
    const first = await startSlow(9000);
    await offer('survivor');
    await has('survivor', 'processing');
    first.signal('SIGKILL');
    expect(await first.ended).toBe('SIGKILL');
    start();
    expect((await has('survivor', 'assigned')).attempts).toBe(2);
    expect(await loads()).toBe(1);
    expect(await broker.queue.report()).toMatchObject({ in_progress: 0, dead: 0, lanes: { urgent: 0, normal: 0 } });
  });

  it('by being stopped for longer than the lease: another has routed its ticket, and its own late commit is refused', async () => {
    const stopped = await startSlow(2000);
    await offer('torn');
    await has('torn', 'processing');
    stopped.signal('SIGSTOP');
    start();
    const routed = await has('torn', 'assigned');
    stopped.signal('SIGCONT');
    await stopped.logged('a ticket in flight was lost');
    await eventually(
      'its late commit has ended',
      () => stopped.metric('smart_support_claims_in_flight'),
      (n) => n === '0',
    );
    expect(await stopped.metric('smart_support_claims_lost_total')).toBe('1');
    expect(await ticket('torn')).toEqual(routed);
    expect(await loads()).toBe(1);
  });
});

describe('a worker that gets a stop signal', () => {
  it('claims no more, finishes the ticket in flight and ends with exit code 0', async () => {
    const worker = await startSlow(1500, { WORKER_CONCURRENCY: '1' });
    await offer('in-hand');
    await has('in-hand', 'processing');
    worker.signal('SIGTERM');
    await worker.logged('draining');
    await offer('later');
    expect((await worker.get('/readyz')).status).toBe(503);
    expect(await worker.ended).toBe(0);
    expect(await ticket('in-hand')).toMatchObject({ status: 'assigned', attempts: 1, model: 'transformer' });
    expect(await ticket('later')).toMatchObject({ status: 'queued', attempts: 0 });
  });

  it('a second time requeues the ticket at once, unchanged', async () => {
    const worker = await startSlow(9000);
    await offer('held');
    await has('held', 'processing');
    worker.signal('SIGTERM');
    // Signals of the first second count as one, so the test repeats it.
    await eventually('the second signal arrives', () => {
      worker.signal('SIGTERM');
      return worker.log().some(({ msg }) => msg === 'stopping at once');
    });
    await worker.ended;
    expect(await ticket('held')).toMatchObject({ status: 'queued', attempts: 0 });
    expect(await broker.workers.list()).toEqual([]);
  });

  it('twice in one moment counts them as one: the ticket in flight is finished', async () => {
    const worker = await startSlow(1500);
    await offer('double');
    await has('double', 'processing');
    worker.signal('SIGINT');
    worker.signal('SIGTERM');
    expect(await worker.ended).toBe(0);
    expect(await ticket('double')).toMatchObject({ status: 'assigned', attempts: 1 });
  });
});

describe('the health server of a worker', () => {
  it('is ready once the models are warm and Redis is there, and shows its metrics', async () => {
    const worker = start();
    expect((await worker.get('/livez')).status).toBe(200);
    await worker.logged('ready');
    expect((await worker.get('/readyz')).status).toBe(200);
    await offer('counted');
    await has('counted', 'assigned');
    const { text } = await worker.get('/metrics');
    for (const line of [
      'smart_support_redis_up 1',
      'smart_support_claims_lost_total 0',
      'smart_support_tickets_total{category="Billing",status="assigned"} 1',
      'smart_support_webhooks_total{outcome="delivered"} 0',
      'smart_support_breaker_open{model="all-MiniLM-L6-v2"} 0',
    ])
      expect(text).toContain(`${line}\n`);
  });
});
