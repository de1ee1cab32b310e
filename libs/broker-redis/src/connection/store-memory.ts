import type { RedisProblem } from '@smart-support/contracts';
import type { Redis } from 'ioredis';
import { problemOf } from './store-errors';

/** What a store says of its memory. */
export interface StoreMemory {
  /** Its `maxmemory-policy`; `null` if it does not say. */
  readonly policy: string | null;
  /** Bytes that count against its bound; `null` if it does not say. */
  readonly used: number | null;
  /** Its `maxmemory` in bytes; `null` where it has none, and if it does not say. */
  readonly bound: number | null;
}

/** What a command that is forbidden, or not known, is answered with. */
const FORBIDDEN: readonly (RedisProblem | undefined)[] = ['noperm', 'other'];

/**
 * Asks a store for its memory by `INFO memory`, and by `CONFIG GET` for the policy where that does not help. What it forbids is `null`.
 * @throws whatever ioredis throws when the connection is away or goes away
 */
export async function readMemory(client: Redis): Promise<StoreMemory> {
  const info = await unlessForbidden(client.info('memory'));
  const field = (name: string): string | undefined => new RegExp(`^${name}:([^\r\n]*)`, 'm').exec(info ?? '')?.[1];
  const policy = field('maxmemory_policy') ?? (await unlessForbidden(client.config('GET', 'maxmemory-policy')))?.at(1);
  const [used, bound] = [Number(field('used_memory')), Number(field('maxmemory'))];
  if (Number.isNaN(used + bound)) return { policy: policy ?? null, used: null, bound: null };
  // Buffers of replicas and of the append-only file do not count against the bound.
  const counted = used - Number(field('mem_not_counted_for_evict') ?? 0);
  return { policy: policy ?? null, used: counted, bound: bound || null };
}

async function unlessForbidden<Reply>(reply: Promise<Reply>): Promise<Reply | undefined> {
  try {
    return await reply;
  } catch (error) {
    if (FORBIDDEN.includes(problemOf(error))) return undefined;
    throw error;
  }
}
