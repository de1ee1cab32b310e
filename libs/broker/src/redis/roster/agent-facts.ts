import { rankAgents } from '@smart-support/agent-registry';
import {
  type Agent,
  type AgentInput,
  type Category,
  type RankedAgent,
  agentInputSchema,
} from '@smart-support/contracts';

/** What the roster in the store holds of an agent; names stand apart. */
export type AgentProfileField = Omit<AgentInput, 'name'>;

/** What was known of one agent at the moment of a decision: id, profile, load, idle since (ms). Lua writes the same. */
type AgentFact = readonly [id: string, profile: AgentProfileField, load: number, idleSinceMs: number];

/** An agent's profile as the store keeps it. */
export function profileField({ skills, capacity, status }: AgentInput): string {
  return JSON.stringify({ skills, capacity, status } satisfies AgentProfileField);
}

const profileSchema = agentInputSchema.omit({ name: true });

/** An agent's profile as the store keeps it; `undefined` if it is not one that we wrote. */
export function profileIn(field: string): AgentProfileField | undefined {
  try {
    return profileSchema.safeParse(JSON.parse(field)).data;
  } catch {
    return undefined;
  }
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
 * was found to be busy only when the slot was taken: that one then had no capacity left. Of facts that nobody can read nothing
 * is known: no reason to keep a ticket from everybody.
 */
export function rankingOf(category: Category, facts: string, chosen: string | null): readonly RankedAgent[] {
  const ranking = rankAgents(category, agentsIn(facts));
  const place = ranking.findIndex(({ agent_id }) => agent_id === chosen);
  const found = ranking[place];
  if (found === undefined || found.outcome === 'chosen') return ranking;
  const others = ranking.filter((_, index) => index !== place);
  const busy = others.slice(0, place).map((agent) => ({ ...agent, outcome: 'no_capacity' as const }));
  return [{ ...found, outcome: 'chosen' }, ...others.slice(place), ...busy];
}

function agentsIn(facts: string): Agent[] {
  try {
    return (JSON.parse(facts) as AgentFact[]).map(agentOf);
  } catch {
    return [];
  }
}

function agentOf([id, profile, load, idleSinceMs]: AgentFact): Agent {
  return { id, name: id, ...profile, load, idle_since: new Date(idleSinceMs).toISOString() };
}
