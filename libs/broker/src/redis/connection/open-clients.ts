import { Redis, type RedisOptions } from 'ioredis';

/** How long a command may take: a store that hangs must not make callers hang. */
const COMMAND_TIMEOUT_MS = 1_000;

/** Longest pause before the next try to connect. */
const RECONNECT_MS = 1_000;

/**
 * ioredis by itself repeats writes and queues them while it is away. Here a command is written at once or refused,
 * and never sent twice: whoever sent it decides what to do.
 */
const NO_REPEATS = {
  lazyConnect: true,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  connectTimeout: 2_000,
  retryStrategy: (times: number) => Math.min(RECONNECT_MS, 50 * 2 ** Math.min(times, 6)),
} satisfies RedisOptions;

/** The clients of one link, not connected yet. */
export interface Clients {
  /** For every command but the one that waits. */
  readonly commands: Redis;
  /** For the command that waits: it would hold up all others. */
  readonly waiting: Redis;
}

/** Makes the clients for a store. @param url - `redis://` or `rediss://` */
export function openClients(url: string): Clients {
  return {
    commands: new Redis(url, { ...NO_REPEATS, commandTimeout: COMMAND_TIMEOUT_MS }),
    waiting: new Redis(url, NO_REPEATS),
  };
}
