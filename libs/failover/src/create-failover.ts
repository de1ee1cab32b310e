import { systemClock } from '@smart-support/contracts';
import { type Pipeline, createPipeline } from '@smart-support/pipeline';
import type { FailoverService } from './failover-service';
import { type FailoverDependencies, BrokerFailover } from './broker-failover';

/** A {@link FailoverService}, and the pipeline of this process: work through the local broker, explanations of any ticket. */
export interface Failover {
  readonly service: FailoverService;
  readonly pipeline: Pick<Pipeline, 'processClaim' | 'explain'>;
}

/** Puts the two brokers together. */
export function createFailover(deps: FailoverDependencies): Failover {
  const { local, shared, clock = systemClock, ...rest } = deps;
  const pipeline = createPipeline({ ...rest, clock, broker: local });
  const sharedPipeline = shared && createPipeline({ ...rest, clock, broker: shared });
  return { service: new BrokerFailover({ ...deps, clock }, pipeline, sharedPipeline), pipeline };
}
