import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type RedisBroker, createRedisBroker } from '@smart-support/broker-redis';
import { type RedisServer, aDecision, aNewTicket, anArrival, startRedisServer } from '@smart-support/testing';
import { usedMemory } from '../../../bench/bench-redis';
import { table } from '../../../train/report/markdown';
import { FILL } from './fill';
import { runTool } from '../../../workspace/run-tool';

/** Members written in one command, before anything is measured. */
const FILLED_AT_A_TIME = 5_000;

/** Milliseconds between two checks whether all members are settled. */
const POLL_MS = 50;

/** Commands that take longer stand in Redis's slow log, in microseconds. */
const SLOW_US = 2_000;

type Row = readonly [what: string, value: string];

/**
 * Makes an incident of very many members in a Redis of its own, and prints how much memory it takes, how long a worker needs to start, how long an operator
 * waits, when all members are settled, and which commands of Redis took longest meanwhile.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { members: { type: 'string', default: '1000000' } } });
  const members = Number(values.members);
  if (!Number.isInteger(members) || members < 1) throw new Error('--members must be a whole number above 0');
  const rows: Row[] = [];
  for (const action of ['resolve', 'reject'] as const) rows.push(...(await measure(action, members)));
  process.stdout.write(`${table(['', `${members} members`], rows)}\n`);
}

async function measure(action: 'resolve' | 'reject', members: number): Promise<Row[]> {
  const server = await startRedisServer();
  const prefix = 'large';
  const first = await opened(server, prefix);
  const rows: Row[] = [];
  const note = (what: string, value: string): void => void rows.push([`${action}: ${what}`, value]);
  try {
    await decideOne(first, 'seed');
    const { id } = await first.incidents.open('A large one', ['seed']);
    const before = await usedMemory(server);
    for (let from = 1; from < members; from += FILLED_AT_A_TIME) {
      const to = Math.min(members - 1, from + FILLED_AT_A_TIME - 1);
      await server.command('EVAL', FILL, '1', `{${prefix}}:`, id, String(from), String(to));
    }
    note('bytes of Redis a member', String(Math.round(((await usedMemory(server)) - before) / members)));
    await server.command('CONFIG', 'SET', 'slowlog-log-slower-than', String(SLOW_US));
    await server.command('CONFIG', 'SET', 'slowlog-max-len', '10000');
    await server.command('SLOWLOG', 'RESET');

    const worker = await timed(async () => {
      const broker = await opened(server, prefix);
      await decideOne(broker, 'newcomer');
      await broker.close();
    });
    note('a worker has started and decided, ms', worker.toFixed(0));
    note('memory of this process, MB', (process.memoryUsage.rss() / 1e6).toFixed(0));
    note('a page of members, ms', (await timed(() => first.incidents.members(id))).toFixed(1));
    note('a page of incidents, ms', (await timed(() => first.incidents.list())).toFixed(1));

    const begun = performance.now();
    note('answered after, ms', (await timed(() => first.incidents[action](id))).toFixed(0));
    while ((await server.command('SCARD', `{${prefix}}:incidents:unsettled`)) !== 0) await sleep(POLL_MS);
    note('all settled after, s', ((performance.now() - begun) / 1000).toFixed(1));
    await server.command('ZADD', `{${prefix}}:incidents:ended`, '1000', id);
    await first.queue.sweep();
    note('slowest commands, ms', await slowest(server));
  } finally {
    await first.close();
    await server.stop();
  }
  return rows;
}

async function opened({ url }: RedisServer, prefix: string): Promise<RedisBroker> {
  // Suppressed tickets are unfinished ones, and one more must fit.
  const broker = createRedisBroker({ url, prefix, queueKey: 'tickets' }, { queueMax: Number.MAX_SAFE_INTEGER });
  await broker.firstContact(10_000);
  return broker;
}

/** Takes in a ticket and decides about it, as a worker does. */
async function decideOne(broker: RedisBroker, id: string): Promise<void> {
  await broker.queue.accept([aNewTicket({ id })]);
  const claim = await broker.queue.claimById(id);
  if (!claim) throw new Error(`Ticket ${id} could not be claimed`);
  const storm = await broker.storms.judge(claim, anArrival({ topic: 1 }));
  await broker.tickets.commit(claim, { ...aDecision(), storm });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** The three slowest, in milliseconds. */
async function slowest(server: RedisServer): Promise<string> {
  const found = (await server.command('SLOWLOG', 'GET', '10000')) as unknown as [number, number, number, string[]][];
  const sorted = found.map(([, , microseconds]) => microseconds / 1000).sort((a, b) => b - a);
  return sorted.length === 0
    ? `none above ${SLOW_US / 1000}`
    : sorted
        .slice(0, 3)
        .map((ms) => ms.toFixed(1))
        .join(', ');
}

runTool(main);
