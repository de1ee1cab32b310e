import { rankAgents } from '@smart-support/agent-registry';
import type { Agent, AgentInput, Category, RankedAgent } from '@smart-support/contracts';

/** What the roster in the store holds of an agent; names stand apart. */
export type AgentProfileField = Omit<AgentInput, 'name'>;

/** What was known of one agent at the moment of a decision: id, profile, load, idle since (ms). Lua writes the same. */
type AgentFact = readonly [id: string, profile: AgentProfileField, load: number, idleSinceMs: number];

/** An agent's profile as the store keeps it. */
export function profileField({ skills, capacity, status }: AgentInput): string {
  return JSON.stringify({ skills, capacity, status } satisfies AgentProfileField);
}

/** What is known of all agents, as a ticket keeps it. */
export function factsField(agents: readonly Agent[]): string {
  const facts = agents.map(({ id, load, idle_since, skills, capacity, status }): AgentFact => {
    return [id, { skills, capacity, status }, load, Date.parse(idle_since)];
  });
  return JSON.stringify(facts);
}

/**
 * Everybody's place at the moment of a decision, by the one formula there is. The chosen agent stands first also where somebody better
 * was found to be busy only when the slot was taken: that one then had no capacity left.
 */
export function rankingOf(category: Category, facts: string, chosen: string | null): readonly RankedAgent[] {
  const ranking = rankAgents(category, (JSON.parse(facts) as AgentFact[]).map(agentOf));
  const place = ranking.findIndex(({ agent_id }) => agent_id === chosen);
  const found = ranking[place];
  if (found === undefined || found.outcome === 'chosen') return ranking;
  const others = ranking.filter((_, index) => index !== place);
  const busy = others.slice(0, place).map((agent) => ({ ...agent, outcome: 'no_capacity' as const }));
  return [{ ...found, outcome: 'chosen' }, ...others.slice(place), ...busy];
}

function agentOf([id, profile, load, idleSinceMs]: AgentFact): Agent {
  return { id, name: id, ...profile, load, idle_since: new Date(idleSinceMs).toISOString() };
}
