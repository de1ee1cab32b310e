import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { type Availability, type Claim, isSmartSupportError } from '@smart-support/contracts';
import {
  type RedisServer,
  aDecision,
  aNewTicket,
  aTicket,
  anAgentInput,
  anArrival,
  startRedisServer,
  eventually,
} from '@smart-support/testing';
import { newRecord } from '@smart-support/broker/rules';
import { type RedisBroker, createRedisBroker } from './redis-broker';
import { claimIds, claimed, committed, dead, openBroker } from './spec-support/brokers';
import { COMMAND_CASES } from './spec-support/command-cases/all-cases';
import { RawCommands } from './spec-support/raw-commands';
import { Domain, openLink } from './spec-support/domain';
import { type Listening, startFakeServer, startInitiallySilentProxy } from './spec-support/sockets';

/** Far more than any call may take: one that takes longer hangs. */
const HANGS_MS = 10_000;

const aClaim = (id: string): Claim => ({
  record: newRecord(aNewTicket({ id }), '2030-01-01T00:00:00.000Z'),
  token: 'token',
});

/** Every call of a broker. */
function callsOf(broker: RedisBroker, claim = aClaim('a')): Record<string, () => Promise<unknown>> {
  const { queue, tickets, agents, storms, incidents, deadLetters, outbox, workers } = broker;
  const worker = { worker_id: 'w', circuit_breaker: 'closed', in_flight: 0 } as const;
  return {
    accept: () => queue.accept([aNewTicket({ id: 'offered' })]),
    claim: () => queue.claim(10),
    claimById: () => queue.claimById('a'),
    heartbeat: () => queue.heartbeat([claim]),
    fail: () => queue.fail(claim, { code: 'timeout', message: 'Too slow', retryable: true }),
    release: () => queue.requeue(claim),
    sweep: () => queue.sweep(),
    report: () => queue.report(),
    get: () => tickets.get('a'),
    commit: () => tickets.commit(claim, aDecision()),
    complete: () => tickets.complete('a', {}),
    'agents.list': () => agents.list(),
    'agents.put': () => agents.put('ann', anAgentInput()),
    'agents.remove': () => agents.remove('ann'),
    'agents.seed': () => agents.seed([{ id: 'ann', ...anAgentInput() }]),
    'storms.judge': () => storms.judge(claim, anArrival()),
    'incidents.list': () => incidents.list(),
    'incidents.get': () => incidents.get('incident-1'),
    'incidents.members': () => incidents.members('incident-1'),
    'incidents.open': () => incidents.open('An outage', ['a']),
    'incidents.confirm': () => incidents.confirm('incident-1'),
    'incidents.resolve': () => incidents.resolve('incident-1'),
    'incidents.reject': () => incidents.reject('incident-1'),
    'incidents.unlink': () => incidents.unlink('incident-1', 'a'),
    'deadLetters.list': () => deadLetters.list(),
    'deadLetters.retry': () => deadLetters.retry('a'),
    'deadLetters.remove': () => deadLetters.remove('a'),
    'outbox.claim': () => outbox.claim(1, 1000),
    'outbox.settle': () => outbox.acknowledge('event'),
    'outbox.putOff': () => outbox.retryLater('event', 1, 1000),
    'workers.announce': () => workers.announce(worker, 1000),
    'workers.leave': () => workers.leave('w'),
    'workers.list': () => workers.list(),
    adopt: () =>
      broker.adopt({
        record: { ...aClaim('x').record, ticket: aTicket({ id: 'x', status: 'dead' }) },
        death: {
          ticket_id: 'x',
          error: { code: 'c', message: 'm' },
          attempts: 1,
          stalls: 0,
          died_at: '2030-01-01T00:00:00Z',
        },
      }),
  };
}

/** How a call ends: with an error code, `answered`, or not at all. */
async function endOf(call: () => Promise<unknown>): Promise<string> {
  const ended = call().then(
    () => 'answered',
    (error: unknown) => (isSmartSupportError(error) ? error.code : String(error)),
  );
  return Promise.race([ended, sleep(HANGS_MS, 'hangs', { ref: false })]);
}

