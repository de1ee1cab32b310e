export { createMemoryBroker, type MemoryBrokerDependencies } from './memory/memory-broker';
export { Consumer, type ConsumerOptions } from './consumer';
