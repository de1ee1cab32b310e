import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '@smart-support/contracts';
import { type RedisServer, aNewTicket, startRedisServer } from '@smart-support/testing';
import { Redis } from 'ioredis';
import { openBroker } from './spec-support/brokers';
import { until } from './spec-support/domain';
import { SweepLeader } from './sweep-leader';

const INTERVAL_MS = 40;

let server: RedisServer;
const clients: Redis[] = [];
const leaders: SweepLeader[] = [];
beforeAll(async () => {
  server = await startRedisServer();
});
beforeEach(() => server.command('FLUSHALL'));
afterEach(async () => {
  for (const leader of leaders.splice(0)) await leader.stop();
  for (const client of clients.splice(0)) client.disconnect();
});
afterAll(() => server?.stop());

interface Candidate {
  readonly leader: SweepLeader;
  readonly client: Redis;
  readonly errors: unknown[];
  sweeps: number;
}

/** Somebody who would like to lead; `sweep` is what a round does. */
async function candidate(sweep: () => Promise<unknown> = async () => undefined): Promise<Candidate> {
  const client = new Redis(server.url, { lazyConnect: true, enableOfflineQueue: false, maxRetriesPerRequest: 0 });
  client.on('error', () => undefined);
  await client.connect();
  clients.push(client);
  const errors: unknown[] = [];
  const leader = new SweepLeader({
    client,
    key: '{leader-test}:leader',
    clock: systemClock,
    intervalMs: INTERVAL_MS,
    onError: (error) => void errors.push(error),
    sweep: () => {
      found.sweeps += 1;
      return sweep();
    },
  });
  const found: Candidate = { leader, client, errors, sweeps: 0 };
  leaders.push(leader);
  return found;
}

describe('of several who would like to sweep', () => {
  it('one does, for as long as it lives', async () => {
    const both = [await candidate(), await candidate()];
    await until('many sweeps', () => both.some(({ sweeps }) => sweeps > 10));
    expect(both.filter(({ sweeps }) => sweeps > 0)).toHaveLength(1);
  });

  it('one that stops leaves nothing behind that others would have to wait for', async () => {
    const first = await candidate();
    await until('a sweep', () => first.sweeps > 0);
    expect(await server.command('EXISTS', '{leader-test}:leader')).toBe(1);
    await first.leader.stop();
    expect(await server.command('EXISTS', '{leader-test}:leader')).toBe(0);
  });

  it('another takes over when the first stops', async () => {
    const first = await candidate();
    await until('a sweep', () => first.sweeps > 0);
    const second = await candidate();
    await sleep(4 * INTERVAL_MS);
    expect(second.sweeps).toBe(0);
    await first.leader.stop();
    const { sweeps } = first;
    await until('a sweep by the second', () => second.sweeps > 2);
    expect(first.sweeps).toBe(sweeps);
  });

  it('another takes over when the first gives no sign of life, and the first follows when it is back', async () => {
    const first = await candidate();
    await until('a sweep', () => first.sweeps > 0);
    const second = await candidate();
    first.client.disconnect();
    await until('a sweep by the second', () => second.sweeps > 2);
    const { sweeps } = first;
    await first.client.connect();
    await sleep(6 * INTERVAL_MS);
    expect(first.sweeps).toBe(sweeps);
    expect(first.errors).toEqual([]);
  });

  it('one tells what goes wrong in a round, and goes on', async () => {
    const first = await candidate(() => Promise.reject(new Error('It broke')));
    await until('many sweeps', () => first.sweeps > 3);
    expect(first.errors).toContainEqual(new Error('It broke'));
  });

  it('one whose key holds something else waits until that is gone', async () => {
    await server.command('RPUSH', '{leader-test}:leader', 'not ours');
    const first = await candidate();
    await sleep(4 * INTERVAL_MS);
    expect(first.sweeps).toBe(0);
    await server.command('DEL', '{leader-test}:leader');
    await until('a sweep', () => first.sweeps > 0);
  });

  it('nobody ends another’s lead by stopping', async () => {
    const first = await candidate();
    await until('a sweep', () => first.sweeps > 0);
    const second = await candidate();
    await sleep(2 * INTERVAL_MS);
    await second.leader.stop();
    expect(await server.command('EXISTS', '{leader-test}:leader')).toBe(1);
  });

  it('a broker takes back the tickets of a vanished worker by itself', async () => {
    const broker = await openBroker(server, 'leading', { leaseMs: 100 });
    await broker.queue.accept([aNewTicket({ id: 'a' })]);
    await broker.queue.claim(1);
    const lead = broker.leadSweeps(INTERVAL_MS);
    await until('it is queued again', async () => (await broker.queue.report()).lanes.normal === 1);
    await lead.stop();
    await broker.close();
  });
});
