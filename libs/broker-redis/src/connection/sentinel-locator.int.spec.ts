import type { HostAndPort } from '@smart-support/contracts';
import { type RedisServer, VirtualClock, startRedisServer, eventually } from '@smart-support/testing';
import type { Redis } from 'ioredis';
import type { askNode } from './ask-node';
import { SentinelLocator } from './sentinel-locator';

/**
 * Events are published by a real Redis, since a sentinel publishes none on request. The answers of sentinels are simulated, so that they can come
 * late, and in any order.
 */
let publishers: readonly RedisServer[];
const open: SentinelLocator[] = [];

beforeAll(async () => {
  publishers = await Promise.all([0, 1, 2].map(() => startRedisServer()));
});
afterEach(() => {
  for (const locator of open.splice(0)) locator.close();
});
afterAll(() => Promise.all(publishers?.map((server) => server.stop()) ?? []));

/** The state of a sentinel. */
interface Knowledge {
  readonly master: string;
  readonly flags?: string;
  readonly epoch?: number;
  /** The address that it gives clients, if that is not the master. */
  readonly current?: string;
}

const NEVER = new Promise<never>(() => undefined);
const OLD = { master: '10.0.0.1 6379' };
const NEW = { master: '10.0.0.2 6379' };
const at = (address: string): HostAndPort => {
  const [host = '', port = ''] = address.split(' ');
  return { host, port: Number(port) };
};

async function begin(name = 'main', access: Partial<{ sentinelUsername: string; sentinelPassword: string }> = {}) {
  const clock = new VirtualClock();
  const replaced: string[] = [];
  const refused: string[] = [];
  const known: (Knowledge | Error | Promise<Knowledge>)[] = [OLD, OLD, OLD];
  const sentinels = publishers.map(({ port }) => ({ host: '127.0.0.1', port }));
  const ask: typeof askNode = async (node, _access, question) => {
    const knowledge = await known[sentinels.findIndex(({ port }) => port === node.port)];
    if (!knowledge || knowledge instanceof Error) throw knowledge;
    const { master, flags = 'master', epoch = 1, current = master } = knowledge;
    const [ip = '', port = ''] = master.split(' ');
    const call = async (_command: string, what: string): Promise<unknown> =>
      what === 'MASTER'
        ? ['name', name, 'ip', ip, 'port', port, 'flags', flags, 'config-epoch', String(epoch)]
        : current.split(' ');
    return question({ call } as unknown as Redis);
  };
  const locator = new SentinelLocator(
    {
      ...{ topology: 'sentinel', sentinels, masterName: name, database: 0, tls: false },
      ...{ username: undefined, password: undefined },
      ...{ sentinelUsername: undefined, sentinelPassword: undefined, ...access },
    },
    {
      clock,
      ask,
      onReplaced: ({ message }) => void replaced.push(message),
      onRefused: ({ message }) => void refused.push(message),
    },
  );
  open.push(locator);
  return { clock, known, locator, replaced, refused };
}

/** Resolves once every sentinel of the last locator has so many subscribers. */
async function subscribed(): Promise<void> {
  for (const server of publishers)
    await eventually('a subscriber', async () => {
      const [, count] = (await server.command('PUBSUB', 'NUMSUB', '+try-failover')) as [string, number];
      return count === open.length;
    });
}

async function publish(sentinel: number, message: string, event = '+try-failover'): Promise<void> {
  await publishers[sentinel]?.command('PUBLISH', event, message);
}

describe('the master that sentinels name', () => {
  it('is that of the latest failover', async () => {
    const { known, locator } = await begin();
    known[1] = { ...NEW, epoch: 2 };
    expect(await locator.locate()).toEqual(at(NEW.master));
  });

  it('is the promoted replica during a failover, and not known before there is one', async () => {
    const { known, locator } = await begin();
    known[2] = { ...OLD, flags: 'master,failover_in_progress' };
    await expect(locator.locate()).rejects.toThrow(
      'A failover of "main" is in progress, and no replica is promoted yet',
    );
    known[2] = { ...OLD, flags: 'master,o_down,failover_in_progress', current: NEW.master };
    expect(await locator.locate()).toEqual(at(NEW.master));
  });

  it.each(['flags', 'ip', 'port', 'name', 'config-epoch'])('may be called %s', async (name) => {
    const { known, locator } = await begin(name);
    known[0] = { ...OLD, flags: 'master,failover_in_progress' };
    await expect(locator.locate()).rejects.toThrow('is in progress');
    known[0] = { ...NEW, epoch: 2 };
    expect(await locator.locate()).toEqual(at(NEW.master));
  });

  it('is known without a sentinel that is dead, 100 ms after the others have answered', async () => {
    const { clock, known, locator } = await begin();
    known[0] = NEVER;
    const located = jest.fn();
    void locator.locate().then(located);
    await clock.run(99);
    expect(located).not.toHaveBeenCalled();
    await clock.run(1);
    expect(located).toHaveBeenCalledWith(at(OLD.master));
  });

  it('is not known before a majority has answered, or the others have failed', async () => {
    const { clock, known, locator } = await begin();
    let fail: (problem: Error) => void = () => undefined;
    known[0] = new Promise<never>((_, reject) => (fail = reject));
    known[1] = new Error('connect ECONNREFUSED');
    const located = jest.fn();
    void locator.locate().then(located);
    await clock.run(10_000);
    expect(located).not.toHaveBeenCalled();
    fail(new Error('Command timed out'));
    await clock.run(0);
    expect(located).toHaveBeenCalledWith(at(OLD.master));
  });

  it('is not known if all fail, for their reasons, each once', async () => {
    const { known, locator } = await begin();
    known.splice(0, 3, new Error('gone'), new Error('WRONGPASS'), new Error('gone'));
    await expect(locator.locate()).rejects.toThrow('No sentinel names a master "main": gone; WRONGPASS');
  });
});

