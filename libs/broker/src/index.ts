export { createMemoryBroker, type MemoryBrokerDependencies } from './memory/memory-broker';
export { Consumer, type ConsumerOptions } from './consumer';
export {
  createRedisBroker,
  type RedisBroker,
  type RedisBrokerDependencies,
  type RedisSettings,
} from './redis/redis-broker';
export { type SharedCount } from './redis/shared-counters';
