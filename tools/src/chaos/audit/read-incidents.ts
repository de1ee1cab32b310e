import type { Redis } from 'ioredis';
import { doubtfulIn } from '../../cast/doubtful-members';
import type { StoredIncident } from './evidence';
import { DOMAIN } from './read-store';

/** Every incident of the shared store, with its books. */
export async function readIncidents(redis: Redis): Promise<ReadonlyMap<string, StoredIncident>> {
  const incidents = new Map<string, StoredIncident>();
  for (const id of await redis.zrange(`${DOMAIN}incidents`, '0', '-1')) {
    const key = `${DOMAIN}incident:${id}`;
    const [fields, members, likeness, requesters, counted, unsettled] = await Promise.all([
      redis.hgetall(key),
      redis.zrange(`${key}:members`, '0', '-1'),
      redis.hgetall(`${key}:similarity`),
      redis.hgetall(`${key}:requesters`),
      redis.hgetall(`${key}:counted`),
      redis.zrange(`${key}:unsettled`, '0', '-1'),
    ]);
    const categories = Object.entries(fields).filter(([name]) => name.startsWith('category:'));
    incidents.set(id, {
      status: fields['status'] ?? 'none',
      wasOpened: (fields['opened_ms'] ?? '') !== '',
      representative: fields['representative'] ?? '',
      members,
      doubtful: doubtfulIn({ fields, likeness, counted }),
      likeness: Object.keys(likeness),
      requesters: new Map(Object.entries(requesters).map(([who, count]) => [who, Number(count)])),
      counted: Object.keys(counted),
      byCategory: categories.reduce((sum, [, count]) => sum + Number(count), 0),
      unsettled,
    });
  }
  return incidents;
}
