export { createRedisBroker, type RedisBroker, type RedisBrokerDependencies, type RedisSettings } from './redis-broker';
export { type SharedCount } from './shared-counters';