/** How all calls end that are made at once. */
async function ends(calls: Record<string, () => Promise<unknown>>): Promise<Record<string, string>> {
  const entries = Object.entries(calls).map(async ([name, call]) => [name, await endOf(call)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

const all = (broker: RedisBroker, code: string) =>
  Object.fromEntries(Object.keys(callsOf(broker)).map((name) => [name, code]));

const brokers: RedisBroker[] = [];
const servers: RedisServer[] = [];
const others: Listening[] = [];
afterEach(async () => {
  for (const broker of brokers.splice(0)) await broker.close();
  for (const other of others.splice(0)) await other.stop();
  for (const server of servers.splice(0)) await server.stop();
});

/** A server for one test that may stop or corrupt it. */
async function aServer(options: Parameters<typeof startRedisServer>[0] = {}): Promise<RedisServer> {
  const server = await startRedisServer(options);
  servers.push(server);
  return server;
}

async function aFakeServer(answer: string | undefined): Promise<Listening> {
  const fake = await startFakeServer(answer);
  others.push(fake);
  return fake;
}

/** A broker, its notifications of availability, and its connection errors; not yet in contact. */
function aBroker(url: string): { broker: RedisBroker; availabilities: Availability[]; errors: unknown[] } {
  const errors: unknown[] = [];
  const where = { url, prefix: 'away', queueKey: 'tickets' };
  const broker = createRedisBroker(where, {}, { onConnectionError: (error) => void errors.push(error) });
  brokers.push(broker);
  const availabilities: Availability[] = [];
  broker.onAvailability((availability) => void availabilities.push(availability));
  return { broker, availabilities, errors };
}

const up = (broker: RedisBroker) => eventually('the store is there', () => broker.availability === 'up');

describe('a store that answers but accepts no writes', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedisServer();
  });
  afterAll(() => server.stop());

  interface Trouble {
    readonly begin: () => Promise<unknown>;
    readonly end: () => Promise<unknown>;
  }
  const troubles: Record<string, Trouble> = {
    'has become a replica (READONLY)': {
      begin: () => server.command('REPLICAOF', '127.0.0.1', 1),
      end: () => server.command('REPLICAOF', 'NO', 'ONE'),
    },
    'cannot save (MISCONF)': {
      begin: async () => {
        // A directory in the place of the file: even the superuser cannot save there.
        mkdirSync(join(server.directory, 'dump.rdb'), { recursive: true });
        await server.command('CONFIG', 'SET', 'save', '3600 100000');
        await server.command('BGSAVE');
        await eventually('a failed save', async () =>
          String(await server.command('INFO', 'persistence')).includes('rdb_last_bgsave_status:err'),
        );
      },
      end: () => server.command('CONFIG', 'SET', 'save', ''),
    },
  };

  it.each(Object.keys(troubles))('because it %s: calls are refused until that is over', async (name) => {
    const { broker, availabilities } = aBroker(server.url);
    await up(broker);
    await server.command('FLUSHALL');
    await broker.queue.accept([aNewTicket({ id: 'a' })]);
    await troubles[name]?.begin();
    try {
      expect(await endOf(() => broker.queue.accept([aNewTicket({ id: 'b' })]))).toBe('unavailable');
      expect(broker.availability).toBe('down');
      expect(await ends(callsOf(broker))).toEqual(all(broker, 'unavailable'));
      // As long as it lasts, every call that waits for contact gets none.
      await sleep(1500);
      expect(availabilities).toEqual(['up', 'down']);
    } finally {
      await troubles[name]?.end();
    }
    await up(broker);
    expect(availabilities).toEqual(['up', 'down', 'up']);
    expect(await broker.tickets.get('b')).toBeUndefined();
    expect(await claimIds(broker)).toEqual(['a']);
  });

  const full: Trouble = {
    begin: () => server.command('CONFIG', 'SET', 'maxmemory', 1),
    end: () => server.command('CONFIG', 'SET', 'maxmemory', 0),
  };

  it('because it is full (OOM): every command is done whole, and those that add new tickets report that they were not', async () => {
    const link = await openLink(server);
    try {
      for (const [command, , { prepare }] of COMMAND_CASES) {
        const domain = new Domain(server, link);
        const args = await prepare(new RawCommands(domain), domain);
        const before = await domain.dump();
        await full.begin();
        const reply = await domain.runPastLink(command, ...args).finally(full.end);
        expect([command, await domain.audit()]).toEqual([command, []]);
        if (!JSON.stringify(reply).includes('"full"')) continue;
        expect(['queue/accept', 'adoption/adopt']).toContain(command);
        expect(await domain.dump()).toEqual(before);
      }
    } finally {
      link.close();
    }
  });

  it.each(Object.keys(troubles))('because it %s: every command is done whole or not at all', async (name) => {
    const link = await openLink(server);
    try {
      const outcomes: string[] = [];
      const ready = [];
      for (const [command, , { prepare }] of COMMAND_CASES) {
        const domain = new Domain(server, link);
        const args = await prepare(new RawCommands(domain), domain);
        ready.push({ command, domain, args, before: await domain.dump() });
      }
      await troubles[name]?.begin();
      try {
        for (const { command, domain, args, before } of ready) {
          const refusal = await domain.runPastLink(command, ...args).then(
            () => undefined,
            (error: Error) => error.message,
          );
          outcomes.push(refusal === undefined ? 'done' : 'refused');
          if (refusal === undefined) continue;
          expect(refusal).toMatch(/READONLY|MISCONF/);
          expect(await domain.dump()).toEqual(before);
        }
      } finally {
        await troubles[name]?.end();
      }
      expect(outcomes).toContain('refused');
      for (const { command, domain, args } of ready) {
        await domain.runPastLink(command, ...args);
        expect([command, await domain.audit()]).toEqual([command, []]);
      }
    } finally {
      link.close();
    }
  });
});

