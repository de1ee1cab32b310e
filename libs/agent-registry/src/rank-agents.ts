import type { Agent, AgentOutcome, Category, RankedAgent } from '@smart-support/contracts';

/** Where an agent that is no candidate stands in a ranking: the closer to being one, the earlier. */
const ORDER_OF_REASONS = ['no_capacity', 'no_skill', 'away'] as const;

type Reason = (typeof ORDER_OF_REASONS)[number];

interface Standing {
  readonly agent: Agent;
  /** `undefined` for a candidate. */
  readonly reason: Reason | undefined;
  readonly score: number;
}

/**
 * Why an agent cannot take a ticket of a category now; `undefined` if it can.
 * Being away outweighs a missing skill, which outweighs a missing slot.
 */
export function whyNotNow(category: Category, agent: Agent): Reason | undefined {
  if (agent.status === 'away') return 'away';
  if (!((agent.skills[category] ?? 0) > 0)) return 'no_skill';
  if (agent.load >= agent.capacity) return 'no_capacity';
  return undefined;
}

/**
 * Every agent with the reason why it gets a ticket of this category or does not, best first.
 *
 * A candidate is available, has a skill above 0 and a free slot. Its score is `skill x (1 - load / capacity)`
 * (this project's own formula: skill weighted by free capacity), between 0 and 1.
 * Ties go to the agent that has been idle for longest, then to the smaller id.
 * If there is a candidate, exactly one agent is `chosen`, and it stands first. Nothing is reserved.
 */
export function rankAgents(category: Category, agents: readonly Agent[]): RankedAgent[] {
  const standings = agents.map((agent) => standingOf(category, agent)).sort(bestFirst);
  const best = standings[0];
  return standings.map((standing) => ({
    agent_id: standing.agent.id,
    outcome: standing.reason ?? outcomeOf(standing, best),
    score: standing.score,
    load: standing.agent.load,
    capacity: standing.agent.capacity,
  }));
}

function standingOf(category: Category, agent: Agent): Standing {
  const reason = whyNotNow(category, agent);
  const score = reason ? 0 : (agent.skills[category] ?? 0) * (1 - agent.load / agent.capacity);
  return { agent, reason, score };
}

function outcomeOf(candidate: Standing, best: Standing | undefined): AgentOutcome {
  if (candidate === best) return 'chosen';
  return candidate.score === best?.score ? 'less_idle' : 'lower_score';
}

/** Candidates before the others, whose scores are all 0 and whose idle time does not count. */
function bestFirst(a: Standing, b: Standing): number {
  if (a.reason || b.reason) return placeOf(a.reason) - placeOf(b.reason) || byId(a.agent, b.agent);
  return b.score - a.score || byIdleTime(a.agent.idle_since, b.agent.idle_since) || byId(a.agent, b.agent);
}

/** -1 for a candidate. */
function placeOf(reason: Reason | undefined): number {
  return reason ? ORDER_OF_REASONS.indexOf(reason) : -1;
}

/** Earliest first. A string that is no date decides nothing. */
function byIdleTime(a: string, b: string): number {
  return a === b ? 0 : Date.parse(a) - Date.parse(b) || 0;
}

function byId(a: Agent, b: Agent): number {
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}
