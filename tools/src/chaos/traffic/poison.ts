import type { Redis } from 'ioredis';
import { DOMAIN } from '../audit/read-store';

/**
 * Damages the record of a ticket that no worker has in hand yet: what the client sent becomes JSON whose text is no text, so that every
 * worker fails with it, while its place in the queue stays in order. There is no way to plant such a ticket over HTTP alone, because the
 * gateway checks what it takes.
 */
const SPOIL = `
if redis.call('HGET', KEYS[1], 'status') ~= 'queued' then return 0 end
redis.call('HSET', KEYS[1], 'input', ARGV[1])
return 1
`;

const NO_TEXT = JSON.stringify({ text: { of: 'a wrong type' } });

/** Makes a queued ticket one that always fails. @returns whether it was still queued; otherwise nothing was changed */
export async function spoil(redis: Redis, ticketId: string): Promise<boolean> {
  return (await redis.eval(SPOIL, 1, `${DOMAIN}ticket:${ticketId}`, NO_TEXT)) === 1;
}
