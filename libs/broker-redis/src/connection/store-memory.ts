import type { RedisProblem } from '@smart-support/contracts';
import type { Redis } from 'ioredis';
import { problemOf } from './store-errors';

/** The memory of a store. */
export interface StoreMemory {
  /** Its `maxmemory-policy`; `null` if unknown. */
  readonly policy: string | null;
  /** Bytes that count against `maxmemory`; `null` if unknown. */
  readonly used: number | null;
  /** Its `maxmemory` in bytes; `null` if it has none or it is unknown. */
  readonly bound: number | null;
}

/** Whether the error is the reply to a forbidden or unknown command. */
const FORBIDDEN: readonly (RedisProblem | undefined)[] = ['noperm', 'other'];

/**
 * Reads the memory of a store by `INFO memory`, and the policy by `CONFIG GET` if the former does not have it. A value that is forbidden is `null`.
 * @throws as ioredis does while the connection is away or when it is lost
 */
export async function readMemory(client: Redis): Promise<StoreMemory> {
  const info = await unlessForbidden(client.info('memory'));
  const field = (name: string): string | undefined => new RegExp(`^${name}:([^\r\n]*)`, 'm').exec(info ?? '')?.[1];
  const policy = field('maxmemory_policy') ?? (await unlessForbidden(client.config('GET', 'maxmemory-policy')))?.at(1);
  const [used, bound] = [Number(field('used_memory')), Number(field('maxmemory'))];
  if (Number.isNaN(used + bound)) return { policy: policy ?? null, used: null, bound: null };
  // Buffers of replicas and of the append-only file do not count against `maxmemory`.
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
