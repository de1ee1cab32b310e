import { DEMO_ROSTER } from '@smart-support/agent-registry';
import { Consumer } from '@smart-support/broker';
import { type RedisBroker, createRedisBroker } from '@smart-support/broker-redis';
import { type Claim, DEFAULT_BROKER_OPTIONS, type TicketQueue, type TicketRecord } from '@smart-support/contracts';
import { type RedisServer, startRedisServer } from '@smart-support/testing';

/** Settings of the Redis behind every figure: those of the compose file. A rewrite of the append-only file would hit one side only. */
export const PERSISTENCE = 'append-only file, fsync every second';

const SETTINGS = ['--appendonly', 'yes', '--appendfsync', 'everysec', '--auto-aof-rewrite-percentage', '0'];

/** Most tickets that an agent can have. */
const MOST_TICKETS = 10_000;

/** Runs some work with a server of its own, with {@link PERSISTENCE}. */
export async function withRedis<Result>(work: (server: RedisServer) => Promise<Result>): Promise<Result> {
  const server = await startRedisServer({ args: SETTINGS });
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

/** Memory that a server uses for its data, in bytes. */
export async function usedMemory(server: RedisServer): Promise<number> {
  return Number(/^used_memory:(?<bytes>\d+)/m.exec(String(await server.command('INFO', 'memory')))?.groups?.['bytes']);
}

/** Runs some work with a broker that is connected, by default on the keys that the apps use, and whose agents have a slot for every ticket. */
export async function withBroker<Result>(url: string, work: (broker: RedisBroker) => Promise<Result>): Promise<Result> {
  const broker = createRedisBroker({ url, prefix: 'smart-support', queueKey: 'tickets' });
  try {
    if (broker.availability !== 'up') {
      await new Promise<void>((resolve) => broker.onAvailability(() => resolve()));
    }
    await broker.agents.seed(DEMO_ROSTER.map((agent) => ({ ...agent, capacity: MOST_TICKETS })));
    return await work(broker);
  } finally {
    await broker.close();
  }
}

/**
 * Processes tickets of a queue.
 * @param tickets - how many there are
 * @param handle - commits a claim; its ticket must be assigned
 * @returns milliseconds from the start to the last commit
 */
export async function processTickets(
  queue: TicketQueue,
  tickets: number,
  concurrency: number,
  handle: (claim: Claim) => Promise<TicketRecord | undefined>,
): Promise<number> {
  const start = performance.now();
  let consumer: Consumer | undefined;
  const milliseconds = await new Promise<number>((resolve, reject) => {
    let done = 0;
    consumer = new Consumer({
      queue,
      concurrency,
      leaseMs: DEFAULT_BROKER_OPTIONS.leaseMs,
      idleMs: 1000,
      sweep: false,
      onError: reject,
      handle: async (claim) => {
        const status = (await handle(claim))?.ticket.status;
        if (status !== 'assigned') reject(new Error(`a ticket became ${status}`));
        done += 1;
        if (done === tickets) resolve(performance.now() - start);
      },
    });
    consumer.start();
  });
  await consumer?.stop();
  return milliseconds;
}
