import type { AgentRegistry } from '@smart-support/agent-registry';
import {
  type Agent,
  type AgentInput,
  type AgentProfile,
  type AgentSlots,
  SmartSupportError,
} from '@smart-support/contracts';
import type { Assignments } from './operations/assignments';

/** The roster in memory. */
export class MemoryAgents implements AgentSlots {
  private hadAgents = false;

  constructor(
    private readonly registry: AgentRegistry,
    private readonly assignments: Assignments,
  ) {}

  /** See {@link AgentSlots}. */
  async list(): Promise<Agent[]> {
    return this.registry.list();
  }

  /** Free slots go to the waiting tickets at once. */
  async put(agentId: string, agent: AgentInput): Promise<Agent> {
    this.hadAgents = true;
    this.registry.put(agentId, agent);
    this.assignments.fillFreeSlots();
    return this.registry.get(agentId);
  }

  /** @throws SmartSupportError `not_found` */
  async remove(agentId: string): Promise<void> {
    if (!this.assignments.removeAgent(agentId))
      throw new SmartSupportError('not_found', `There is no agent "${agentId}"`);
  }

  /** Free slots go to the waiting tickets at once. */
  async seed(agents: readonly AgentProfile[]): Promise<boolean> {
    if (this.hadAgents) return false;
    this.hadAgents = agents.length > 0;
    for (const { id, ...agent } of agents) this.registry.put(id, agent);
    this.assignments.fillFreeSlots();
    return true;
  }
}
