import { rankAgents } from '@smart-support/agent-registry';
import {
  type Agent,
  type AgentInput,
  type Category,
  type RankedAgent,
  agentInputSchema,
} from '@smart-support/contracts';
import type { KnownAgent } from './known-agent';

/** What the roster in the store holds of an agent; names stand apart. */
type AgentProfileField = Omit<AgentInput, 'name'>;

/** What was known of one agent at the moment of a decision about a ticket of one category. Lua writes the same. */
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

/** An agent's profile as the store keeps it; `undefined` if it is not one that we wrote. */
export function profileIn(field: string): AgentProfileField | undefined {
  try {
    return profileSchema.safeParse(JSON.parse(field)).data;
  } catch {
    return undefined;
  }
}

/** What is known of all agents, as a ticket of this category keeps it. */
export function factsField(category: Category, agents: readonly KnownAgent[]): string {
  return `[${agents.map((agent) => agent.fact(category)).join(',')}]`;
}

/**
 * Everybody's place at the moment of a decision, by the one formula there is. The chosen agent stands first also where somebody better
 * was found to be busy only when the slot was taken: that one then had no capacity left. Of facts that nobody can read nothing
 * is known: no reason to keep a ticket from everybody.
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
