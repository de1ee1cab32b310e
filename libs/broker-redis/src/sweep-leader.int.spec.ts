import { type RedisServer, VirtualClock, aNewTicket, startRedisServer, eventually } from '@smart-support/testing';
import { Redis } from 'ioredis';
import { openBroker } from './spec-support/brokers';
import { SweepLeader } from './sweep-leader';

/** So long that no lock expires by itself during a test, however busy the machine is. */
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

/** A candidate for the lead; `sweep` is the work of a round. */
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

/** Starts a round of every candidate, and waits for the end of all of them. */
async function round(): Promise<void> {
  const { waiting } = clock;
  clock.advance(INTERVAL_MS);
  await eventually('the end of the round', () => clock.waiting === waiting);
}

describe('of several candidates for the lead', () => {
  it('one sweeps, as long as it runs', async () => {
    const both = [await candidate(), await candidate()];
    for (let rounds = 0; rounds < 5; rounds += 1) await round();
    expect(both.map(({ sweeps }) => sweeps).sort()).toEqual([0, 5]);
  });

  it('one that stops leaves nothing behind that delays others', async () => {
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
    // As the store does when the lock expires.
    await server.command('DEL', LEADER_KEY);
    await round();
    expect([first.sweeps, second.sweeps]).toEqual([1, 1]);
    await first.client.connect();
    await round();
    expect([first.sweeps, second.sweeps]).toEqual([1, 2]);
    expect(first.errors).toEqual([]);
  });

  it('the lead lasts for three rounds, not for ever', async () => {
    await candidate();
    await round();
    const rest = Number(await server.command('PTTL', LEADER_KEY));
    expect(rest).toBeGreaterThan(INTERVAL_MS);
    expect(rest).toBeLessThanOrEqual(3 * INTERVAL_MS);
  });

  it('one reports an error of a round, and continues', async () => {
    const first = await candidate(() => Promise.reject(new Error('It broke')));
    await round();
    await round();
    expect([first.sweeps, first.errors]).toEqual([2, [new Error('It broke'), new Error('It broke')]]);
  });

  it('one whose key has another type waits until that is gone', async () => {
    await server.command('RPUSH', LEADER_KEY, 'not ours');
    const first = await candidate();
    await round();
    expect(first.sweeps).toBe(0);
    await server.command('DEL', LEADER_KEY);
    await round();
    expect(first.sweeps).toBe(1);
  });

  it('none ends the lead of another by stopping', async () => {
    await candidate();
    await round();
    const second = await candidate();
    await round();
    await second.leader.stop();
    expect(await server.command('EXISTS', LEADER_KEY)).toBe(1);
  });

  it('a broker requeues the tickets of a dead worker by itself', async () => {
    const broker = await openBroker(server, 'leading', { leaseMs: 100 });
    await broker.queue.accept([aNewTicket({ id: 'a' })]);
    await broker.queue.claim(1);
    const lead = broker.leadSweeps(40);
    await eventually('it is queued again', async () => (await broker.queue.report()).lanes.normal === 1);
    await lead.stop();
    await broker.close();
  });
});
