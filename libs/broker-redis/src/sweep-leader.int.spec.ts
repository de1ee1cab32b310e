import { type RedisServer, VirtualClock, aNewTicket, startRedisServer } from '@smart-support/testing';
import { Redis } from 'ioredis';
import { openBroker } from './spec-support/brokers';
import { until } from './spec-support/domain';
import { SweepLeader } from './sweep-leader';

/** So long that no lock runs out by itself while a test lives, however busy the machine is. */
const INTERVAL_MS = 100_000;
const LEADER_KEY = '{leader-test}:leader';

let clock: VirtualClock;
let server: RedisServer;
const clients: Redis[] = [];
const leaders: SweepLeader[] = [];
beforeAll(async () => {
  server = await startRedisServer();
});
beforeEach(async () => {
  clock = new VirtualClock();
  await server.command('FLUSHALL');
});
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
    key: LEADER_KEY,
    clock,
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

/** Lets everybody have a round, and waits for the end of all of them. */
async function round(): Promise<void> {
  const { waiting } = clock;
  clock.advance(INTERVAL_MS);
  await until('the end of the round', () => clock.waiting === waiting);
}

describe('of several who would like to sweep', () => {
  it('one does, for as long as it lives', async () => {
    const both = [await candidate(), await candidate()];
    for (let rounds = 0; rounds < 5; rounds += 1) await round();
    expect(both.map(({ sweeps }) => sweeps).sort()).toEqual([0, 5]);
  });

  it('one that stops leaves nothing behind that others would have to wait for', async () => {
    const first = await candidate();
    await round();
    expect([first.sweeps, await server.command('EXISTS', LEADER_KEY)]).toEqual([1, 1]);
    await first.leader.stop();
    expect(await server.command('EXISTS', LEADER_KEY)).toBe(0);
  });

  it('another takes over when the first stops', async () => {
    const first = await candidate();
    await round();
    const second = await candidate();
    await round();
    expect([first.sweeps, second.sweeps]).toEqual([2, 0]);
    await first.leader.stop();
    await round();
    expect([first.sweeps, second.sweeps]).toEqual([2, 1]);
  });

  it('another takes over when the first gave no sign of life for too long, and the first follows when it is back', async () => {
    const first = await candidate();
    await round();
    const second = await candidate();
    first.client.disconnect();
    // What the store does when the time is up.
    await server.command('DEL', LEADER_KEY);
    await round();
    expect([first.sweeps, second.sweeps]).toEqual([1, 1]);
    await first.client.connect();
    await round();
    expect([first.sweeps, second.sweeps]).toEqual([1, 2]);
    expect(first.errors).toEqual([]);
  });

  it('the lead is lent for three rounds, not for ever', async () => {
    await candidate();
    await round();
    const rest = Number(await server.command('PTTL', LEADER_KEY));
    expect(rest).toBeGreaterThan(INTERVAL_MS);
    expect(rest).toBeLessThanOrEqual(3 * INTERVAL_MS);
  });

  it('one tells what goes wrong in a round, and goes on', async () => {
    const first = await candidate(() => Promise.reject(new Error('It broke')));
    await round();
    await round();
    expect([first.sweeps, first.errors]).toEqual([2, [new Error('It broke'), new Error('It broke')]]);
  });

  it('one whose key holds something else waits until that is gone', async () => {
    await server.command('RPUSH', LEADER_KEY, 'not ours');
    const first = await candidate();
    await round();
    expect(first.sweeps).toBe(0);
    await server.command('DEL', LEADER_KEY);
    await round();
    expect(first.sweeps).toBe(1);
  });

  it('nobody ends another’s lead by stopping', async () => {
    await candidate();
    await round();
    const second = await candidate();
    await round();
    await second.leader.stop();
    expect(await server.command('EXISTS', LEADER_KEY)).toBe(1);
  });

  it('a broker takes back the tickets of a vanished worker by itself', async () => {
    const broker = await openBroker(server, 'leading', { leaseMs: 100 });
    await broker.queue.accept([aNewTicket({ id: 'a' })]);
    await broker.queue.claim(1);
    const lead = broker.leadSweeps(40);
    await until('it is queued again', async () => (await broker.queue.report()).lanes.normal === 1);
    await lead.stop();
    await broker.close();
  });
});
