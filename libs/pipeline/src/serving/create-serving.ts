import { systemClock } from '@smart-support/contracts';
import { type Pipeline, createPipeline } from '../pipeline';
import type { ServingBroker } from './serving-broker';
import { type ServingDependencies, SwitchingBroker } from './switching-broker';

/** A {@link ServingBroker}, and the pipeline of this process: work through the local broker, explanations of any ticket. */
export interface Serving {
  readonly broker: ServingBroker;
  readonly pipeline: Pick<Pipeline, 'work' | 'explain'>;
}

/** Puts the two brokers together. */
export function createServing(deps: ServingDependencies): Serving {
  const { local, shared, clock = systemClock, ...rest } = deps;
  const pipeline = createPipeline({ ...rest, clock, broker: local });
  const sharedPipeline = shared && createPipeline({ ...rest, clock, broker: shared });
  return { broker: new SwitchingBroker({ ...deps, clock }, pipeline, sharedPipeline), pipeline };
}
