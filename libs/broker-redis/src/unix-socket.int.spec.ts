import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RedisServer, aNewTicket, startRedisServer } from '@smart-support/testing';
import { openBroker } from './spec-support/brokers';

// The length of a socket path is limited.
const socket = join(tmpdir(), `redis-${randomUUID().slice(0, 8)}.sock`);
let server: RedisServer;

beforeAll(async () => {
  server = await startRedisServer({ password: 'p/ss', args: ['--unixsocket', socket] });
});
afterAll(() => server?.stop());

it('a server at a Unix socket is reached by its address, with password and database', async () => {
  const one = await openBroker({ url: `redis+unix://:p%2Fss@${socket}?db=1` }, 'test');
  const zero = await openBroker({ url: `redis+unix://:p%2Fss@${socket}` }, 'test');
  try {
    await one.queue.accept([aNewTicket({ id: 'a' })]);
    expect((await one.tickets.get('a'))?.ticket.id).toBe('a');
    expect(await zero.tickets.get('a')).toBeUndefined();
  } finally {
    await Promise.all([one.close(), zero.close()]);
  }
});

it('a server at a Unix socket without a password is reached by the path alone', async () => {
  await server.command('CONFIG', 'SET', 'requirepass', '');
  const broker = await openBroker({ url: socket }, 'test');
  try {
    expect(broker.availability).toBe('up');
  } finally {
    await broker.close();
  }
});
