import type { HostAndPort, RedisTarget } from '@smart-support/contracts';
import { Redis, type RedisOptions } from 'ioredis';

/** Time limit of a node's answer, in milliseconds. */
const ASK_MS = 1_000;

/** Credentials of a node. */
export type NodeAccess = Pick<RedisOptions, 'username' | 'password' | 'tls'>;

/**
 * Credentials in the form of ioredis. A password without a user belongs to the user `default`. The name is sent, because ioredis otherwise
 * prints a warning at every connect to a server that requires no password.
 */
export function accessOf(access: Pick<RedisTarget, 'username' | 'password' | 'tls'>): NodeAccess {
  const { username = 'default', password, tls } = access;
  return { ...(password === undefined ? {} : { username, password }), ...(tls ? { tls: {} } : {}) };
}

/** Options of a client that follows no topology itself. Sentinels and cluster nodes give the same replies in the older protocol. */
export const ASKING = {
  lazyConnect: true,
  enableOfflineQueue: false,
  enableReadyCheck: false,
  disableClientInfo: true,
  maxRetriesPerRequest: 0,
  connectTimeout: ASK_MS,
  protocol: 2,
} satisfies RedisOptions;

/**
 * Asks one node on a connection of its own.
 * @throws Error with the reason why there is no answer within about two seconds
 */
export async function askNode<Answer>(
  node: HostAndPort,
  access: NodeAccess,
  question: (client: Redis) => Promise<Answer>,
): Promise<Answer> {
  const client = new Redis({ ...ASKING, ...node, ...access, commandTimeout: ASK_MS, retryStrategy: () => null });
  let reason: unknown;
  client.on('error', (error) => (reason = error));
  try {
    await client.connect();
    return await question(client);
  } catch (error) {
    // `connect` itself rejects only with the reason that the connection is closed.
    throw reason ?? error;
  } finally {
    client.disconnect();
  }
}
