import type { RedisProblem } from '@smart-support/contracts';
import type { Redis } from 'ioredis';
import { problemOf } from './store-errors';

/**
 * What is kept free before writing begins again, in bytes: a command of a gateway carries up to 25 tickets of 64 KiB, and a store that is just
 * below its bound takes small writes and refuses large ones.
 */
const RESERVE_BYTES = 2 * 1024 * 1024;

/** The most of its bound that a store is asked to have free: a very small one could not have as much. */
const RESERVE_SHARE = 0.25;

/** What a store says of its memory. */
export interface StoreMemory {
  /** Its `maxmemory-policy`; `null` if it does not say. */
  readonly policy: string | null;
  /** Whether there is space for a large write; `null` if it does not say. */
  readonly hasSpace: boolean | null;
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
  if (Number.isNaN(used + bound)) return { policy: policy ?? null, hasSpace: null };
  // Buffers of replicas and of the append-only file do not count against the bound.
  const counted = used - Number(field('mem_not_counted_for_evict') ?? 0);
  const hasSpace = bound === 0 || counted + Math.min(RESERVE_BYTES, bound * RESERVE_SHARE) <= bound;
  return { policy: policy ?? null, hasSpace };
}

async function unlessForbidden<Reply>(reply: Promise<Reply>): Promise<Reply | undefined> {
  try {
    return await reply;
  } catch (error) {
    if (FORBIDDEN.includes(problemOf(error))) return undefined;
    throw error;
  }
}
