import { rankAgents } from '@smart-support/agent-registry';
import {
  type Agent,
  type AgentInput,
  type Category,
  type RankedAgent,
  agentInputSchema,
} from '@smart-support/contracts';
import type { KnownAgent } from './known-agent';

/** The profile of an agent in the store; names are stored separately. */
type AgentProfileField = Omit<AgentInput, 'name'>;

/** What was known of one agent at a decision about a ticket of one category. Lua writes the same form. */
type AgentFact = readonly [
  id: string,
  skill: number,
  capacity: number,
  status: Agent['status'],
  load: number,
  idleSinceMs: number,
];

/** An agent's profile as the store keeps it. */
export function profileField({ skills, capacity, status }: AgentInput): string {
  return JSON.stringify({ skills, capacity, status } satisfies AgentProfileField);
}

const profileSchema = agentInputSchema.omit({ name: true });

/** Reads a stored profile; `undefined` if the broker did not write it. */
export function profileIn(field: string): AgentProfileField | undefined {
  try {
    return profileSchema.safeParse(JSON.parse(field)).data;
  } catch {
    return undefined;
  }
}

/** What is known of all agents, as a ticket of this category stores it. */
export function factsField(category: Category, agents: readonly KnownAgent[]): string {
  return `[${agents.map((agent) => agent.fact(category)).join(',')}]`;
}

/**
 * The ranking at the time of a decision, by the formula of agent-registry. The chosen agent is first even if a better one
 * turned out to be busy when the slot was reserved: that one then had no capacity left. Corrupt facts give an empty
 * ranking: they do not make the ticket unreadable.
 */
export function rankingOf(category: Category, facts: string, chosen: string | null): readonly RankedAgent[] {
  const ranking = rankAgents(category, agentsIn(category, facts));
  const place = ranking.findIndex(({ agent_id }) => agent_id === chosen);
  const found = ranking[place];
  if (found === undefined || found.outcome === 'chosen') return ranking;
  const others = ranking.filter((_, index) => index !== place);
  const busy = others.slice(0, place).map((agent) => ({ ...agent, outcome: 'no_capacity' as const }));
  return [{ ...found, outcome: 'chosen' }, ...others.slice(place), ...busy];
}

function agentsIn(category: Category, facts: string): Agent[] {
  try {
    return (JSON.parse(facts) as AgentFact[]).map((fact) => agentOf(category, fact));
  } catch {
    return [];
  }
}

function agentOf(category: Category, [id, skill, capacity, status, load, idleSinceMs]: AgentFact): Agent {
  const skills = { [category]: skill };
  return { id, name: id, skills, capacity, status, load, idle_since: new Date(idleSinceMs).toISOString() };
}
