import type { Redis } from 'ioredis';
import { DEFAULT_PREFIX } from '../../../harness/store-reader';

/**
 * Damages the record of a ticket that no worker has in flight yet, while its place in the queue stays in order. There is no way to plant such
 * a ticket over HTTP alone, because the gateway checks what it takes.
 */
const CORRUPT = `
if redis.call('HGET', KEYS[1], 'status') ~= 'queued' then return 0 end
redis.call('HSET', KEYS[1], 'input', ARGV[1])
return 1
`;

/**
 * What is put in the place of what the client sent. The first looks right until the models are to read it: its subject cannot be made a text,
 * so that every try fails in a worker's hands. The second is no JSON at all: no worker can even take it.
 */
const CORRUPT_INPUTS = [JSON.stringify({ text: 'Spoilt', subject: { toString: 'nothing to call' } }), '{"text": '];

/**
 * Makes a queued ticket one that always fails.
 * @param kind - a whole number; each picks one of the ways to fail, in turn
 * @returns whether it was still queued; otherwise nothing was changed
 */
export async function corruptTicket(redis: Redis, ticketId: string, kind: number): Promise<boolean> {
  const input = CORRUPT_INPUTS[kind % CORRUPT_INPUTS.length] ?? '';
  return (await redis.eval(CORRUPT, 1, `{${DEFAULT_PREFIX}}:ticket:${ticketId}`, input)) === 1;
}
