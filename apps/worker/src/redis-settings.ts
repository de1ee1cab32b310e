import type { RedisSettings } from '@smart-support/broker-redis';
import type { Config } from '@smart-support/config';
import { SmartSupportError } from '@smart-support/contracts';

/**
 * Where the queue is that a worker takes its tickets from.
 * @throws SmartSupportError `invalid_config` where none is named: without it there is nothing to do
 */
export function redisSettings({ redis: { url, waitReplicas, keyPrefix, queueKey } }: Config): RedisSettings {
  if (url !== undefined) return { url, waitReplicas, prefix: keyPrefix, queueKey };
  throw new SmartSupportError(
    'invalid_config',
    'A worker takes its tickets from Redis: set REDIS_URL, for example to redis://127.0.0.1:6379.',
  );
}