describe('a store that is still loading', () => {
  it('is away until it has loaded', async () => {
    const loading = await aFakeServer('-LOADING Redis is loading the dataset in memory');
    const { broker, availabilities, errors } = aBroker(`redis://127.0.0.1:${loading.port}`);
    await eventually('a try', () => errors.length > 0);
    expect(await ends(callsOf(broker))).toEqual(all(broker, 'unavailable'));
    expect(availabilities).toEqual([]);
    await loading.stop();
    await aServer({ port: loading.port });
    await up(broker);
    expect(availabilities).toEqual(['up']);
    await broker.queue.accept([aNewTicket({ id: 'a' })]);
    expect(await claimIds(broker)).toEqual(['a']);
  });
});

describe('a store that requires another password', () => {
  const secret = 'a-secret:with/odd@signs';

  it.each([
    ['none', '', 'NOAUTH'],
    ['a wrong one', `:${encodeURIComponent(secret)}@`, 'WRONGPASS'],
  ])('than %s is away until that is corrected, and no secret is logged', async (_name, credentials, word) => {
    const server = await aServer({ password: 'the-right-one' });
    const { broker, availabilities, errors } = aBroker(`redis://${credentials}127.0.0.1:${server.port}`);
    await eventually('a refusal', () => errors.some((error) => String(error).includes(word)));
    expect(await ends(callsOf(broker))).toEqual(all(broker, 'unavailable'));
    await server.command('CONFIG', 'SET', 'requirepass', word === 'NOAUTH' ? '' : secret);
    await up(broker);
    expect(availabilities).toEqual(['up']);
    const everything = inspect(errors, { depth: 10, showHidden: true, getters: true });
    for (const hidden of [secret, encodeURIComponent(secret)]) expect(everything).not.toContain(hidden);
  });

  it('and removes our rights, or closes our connections, is away until we are back', async () => {
    const server = await aServer();
    const admit = () => server.command('ACL', 'SETUSER', 'worker', 'on', `>${secret}`, '~*', '&*', '+@all');
    await admit();
    const { broker, availabilities, errors } = aBroker(
      `redis://worker:${encodeURIComponent(secret)}@127.0.0.1:${server.port}`,
    );
    await up(broker);
    await server.command('ACL', 'SETUSER', 'worker', '-@write', '-@scripting');
    expect(await endOf(() => broker.queue.claim(1))).toBe('unavailable');
    await admit();
    await up(broker);
    await server.command('ACL', 'DELUSER', 'worker');
    await eventually('the store is away', () => broker.availability === 'down');
    expect(await ends(callsOf(broker))).toEqual(all(broker, 'unavailable'));
    await eventually('a refusal', () => errors.some((error) => String(error).includes('WRONGPASS')));
    await admit();
    await up(broker);
    expect(availabilities).toEqual(['up', 'down', 'up', 'down', 'up']);
    expect(inspect(errors, { depth: 10, showHidden: true })).not.toContain(secret);
  });

  it('does not receive it in an error of a server that quotes unknown commands', async () => {
    const quoting = await aFakeServer(`-ERR unknown command 'auth', with args beginning with: '${secret}'`);
    const { errors } = aBroker(`redis://:${encodeURIComponent(secret)}@127.0.0.1:${quoting.port}`);
    await eventually('a try', () => errors.length > 1);
    expect(inspect(errors, { depth: 10, showHidden: true })).not.toContain(secret);
  });
});

