import { type Agent, type AgentSlots, systemClock } from '@smart-support/contracts';
import { type Pipeline, createPipeline } from '@smart-support/pipeline';
import { BrokerFailover, type FailoverDependencies } from './broker-failover';
import type { FailoverService } from './failover-service';

/**
 * Copies the shared roster to this process, so that tickets go to the right agents also while the shared broker is away.
 * Open tickets are not copied: an agent has only the load that it got in this process.
 */
export async function copyRoster(from: AgentSlots, to: AgentSlots): Promise<void> {
  const [wanted, present] = await Promise.all([from.list(), to.list()]);
  // The roster of this process serves until the shared broker has one.
  if (wanted.length === 0) return;
  const known = new Map(present.map((agent) => [agent.id, profileOf(agent)]));
  for (const agent of wanted) {
    if (known.get(agent.id) !== profileOf(agent)) await to.put(agent.id, agent);
    known.delete(agent.id);
  }
  for (const left of known.keys()) await to.remove(left);
}

function profileOf({ name, skills, capacity, status }: Agent): string {
  return JSON.stringify([name, Object.entries(skills).sort(), capacity, status]);
}

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
