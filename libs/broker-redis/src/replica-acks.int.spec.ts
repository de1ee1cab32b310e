import { randomUUID } from 'node:crypto';
import { type TicketRecord, isSmartSupportError } from '@smart-support/contracts';
import {
  type RedisServer,
  aDecision,
  aNewTicket,
  anAgentInput,
  startRedisServer,
  eventually,
} from '@smart-support/testing';
import { createMemoryBroker } from '@smart-support/broker';
import { LuaCommands } from './commands/lua-commands';
import { COMMANDS } from './commands/command-table';
import { keysOf } from './keys';
import type { RedisBroker } from './redis-broker';
import { claimed, committed, dead, openBroker } from './spec-support/brokers';
import { recordArguments } from './spec-support/raw-commands';
import { openLink } from './spec-support/domain';
import { retryWhileUnavailable } from './spec-support/traffic';

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
  await eventually('the replica', async () =>
    String(await master.command('INFO', 'replication')).includes('state=online'),
  );
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

/** The outcome of a call while the replica does not answer. */
async function outcome(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'answered',
    (error: unknown) => (isSmartSupportError(error, 'outcome_unknown') ? 'unknown' : String(error)),
  );
}

const alerting = aDecision({ urgency_score: 0.95 });

/** The record of a ticket that another broker has decided about. */
async function decidedElsewhere(id: string): Promise<TicketRecord> {
  const local = createMemoryBroker({});
  try {
    await local.queue.accept([aNewTicket({ id })]);
    const claim = await local.queue.claimById(id);
    return await local.tickets.commit(claim!, aDecision());
  } finally {
    await local.close();
  }
}

/** Writes a suspected incident to the storm log. */
async function suspected(id: string): Promise<void> {
  const link = await openLink(master);
  try {
    await plain.queue.accept([aNewTicket({ id: `member of ${id}` })]);
    const lua = new LuaCommands(link, keysOf({ prefix, queueKey: 'tickets' }));
    await lua.run('storms/write-record', recordArguments(id, { status: 'suspected', joined: [`member of ${id}`] }));
  } finally {
    link.close();
  }
}

async function opened(...ticketIds: readonly string[]): Promise<string> {
  await plain.queue.accept(ticketIds.map((id) => aNewTicket({ id })));
  return (await plain.incidents.open('An outage', ticketIds)).id;
}

type Call = readonly [what: string, prepare: () => Promise<unknown>, call: () => Promise<unknown>];

const nothing = async (): Promise<void> => undefined;

const NO_ACTOR = { by: null, note: null };

/** Every call of a broker that runs a confirmed command. */
const CALLS: Readonly<Record<string, readonly Call[]>> = (() => {
  let adopted: TicketRecord;
  let incident: string;
  return {
    'queue/accept': [['a ticket', nothing, () => waiting.queue.accept([aNewTicket({ id: 'a' })])]],
    'adoption/adopt': [
      [
        'a ticket that was decided elsewhere',
        async () => (adopted = await decidedElsewhere('a')),
        () => waiting.adopt({ record: adopted }),
      ],
    ],
    'outbox/claim': [['an event', () => committed(plain, 'a', alerting), () => waiting.outbox.claim(10, 1)]],
    'tickets/complete': [
      [
        'a completion',
        async () => {
          await plain.agents.put('ann', anAgentInput());
          await committed(plain, 'a');
        },
        () => waiting.tickets.complete('a', {}),
      ],
    ],
    'tickets/reassign': [
      [
        'another agent',
        async () => {
          await plain.agents.put('ann', anAgentInput());
          await committed(plain, 'a');
          await plain.agents.put('ben', anAgentInput());
        },
        () => waiting.tickets.reassign('a', NO_ACTOR),
      ],
    ],
    'tickets/amend': [
      ['a category', () => committed(plain, 'a'), () => waiting.tickets.amend('a', { category: 'Legal' }, NO_ACTOR)],
    ],
    'tickets/cancel': [['an end', () => committed(plain, 'a'), () => waiting.tickets.cancel('a', NO_ACTOR)]],
    'tickets/reopen': [
      [
        'a completed ticket',
        async () => {
          await committed(plain, 'a');
          await plain.tickets.cancel('a', NO_ACTOR);
        },
        () => waiting.tickets.reopen('a', NO_ACTOR),
      ],
    ],
    'tickets/note': [
      ['a note', () => committed(plain, 'a'), () => waiting.tickets.note('a', { by: null, note: 'Still dead.' })],
    ],
    'incidents/decide': [
      ['an end', async () => (incident = await opened('a')), () => waiting.incidents.resolve(incident)],
      ['a rejection', () => suspected('incident-1'), () => waiting.incidents.reject('incident-1')],
      ['a confirmation', () => suspected('incident-2'), () => waiting.incidents.confirm('incident-2')],
    ],
    'incidents/open': [
      [
        'an incident',
        () => plain.queue.accept([aNewTicket({ id: 'a' })]),
        () => waiting.incidents.open('An outage', ['a']),
      ],
    ],
    'agents/put': [['an agent', nothing, () => waiting.agents.put('ben', anAgentInput())]],
    'agents/remove': [['an agent', () => plain.agents.put('ben', anAgentInput()), () => waiting.agents.remove('ben')]],
    'dead-letters/remove': [['a dead letter', () => dead(plain, 'd'), () => waiting.deadLetters.remove('d')]],
    'dead-letters/retry': [['a dead letter', () => dead(plain, 'd'), () => waiting.deadLetters.retry('d')]],
    'incidents/unlink': [
      ['a release', async () => (incident = await opened('a', 'b')), () => waiting.incidents.unlink(incident, 'a')],
    ],
  };
})();