describe('a server of another protocol', () => {
  it('than TLS is away, with the reason', async () => {
    const server = await aServer();
    const { broker, availabilities, errors } = aBroker(`rediss://127.0.0.1:${server.port}`);
    await eventually('a try', () => errors.length > 0);
    expect(await ends(callsOf(broker))).toEqual(all(broker, 'unavailable'));
    expect(availabilities).toEqual([]);
  });

  it('than Redis is away, with the reason', async () => {
    const web = await aFakeServer('HTTP/1.1 400 Bad Request');
    const { broker, errors } = aBroker(`redis://127.0.0.1:${web.port}`);
    await eventually('a try', () => errors.length > 0);
    expect(await ends(callsOf(broker))).toEqual(all(broker, 'unavailable'));
  });
});

describe('a store that accepts connections and does not answer', () => {
  it('from the start is away, and found once it answers', async () => {
    const silent = await aFakeServer(undefined);
    const { broker, availabilities, errors } = aBroker(`redis://127.0.0.1:${silent.port}`);
    await eventually('a try', () => errors.length > 0);
    expect(await ends(callsOf(broker))).toEqual(all(broker, 'unavailable'));
    await silent.stop();
    await aServer({ port: silent.port });
    await up(broker);
    expect(availabilities).toEqual(['up']);
  });

  it('leaves every call in flight with an unknown outcome, refuses the next ones, and comes back', async () => {
    const server = await aServer();
    const { broker, availabilities } = aBroker(server.url);
    await up(broker);
    const inFlight = await claimed(broker, 'a');
    server.pause();
    const fates = await ends(callsOf(broker, inFlight));
    expect(fates).toEqual(all(broker, 'outcome_unknown'));
    expect(await ends(callsOf(broker))).toEqual(all(broker, 'unavailable'));
    expect(availabilities).toEqual(['up', 'down']);
    server.resume();
    await up(broker);
    expect(availabilities).toEqual(['up', 'down', 'up']);
  });

  it('answers late: no later call gets one of those answers', async () => {
    const server = await aServer();
    const { broker } = aBroker(server.url);
    await up(broker);
    const ids = Array.from({ length: 20 }, (_, index) => `t${index}`);
    await broker.queue.accept(ids.map((id) => aNewTicket({ id })));
    for (let round = 0; round < 3; round += 1) {
      server.pause();
      const lost = ids.map((id) => broker.tickets.get(id));
      expect(await Promise.all(lost.map((call) => endOf(() => call)))).toEqual(ids.map(() => 'outcome_unknown'));
      server.resume();
      await up(broker);
      const records = await Promise.all([...ids].reverse().map((id) => broker.tickets.get(id)));
      expect(records.map((record) => record?.ticket.id)).toEqual([...ids].reverse());
      expect((await broker.queue.report()).lanes).toEqual({ urgent: 0, normal: 20 });
    }
    expect(await claimIds(broker, 50)).toEqual(ids);
  });

  it('for long gets new connections, also for the blocking command', async () => {
    const server = await aServer();
    const { broker, availabilities } = aBroker(server.url);
    await up(broker);
    const connections = async (): Promise<string[]> => {
      const lines = String(await server.command('CLIENT', 'LIST', 'TYPE', 'normal')).split('\n');
      return lines.flatMap((line) => (line.includes('cmd=client') ? [] : (/^id=\d+/.exec(line) ?? [])));
    };
    const before = await connections();
    expect(before).toHaveLength(2);
    server.pause();
    await eventually('the store is away', () => broker.availability === 'down');
    await sleep(6500);
    server.resume();
    await up(broker);
    expect(availabilities).toEqual(['up', 'down', 'up']);
    await eventually('new connections', async () => {
      const now = await connections();
      return now.length === 2 && now.every((id) => !before.includes(id));
    });
    let rung = false;
    const waiting = broker.queue.waitForWork(60_000).then(() => (rung = true));
    await eventually('a client waits', async () =>
      String(await server.command('CLIENT', 'LIST')).includes('cmd=blpop'),
    );
    await broker.queue.accept([aNewTicket({ id: 'a' })]);
    await eventually('the signal arrives', () => rung);
    await waiting;
  });

  it('on some connections only gets new ones in their place', async () => {
    const server = await aServer();
    const proxy = await startInitiallySilentProxy(server.port, 2);
    others.push(proxy);
    const { broker } = aBroker(`redis://127.0.0.1:${proxy.port}`);
    await up(broker);
    await eventually('a client waits', async () => {
      broker.queue.waitForWork(50).catch(() => undefined);
      return String(await server.command('CLIENT', 'LIST')).includes('cmd=blpop');
    });
  });

  it('does not make a call that waits for work exceed its time', async () => {
    const server = await aServer();
    const { broker } = aBroker(server.url);
    await up(broker);
    server.pause();
    expect(await endOf(() => broker.queue.waitForWork(1500))).toBe('answered');
    expect(await endOf(() => broker.queue.waitForWork(50))).toBe('answered');
  });
});

