import type { Redis } from 'ioredis';

/** Time to live of a marker, in milliseconds. */
const LIFE_MS = 60_000;

/** Redis that is full refuses only the first write of a script, and no deletion: see `store.allow_writes_when_full`. The second key never exists. */
const WRITE = `redis.call('SREM', KEYS[2], '') return redis.call('SET', KEYS[1], '1', 'PX', ${LIFE_MS})`;

/**
 * Writes a key without meaning, which Redis refuses whenever it would refuse a command of the broker: like these it is a script of two keys,
 * which fails while their slot moves to another node, and which a full Redis accepts.
 * @throws as ioredis does
 */
export function writeMarker(client: Redis, key: string): Promise<unknown> {
  return client.eval(WRITE, 2, key, `${key}:absent`);
}
