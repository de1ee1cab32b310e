export { createFailover, type Failover } from './create-failover';
export { type Mode, type FailoverService, type Submission } from './failover-service';
export { type FailoverDependencies } from './broker-failover';
