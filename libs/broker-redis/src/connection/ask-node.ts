import type { HostAndPort, RedisTarget } from '@smart-support/contracts';
import { Redis, type RedisOptions } from 'ioredis';

/** A node that has not answered after this time is passed over. */
const ASK_MS = 1_000;

/** How a node lets us in. */
export type NodeAccess = Pick<RedisOptions, 'username' | 'password' | 'tls'>;

/**
 * Access as ioredis takes it. A password without a user is the password of the user `default`: named so, a server that asks for none takes it in
 * silence, where ioredis else prints a warning at every connect.
 */
export function accessOf(access: Pick<RedisTarget, 'username' | 'password' | 'tls'>): NodeAccess {
  const { username = 'default', password, tls } = access;
  return { ...(password === undefined ? {} : { username, password }), ...(tls ? { tls: {} } : {}) };
}

/** Options of a client that follows no topology itself. Sentinels and cluster nodes answer alike in the older protocol. */
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
    // What `connect` itself rejects with says only that the connection is closed.
    throw reason ?? error;
  } finally {
    client.disconnect();
  }
}