describe('a store that is not there', () => {
  it('at first, starts, stops and starts again with its data, is notified as often and found every time', async () => {
    const server = await aServer({ appendOnly: true });
    await server.kill();
    const { broker, availabilities, errors } = aBroker(server.url);
    await eventually('a try', () => errors.length > 0);
    expect(await ends(callsOf(broker))).toEqual(all(broker, 'unavailable'));
    expect(availabilities).toEqual([]);
    await server.restart();
    await up(broker);
    await committed(broker, 'waits');
    await dead(broker, 'dead');
    await broker.queue.accept([aNewTicket({ id: 'queued' })]);
    await server.kill();
    await eventually('the store is away', () => broker.availability === 'down');
    expect(await ends(callsOf(broker))).toEqual(all(broker, 'unavailable'));
    await server.restart();
    await up(broker);
    expect(availabilities).toEqual(['up', 'down', 'up']);
    expect(await broker.queue.report()).toMatchObject({ lanes: { normal: 1 }, waiting: { Billing: 1 }, dead: 1 });
  });

  it('reports to a call after the end that the broker is closed', async () => {
    const server = await aServer();
    const broker = await openBroker(server, 'away');
    server.pause();
    const under = ends(callsOf(broker));
    await sleep(50);
    await broker.close();
    expect(await under).toEqual(all(broker, 'closed'));
    expect(await ends(callsOf(broker))).toEqual(all(broker, 'closed'));
  });
});