describe('a failover that a sentinel announces', () => {
  it.each([
    ['+try-failover', 'master main 10.0.0.1 6379'],
    ['+switch-master', 'main 10.0.0.1 6379 10.0.0.2 6379'],
  ])('(%s) while others are asked keeps a process without a master from the old one', async (event, message) => {
    const { clock, known, locator, replaced } = await begin();
    await subscribed();
    // Located long ago, to see when an event arrived.
    known.splice(0, 3, NEW, NEW, NEW);
    await locator.locate();
    let answer: (knowledge: Knowledge) => void = () => undefined;
    known.splice(0, 3, OLD, new Error('gone'), new Promise<Knowledge>((resolve) => (answer = resolve)));
    const searched = jest.fn();
    void locator.locate().catch(searched);
    await clock.run(0);
    await publish(0, message, event);
    await publish(0, 'master main 10.0.0.2 6379');
    await eventually('the events', () => replaced.length > 0);
    answer(OLD);
    await clock.run(100);
    expect(searched).toHaveBeenCalledWith(new Error('The sentinels replace the master "main"'));
    expect(locator.isCurrent(at(OLD.master))).toBe(false);
  });

  it('ends the use of connections to the old master, also of those that are being made; others stay', async () => {
    const { locator, replaced } = await begin();
    await subscribed();
    const [first, second] = [await locator.locate(), await locator.locate()];
    expect([locator.isCurrent(first), locator.isCurrent(second)]).toEqual([true, true]);
    await publish(1, 'master other 10.0.0.1 6379');
    await publish(1, 'master main 10.0.0.9 6379');
    await publish(1, 'master main 10.0.0.1 6379');
    await publish(1, 'main 10.0.0.1 6379 10.0.0.2 6379', '+switch-master');
    await eventually('the event', () => replaced.length > 0);
    expect([locator.isCurrent(first), locator.isCurrent(second)]).toEqual([false, false]);
    expect(replaced).toEqual(['The sentinels replace the master "main" (+try-failover)']);
    // An aborted failover: the master is the same, and may be used again.
    expect(locator.isCurrent(await locator.locate())).toBe(true);
  });

  it('makes the locator wait for that sentinel, which may be the only one that knows of it', async () => {
    const { clock, known, locator, replaced } = await begin();
    await subscribed();
    await locator.locate();
    await publish(2, 'master main 10.0.0.1 6379');
    await eventually('the event', () => replaced.length > 0);
    let answer: (knowledge: Knowledge) => void = () => undefined;
    known[2] = new Promise<Knowledge>((resolve) => (answer = resolve));
    const searched = jest.fn();
    void locator.locate().catch(searched);
    await clock.run(500);
    expect(searched).not.toHaveBeenCalled();
    answer({ ...OLD, flags: 'master,failover_in_progress' });
    await clock.run(0);
    expect(searched).toHaveBeenCalledWith(
      new Error('A failover of "main" is in progress, and no replica is promoted yet'),
    );
  });

  it('makes it wait no longer once that sentinel fails, or reports its end', async () => {
    const { clock, known, locator, replaced } = await begin();
    await subscribed();
    for (const outcome of [new Error('Command timed out'), OLD]) {
      await locator.locate();
      replaced.length = 0;
      await publish(2, 'master main 10.0.0.1 6379');
      await eventually('the event', () => replaced.length > 0);
      known[2] = outcome;
      await locator.locate();
      known[2] = NEVER;
      const located = jest.fn();
      void locator.locate().then(located);
      await clock.run(100);
      expect(located).toHaveBeenCalledWith(at(OLD.master));
      known[2] = OLD;
    }
  });
});

describe('a sentinel that refuses the subscription to its events', () => {
  const rights = ['on', '>watching', 'resetkeys', 'resetchannels', '-@all', '+subscribe'];

  it('is reported once, and followed again once its user has the right', async () => {
    const [deaf, ...others] = publishers;
    for (const server of others) await server.command('ACL', 'SETUSER', 'watcher', ...rights, 'allchannels');
    await deaf?.command('ACL', 'SETUSER', 'watcher', ...rights);
    const { clock, locator, refused, replaced } = await begin('main', {
      ...{ sentinelUsername: 'watcher', sentinelPassword: 'watching' },
    });
    await eventually('the refusal', () => refused.length > 0);
    const denials = async (): Promise<number> => {
      const log = (await deaf?.command('ACL', 'LOG')) as readonly (readonly unknown[])[];
      return log.reduce((sum, entry) => sum + Number(entry[1]), 0);
    };
    await eventually('another try', async () => {
      await clock.run(10_000);
      return (await denials()) > 1;
    });
    expect(refused).toEqual([
      expect.stringMatching(
        new RegExp(`^The sentinel 127.0.0.1:${deaf?.port} refuses the subscription to its events: NOPERM`),
      ),
    ]);
    await deaf?.command('ACL', 'SETUSER', 'watcher', 'allchannels');
    await eventually('the subscription', async () => {
      await clock.run(10_000);
      const [, count] = (await deaf?.command('PUBSUB', 'NUMSUB', '+try-failover')) as [string, number];
      return count === 1;
    });
    await locator.locate();
    await publish(0, 'master main 10.0.0.1 6379');
    await eventually('the event', () => replaced.length > 0);
    expect(refused).toHaveLength(1);
  });
});
