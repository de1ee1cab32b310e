import type { Redis } from 'ioredis';

/** For how long a marker is kept, in milliseconds. */
const LIFE_MS = 60_000;

/** A full store refuses only the first write of a script, and no deletion: see `lua/shared/reserve.lua`. The second key is never there. */
const WRITE = `redis.call('SREM', KEYS[2], '') return redis.call('SET', KEYS[1], '1', 'PX', ${LIFE_MS})`;

/**
 * Writes a key that says nothing, and is refused whenever a command of ours would be: it is a script of two keys, as these are, which is refused
 * while their slot moves to another node, and it is let through by a store that is full.
 * @throws whatever ioredis throws
 */
export function writeMarker(client: Redis, key: string): Promise<unknown> {
  return client.eval(WRITE, 2, key, `${key}:absent`);
}
