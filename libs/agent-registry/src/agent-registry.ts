import {
  CATEGORIES,
  SmartSupportError,
  type Agent,
  type AgentInput,
  type Category,
  type Clock,
  type RankedAgent,
  systemClock,
} from '@smart-support/contracts';
import { rankAgents, whyNotNow } from './rank-agents';

/**
 * Agents and their slots, in memory: who is here, how much each one has in flight, and since when it was given nothing.
 * It knows no tickets; its caller reserves and frees the slots.
 */
export class AgentRegistry {
  private readonly agents = new Map<string, Agent>();
  /** Rankings that are still valid: nothing has changed since. */
  private readonly rankings = new Map<Category, readonly RankedAgent[]>();

  /** @param clock - dates `idle_since`; the system clock by default */
  constructor(private readonly clock: Clock = systemClock) {}

  /** How many agents there are. */
  get size(): number {
    return this.agents.size;
  }

  /** Every agent as it stands now, by id; the answer is the caller's own copy. */
  list(): Agent[] {
    return [...this.agents.values()].sort((a, b) => (a.id < b.id ? -1 : 1)).map(copyOf);
  }

  /**
   * One agent as it stands now; the answer is the caller's own copy.
   * @throws SmartSupportError `not_found`
   */
  get(agentId: string): Agent {
    const agent = this.agents.get(agentId);
    if (!agent) throw new SmartSupportError('not_found', `There is no agent "${agentId}"`);
    return copyOf(agent);
  }

  /**
   * Adds an agent, idle since now, or changes one, which keeps its load and idle time.
   * A capacity below the load takes nothing away from the agent; it only gives it nothing new.
   */
  put(agentId: string, { name, skills, capacity, status }: AgentInput): Agent {
    const { load, idle_since } = this.agents.get(agentId) ?? { load: 0, idle_since: this.timestamp() };
    const agent: Agent = { id: agentId, name, skills: { ...skills }, capacity, status, load, idle_since };
    this.agents.set(agentId, agent);
    this.rankings.clear();
    return copyOf(agent);
  }

  /** Forgets an agent and its load. Returns whether it was known. */
  remove(agentId: string): boolean {
    this.rankings.clear();
    return this.agents.delete(agentId);
  }

  /** Takes one slot. Returns false, and changes nothing, if the agent is unknown, or, unless it is forced, away or without a free slot. */
  reserve(agentId: string, force = false): boolean {
    const agent = this.agents.get(agentId);
    if (!agent || (!force && (agent.status === 'away' || agent.load >= agent.capacity))) return false;
    agent.load += 1;
    agent.idle_since = this.timestamp();
    this.rankings.clear();
    return true;
  }

  /** Frees one slot. Returns false, and changes nothing, if the agent is unknown or has none reserved. */
  free(agentId: string): boolean {
    const agent = this.agents.get(agentId);
    if (!agent || agent.load === 0) return false;
    agent.load -= 1;
    this.rankings.clear();
    return true;
  }

  /** The categories of which at least one agent could take a ticket now. */
  openCategories(): Category[] {
    const agents = [...this.agents.values()];
    return CATEGORIES.filter((category) => agents.some((agent) => whyNotNow(category, agent) === undefined));
  }

  /** {@link rankAgents} over all agents. The same array until something changes. */
  rank(category: Category): readonly RankedAgent[] {
    let ranking = this.rankings.get(category);
    if (!ranking) this.rankings.set(category, (ranking = rankAgents(category, [...this.agents.values()])));
    return ranking;
  }

  private timestamp(): string {
    return new Date(this.clock.now()).toISOString();
  }
}

/** Callers may do as they like with what they are given. */
function copyOf(agent: Agent): Agent {
  return { ...agent, skills: { ...agent.skills } };
}
