export { VirtualClock } from './virtual-clock';
export { aDecision, aNewTicket, aTicket, anAgent, anAgentInput } from './fixtures';
export { type BrokerFactory, type BrokerSetup, type BrokerUnderTest } from './broker-conformance/broker-under-test';
export { describeBrokerConformance } from './broker-conformance/describe-broker-conformance';
