import type { Scenario } from '../scenario';
import type { Timetable } from '../timetable';

/** Redis dies and comes back. */
export function redisAway({ redis }: Timetable): Scenario {
  return {
    id: 'redis',
    title: 'Redis away',
    story:
      'SIGKILL to Redis, which comes back from its append-only file. Meanwhile the gateway routes in its own process (200 instead of 202), ' +
      'and hands over what it routed afterwards.',
    fromMs: 1000 * redis.from,
    toMs: 1000 * redis.to,
    tickets: [],
    actions: [
      { atMs: 1000 * redis.from, action: { kind: 'kill-redis' } },
      { atMs: 1000 * redis.to, action: { kind: 'restart-redis' } },
    ],
  };
}
