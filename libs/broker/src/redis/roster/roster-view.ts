import { rankAgents } from '@smart-support/agent-registry';
import type { Agent, AgentInput, Category } from '@smart-support/contracts';
import { fields, list, text } from '../commands/replies';
import type { LuaReply } from '../commands/lua-commands';
import { type AgentProfileField, factsField } from './agent-facts';

/** No roster has this version: knowing it is knowing nothing. */
const UNKNOWN = 'unknown';

/** A ranking in the form in which Lua checks it. */
export interface RankingToCheck {
  /** Version of the roster that was ranked. */
  readonly version: string;
  /** What was known of the agents, as the ticket keeps it. */
  readonly facts: string;
  /** The best candidate, if there is any. */
  readonly best: string | undefined;
  /** Number of candidates; then (agent, capacity) for them, best first, and for those who lack only a slot. */
  readonly args: readonly (string | number)[];
}

/**
 * The agents as this process last saw them. Every claim brings the loads up to date; in between, the process counts what it gives
 * away itself. Others may have changed more: so Lua has the last word on every slot.
 */
export class RosterView {
  private known = UNKNOWN;
  private profiles: ReadonlyMap<string, AgentInput> = new Map();
  private agents: readonly Agent[] = [];
  private facts: string | undefined;

  /** Version of the roster that is known here. */
  get version(): string {
    return this.known;
  }

  /** Takes in what a command told about the agents. */
  update(view: LuaReply | undefined): void {
    const [version, roster, names, loads, idleTimes] = list(view);
    if (text(version) !== this.known) {
      const nameOf = fields(names);
      this.profiles = new Map([...fields(roster)].map(([id, json]) => [id, profileOf(json, nameOf.get(id) ?? id)]));
      this.known = text(version);
    }
    const loadOf = fields(loads);
    const idleOf = fields(idleTimes);
    this.agents = [...this.profiles].map(([id, profile]) => ({
      id,
      ...profile,
      load: Number(loadOf.get(id) ?? 0),
      idle_since: new Date(Number(idleOf.get(id) ?? 0)).toISOString(),
    }));
    this.facts = undefined;
  }

  /** Everybody, by id. */
  list(): Agent[] {
    return [...this.agents].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** Forgets what is known, so that the next command tells everything. */
  forget(): void {
    this.known = UNKNOWN;
  }

  /** Ranks everybody for a category. */
  rank(category: Category): RankingToCheck {
    this.facts ??= factsField(this.agents);
    return this.toCheck(category, this.agents, this.facts);
  }

  /** The same as if an agent had left already. */
  rankWithout(agentId: string, category: Category): RankingToCheck {
    const others = this.agents.filter(({ id }) => id !== agentId);
    return this.toCheck(category, others, factsField(others));
  }

  private toCheck(category: Category, agents: readonly Agent[], facts: string): RankingToCheck {
    const ranking = rankAgents(category, agents);
    const candidates = ranking.filter(({ outcome }) => ['chosen', 'lower_score', 'less_idle'].includes(outcome));
    const busy = ranking.filter(({ outcome }) => outcome === 'no_capacity');
    return {
      version: this.known,
      facts,
      best: candidates[0]?.agent_id,
      args: [candidates.length, ...[...candidates, ...busy].flatMap(({ agent_id, capacity }) => [agent_id, capacity])],
    };
  }

  /** Counts a slot that was just given away, so that the next ranking knows of it before the store has answered. */
  expectGiven(agentId: string | undefined, nowMs: number): void {
    if (agentId === undefined) return;
    const idle_since = new Date(nowMs).toISOString();
    this.agents = this.agents.map((agent) =>
      agent.id === agentId ? { ...agent, load: agent.load + 1, idle_since } : agent,
    );
    this.facts = undefined;
  }
}

function profileOf(json: string, name: string): AgentInput {
  return { ...(JSON.parse(json) as AgentProfileField), name };
}
