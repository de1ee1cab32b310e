import type { Act } from '../act';
import type { Timetable } from '../timetable';

/** Redis dies and comes back. */
export function redisAway({ redis }: Timetable): Act {
  return {
    id: 'redis',
    title: 'Redis away',
    story:
      'SIGKILL to Redis, which comes back from its append-only file. Meanwhile the gateway routes in its own process (200 instead of 202), ' +
      'and hands over what it routed afterwards.',
    fromMs: 1000 * redis.from,
    toMs: 1000 * redis.to,
    tickets: [],
    deeds: [
      { atMs: 1000 * redis.from, deed: { kind: 'kill-redis' } },
      { atMs: 1000 * redis.to, deed: { kind: 'restart-redis' } },
    ],
  };
}
