import { type RedisServer, aNewTicket, startRedisServer, eventually } from '@smart-support/testing';
import { type RedisBroker, createRedisBroker } from './redis-broker';
import { startHelloOnlyServer } from './spec-support/sockets';

let server: RedisServer;
let broker: RedisBroker | undefined;
beforeEach(async () => {
  server = await startRedisServer();
});
afterEach(async () => {
  await broker?.close();
  broker = undefined;
  await server.stop();
});

interface Opened {
  readonly broker: RedisBroker;
  readonly errors: string[];
}

function open(path: string, user = ''): Opened {
  const errors: string[] = [];
  const where = { url: `redis://${user}127.0.0.1:${server.port}${path}`, prefix: 'database', queueKey: 'tickets' };
  broker = createRedisBroker(where, {}, { onConnectionError: (error) => void errors.push(String(error)) });
  return { broker, errors };
}

const keysIn = async (database: number): Promise<unknown> => {
  const keyspace = String(await server.command('INFO', 'keyspace'));
  return keyspace.includes(`db${database}:`);
};
const commandsRun = async (): Promise<string> => String(await server.command('INFO', 'commandstats'));

const offer = (id: string) => broker!.queue.accept([aNewTicket({ id })]);

describe('the database that the address names', () => {
  it('is the one that is used, on every connection', async () => {
    const { broker: opened } = open('/3');
    await opened.firstContact(10_000);
    const waiting = opened.queue.waitForWork(10_000);
    await eventually('somebody waits in it', async () =>
      /db=3 .*cmd=blpop/.test(String(await server.command('CLIENT', 'LIST'))),
    );
    await offer('a');
    await waiting;
    expect([await keysIn(3), await keysIn(0)]).toEqual([true, false]);
  });

  it.each([
    ['is unknown to the server', '', '/99', 'DB index is out of range'],
    ['may not be selected by this user', 'worker:secret@', '/3', "no permissions to run the 'select' command"],
  ])(
    'that %s is refused at the first contact, with one clear message, and no other database is used',
    async (...row) => {
      const [, user, path, words] = row;
      await server.command('ACL', 'SETUSER', 'worker', 'on', '>secret', '~*', '+@all', '-select');
      const { broker: opened, errors } = open(path, user);
      await expect(opened.firstContact(10_000)).rejects.toMatchObject({
        code: 'invalid_config',
        message: expect.stringMatching(`^The database ${path.slice(1)} of REDIS_URL cannot be selected: .*${words}`),
      });
      expect(opened.problem).toBe('database');
      await eventually('another attempt', () => errors.length > 3);
      await expect(offer('a')).rejects.toMatchObject({ code: 'unavailable' });
      await opened.queue.waitForWork(10);
      expect(opened.problem).toBe('database');
      expect(await commandsRun()).not.toMatch(/cmdstat_(?:set|eval|evalsha|blpop|hgetall):/);
      expect(await keysIn(0)).toBe(false);
    },
  );

  it('that can no longer be selected at a later connection is away, with the reason, and is found again', async () => {
    await server.command('ACL', 'SETUSER', 'worker', 'on', '>secret', '~*', '+@all');
    const { broker: opened, errors } = open('/3', 'worker:secret@');
    await opened.firstContact(10_000);
    await server.command('ACL', 'SETUSER', 'worker', '-select');
    await server.command('CLIENT', 'KILL', 'USER', 'worker');
    await eventually('the reason is known', () => opened.problem === 'database');
    await eventually(
      'another attempt',
      () => errors.filter((error) => error.includes('cannot be selected')).length > 3,
    );
    expect(opened.availability).toBe('down');
    await expect(offer('a')).rejects.toMatchObject({ code: 'unavailable' });
    expect(await keysIn(0)).toBe(false);
    await server.command('ACL', 'SETUSER', 'worker', '+select');
    await eventually('the store is there', () => opened.availability === 'up');
    await offer('b');
    expect([await keysIn(3), await keysIn(0), opened.problem]).toEqual([true, false, null]);
  });

  it('is not given up if the server is only unreachable', async () => {
    await server.kill();
    const { broker: opened, errors } = open('/3');
    await opened.firstContact(50);
    await eventually('a try', () => errors.length > 0);
    expect([opened.availability, opened.problem]).toEqual(['down', 'unreachable']);
    await server.restart();
    await opened.firstContact(20_000);
    expect(opened.availability).toBe('up');
  });

  it('is found again after the server was paused, also while connections were made', async () => {
    const { broker: opened, errors } = open('/3');
    await opened.firstContact(10_000);
    server.pause();
    // After the probes, the handshakes of new connections are not answered either.
    await eventually('connections were tried', () => errors.filter((error) => error.includes('timed out')).length > 4);
    server.resume();
    await eventually('the store is there', () => opened.availability === 'up');
    await offer('a');
    expect([await keysIn(3), await keysIn(0)]).toEqual([true, false]);
  });

  it('does not count as selected when the server does not answer that in time', async () => {
    const forgetful = await startHelloOnlyServer();
    try {
      broker = createRedisBroker({ url: `redis://127.0.0.1:${forgetful.port}/3`, prefix: 'd', queueKey: 'tickets' });
      const selects = () => forgetful.received().split('select').length - 1;
      await eventually('another attempt', () => selects() > 3);
      expect([forgetful.received().includes('probe'), broker.problem]).toEqual([false, 'unreachable']);
    } finally {
      await forgetful.stop();
    }
  });
});
