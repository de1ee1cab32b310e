export { VirtualClock } from './virtual-clock';
export { COMPLAINTS } from './complaints';
export { eventually } from './eventually';
export { aDecision, aNewTicket, aTicket, anAgent, anAgentInput, anArrival } from './fixtures';
export { type BrokerFactory, type BrokerSetup, type BrokerUnderTest } from './broker-conformance/broker-under-test';
export { describeBrokerConformance } from './broker-conformance/describe-broker-conformance';
export { type RedisServerOptions, startRedisServer } from './redis-server/start-redis-server';
export { type RedisServer } from './redis-server/redis-server';
export { type RedisArgument, type RedisReply } from './redis-server/redis-protocol';
export {
  type RedisWithSentinels,
  type SentinelOptions,
  startRedisWithSentinels,
} from './redis-server/redis-with-sentinels';
export { type ClusterOptions, type RedisCluster, type SlotMove, startRedisCluster } from './redis-server/redis-cluster';
export { type MovingAddress, startMovingAddress } from './redis-server/moving-address';
export { NO_WORDS, SCRIPTED_MODELS } from './scripted-models';
export { anOffer } from './an-offer';
