import { randomUUID } from 'node:crypto';
import { isSmartSupportError } from '@smart-support/contracts';
import { type RedisServer, aDecision, aNewTicket, anAgentInput, startRedisServer } from '@smart-support/testing';
import type { RedisBroker } from './redis-broker';
import { claimed, committed, dead, openBroker } from './spec-support/brokers';
import { until } from './spec-support/domain';
import { insist } from './spec-support/traffic';

let master: RedisServer;
let replica: RedisServer;
let waiting: RedisBroker;
let plain: RedisBroker;
let prefix: string;
let notified: (string | undefined)[];

jest.setTimeout(60_000);

beforeAll(async () => {
  master = await startRedisServer({ args: ['--repl-diskless-sync-delay', '0'] });
  replica = await startRedisServer({ args: ['--replicaof', `127.0.0.1 ${master.port}`] });
});
afterAll(async () => {
  replica?.resume();
  await Promise.all([replica?.stop(), master?.stop()]);
});

beforeEach(async () => {
  await until('the replica', async () => String(await master.command('INFO', 'replication')).includes('state=online'));
  prefix = `test-${randomUUID()}`;
  notified = [];
  const onReplicas = (problem: Error | undefined): void => void notified.push(problem?.message);
  waiting = await openBroker(master, prefix, {}, { onReplicas }, 1);
  plain = await openBroker(master, prefix);
});
afterEach(async () => {
  replica.resume();
  await Promise.all([waiting.close(), plain.close()]);
});

async function callsOf(command: string): Promise<number> {
  const stats = String(await master.command('INFO', 'commandstats'));
  return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
}

/** What became of a call while the replica does not answer. */
async function outcome(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'answered',
    (error: unknown) => (isSmartSupportError(error, 'fate_unknown') ? 'unknown' : String(error)),
  );
}

const alerting = aDecision({ urgency_score: 0.95 });

describe('with a replica to wait for that does not answer', () => {
  it('no ticket is taken: the outcome is unknown, also of one that was written by an earlier try', async () => {
    replica.pause();
    expect(await outcome(waiting.queue.accept([aNewTicket({ id: 'a' })]))).toBe('unknown');
    expect(await outcome(waiting.queue.accept([aNewTicket({ id: 'a' })]))).toBe('unknown');
    expect(waiting.availability).toBe('up');
    replica.resume();
    const [again] = await insist(() => waiting.queue.accept([aNewTicket({ id: 'a' })]));
    expect(again?.outcome).toBe('repeated');
    // Once for each change.
    expect(notified).toEqual(['0 of 1 replicas have confirmed a write within 500 ms', undefined]);
  });

  it('a broker that waits for none is answered', async () => {
    replica.pause();
    expect((await plain.queue.accept([aNewTicket({ id: 'a' })]))[0]?.outcome).toBe('accepted');
  });

  it('no event is delivered; once the replica is back, it is, under its id', async () => {
    await committed(plain, 'a', alerting);
    replica.pause();
    expect(await outcome(waiting.outbox.claim(10, 1))).toBe('unknown');
    replica.resume();
    const [event] = await insist(() => waiting.outbox.claim(10, 1));
    expect(event?.id).toBe('ticket.urgent:a');
  });

  it('a claim that finds no event is answered', async () => {
    replica.pause();
    expect(await outcome(waiting.outbox.claim(10, 1))).toBe('answered');
  });

  it.each<[what: string, prepare: () => Promise<unknown>, call: () => Promise<unknown>]>([
    [
      'a completion',
      async () => {
        await plain.agents.put('ann', anAgentInput());
        await committed(plain, 'a');
      },
      () => waiting.tickets.complete('a', {}),
    ],
    ['an agent that is put', async () => undefined, () => waiting.agents.put('ben', anAgentInput())],
    ['an agent that is removed', () => plain.agents.put('ben', anAgentInput()), () => waiting.agents.remove('ben')],
    ['a dead letter that is retried', () => dead(plain, 'd'), () => waiting.deadLetters.retry('d')],
    ['a dead letter that is removed', () => dead(plain, 'd'), () => waiting.deadLetters.remove('d')],
    [
      'an incident that is opened',
      () => plain.queue.accept([aNewTicket({ id: 'a' })]),
      () => waiting.incidents.open('An outage', ['a']),
    ],
  ])('%s is not confirmed', async (_, prepare, call) => {
    await prepare();
    replica.pause();
    expect(await outcome(call())).toBe('unknown');
  });

  it('an incident’s end and a member’s release are not confirmed', async () => {
    await plain.queue.accept([aNewTicket({ id: 'a' }), aNewTicket({ id: 'b' })]);
    const { id } = await plain.incidents.open('An outage', ['a', 'b']);
    replica.pause();
    expect(await outcome(waiting.incidents.unlink(id, 'a'))).toBe('unknown');
    expect(await outcome(waiting.incidents.resolve(id))).toBe('unknown');
  });

  it('what a worker does by itself goes on', async () => {
    await plain.queue.accept([aNewTicket({ id: 'a' })]);
    replica.pause();
    const claim = await claimed(plain, 'a');
    expect(await outcome(waiting.tickets.commit(claim, aDecision()))).toBe('answered');
    expect(await outcome(waiting.queue.sweep())).toBe('answered');
  });
});

it('what leaves together is waited for once', async () => {
  const before = await callsOf('wait');
  await Promise.all(Array.from({ length: 200 }, (_, index) => waiting.queue.accept([aNewTicket({ id: `t${index}` })])));
  // The commands of one turn leave in parts; their answers may come in a few.
  expect((await callsOf('wait')) - before).toBeLessThanOrEqual(8);
  expect((await callsOf('wait')) - before).toBeGreaterThanOrEqual(1);
});

it('without the setting nothing is waited for, and nothing more is written', async () => {
  const [waits, sets] = [await callsOf('wait'), await callsOf('set')];
  await waiting.close();
  await plain.queue.accept([aNewTicket({ id: 'a' })]);
  expect(await callsOf('wait')).toBe(waits);
  // But for the probes of the connection, which come by time.
  expect((await callsOf('set')) - sets).toBeLessThanOrEqual(2);
});

it('a write whose connection is lost before replicas have confirmed it has an unknown outcome', async () => {
  replica.pause();
  const offered = outcome(waiting.queue.accept([aNewTicket({ id: 'a' })]));
  await until('the write', async () => (await plain.tickets.get('a')) !== undefined);
  await master.command('CLIENT', 'KILL', 'TYPE', 'normal');
  expect(await offered).toBe('unknown');
});