describe('with a replica that does not answer', () => {
  it('no ticket is accepted: the outcome is unknown, also of one that was written by an earlier attempt', async () => {
    replica.pause();
    expect(await outcome(waiting.queue.accept([aNewTicket({ id: 'a' })]))).toBe('unknown');
    expect(await outcome(waiting.queue.accept([aNewTicket({ id: 'a' })]))).toBe('unknown');
    expect(waiting.availability).toBe('up');
    replica.resume();
    const [again] = await retryWhileUnavailable(() => waiting.queue.accept([aNewTicket({ id: 'a' })]));
    expect(again?.outcome).toBe('repeated');
    // Once for each change.
    expect(notified).toEqual(['0 of 1 replicas have confirmed a write within 500 ms', undefined]);
  });

  it('a broker that waits for no replica gets its replies', async () => {
    replica.pause();
    expect((await plain.queue.accept([aNewTicket({ id: 'a' })]))[0]?.outcome).toBe('accepted');
  });

  it('no event is delivered; once the replica is back, it is, under its id', async () => {
    await committed(plain, 'a', alerting);
    replica.pause();
    expect(await outcome(waiting.outbox.claim(10, 1))).toBe('unknown');
    replica.resume();
    const [event] = await retryWhileUnavailable(() => waiting.outbox.claim(10, 1));
    expect(event?.id).toBe('ticket.urgent:a');
  });

  it('a claim that finds no event gets its reply', async () => {
    replica.pause();
    expect(await outcome(waiting.outbox.claim(10, 1))).toBe('answered');
  });

  it('every confirmed command has a call here, and no other one', () => {
    const confirmed = Object.entries(COMMANDS).flatMap(([command, spec]) => ('confirmed' in spec ? [command] : []));
    expect(Object.keys(CALLS).sort()).toEqual(confirmed.sort());
  });

  it.each(Object.entries(CALLS))('nothing that %s does is confirmed', async (command, calls) => {
    for (const [what, prepare, call] of calls) {
      replica.resume();
      await retryWhileUnavailable(prepare);
      // Earlier commands of the call are confirmed.
      const { run } = LuaCommands.prototype;
      const runs = jest.spyOn(LuaCommands.prototype, 'run').mockImplementation(function (this: LuaCommands, ...args) {
        if (args[0] === command) replica.pause();
        return run.apply(this, args);
      });
      const end = await outcome(call()).finally(() => runs.mockRestore());
      expect([what, end]).toEqual([what, 'unknown']);
    }
  });

  it('the background work of a worker continues', async () => {
    await plain.queue.accept([aNewTicket({ id: 'a' })]);
    replica.pause();
    const claim = await claimed(plain, 'a');
    expect(await outcome(waiting.tickets.commit(claim, aDecision()))).toBe('answered');
    expect(await outcome(waiting.queue.sweep())).toBe('answered');
  });
});

it('commands of one turn share a WAIT', async () => {
  const before = await callsOf('wait');
  await Promise.all(Array.from({ length: 200 }, (_, index) => waiting.queue.accept([aNewTicket({ id: `t${index}` })])));
  // The commands of one turn leave in parts; their replies may come in a few.
  expect((await callsOf('wait')) - before).toBeLessThanOrEqual(8);
  expect((await callsOf('wait')) - before).toBeGreaterThanOrEqual(1);
});

it('without the setting the broker waits for no replica, and writes nothing more', async () => {
  const [waits, sets] = [await callsOf('wait'), await callsOf('set')];
  await waiting.close();
  await plain.queue.accept([aNewTicket({ id: 'a' })]);
  expect(await callsOf('wait')).toBe(waits);
  // Except for the probes of the connection, which depend on time.
  expect((await callsOf('set')) - sets).toBeLessThanOrEqual(2);
});

it('a write whose connection is lost before replicas have confirmed it has an unknown outcome', async () => {
  replica.pause();
  const offered = outcome(waiting.queue.accept([aNewTicket({ id: 'a' })]));
  await eventually('the write', async () => (await plain.tickets.get('a')) !== undefined);
  await master.command('CLIENT', 'KILL', 'TYPE', 'normal');
  expect(await offered).toBe('unknown');
});
