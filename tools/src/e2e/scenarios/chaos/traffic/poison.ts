import type { Redis } from 'ioredis';
import { DOMAIN } from '../../../harness/store-reader';

/**
 * Damages the record of a ticket that no worker has in flight yet, while its place in the queue stays in order. There is no way to plant such
 * a ticket over HTTP alone, because the gateway checks what it takes.
 */
const SPOIL = `
if redis.call('HGET', KEYS[1], 'status') ~= 'queued' then return 0 end
redis.call('HSET', KEYS[1], 'input', ARGV[1])
return 1
`;

/**
 * What is put in the place of what the client sent. The first looks right until the models are to read it: its subject cannot be made a text,
 * so that every try fails in a worker's hands. The second is no JSON at all: no worker can even take it.
 */
const DAMAGES = [JSON.stringify({ text: 'Spoilt', subject: { toString: 'nothing to call' } }), '{"text": '];

/**
 * Makes a queued ticket one that always fails.
 * @param kind - a whole number; each picks one of the ways to fail, in turn
 * @returns whether it was still queued; otherwise nothing was changed
 */
export async function corruptTicket(redis: Redis, ticketId: string, kind: number): Promise<boolean> {
  const damage = DAMAGES[kind % DAMAGES.length] ?? '';
  return (await redis.eval(SPOIL, 1, `${DOMAIN}ticket:${ticketId}`, damage)) === 1;
}
