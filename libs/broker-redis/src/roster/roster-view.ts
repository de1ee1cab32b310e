import { rankAgents } from '@smart-support/agent-registry';
import {
  type Agent,
  type AgentOutcome,
  type Category,
  type RankedAgent,
  SmartSupportError,
} from '@smart-support/contracts';
import { fields, list, text } from '../commands/replies';
import type { LuaReply } from '../commands/lua-commands';
import { factsField, profileIn } from './agent-facts';
import { KnownAgent } from './known-agent';

/** A version that no roster has: the next command replies the whole roster. */
const UNKNOWN = 'unknown';

/** Outcomes of agents that could have taken the ticket. */
const CANDIDATES: ReadonlySet<AgentOutcome> = new Set(['chosen', 'lower_score', 'less_idle']);

/** A count, or a time in milliseconds, as the store keeps it. */
const WHOLE = /^(?:0|[1-9]\d{0,14})$/;

/** A ranking in the form in which Lua checks it. */
export interface RankingToCheck {
  /** The facts of the agents, as the ticket stores them. */
  readonly facts: string;
  /** The best candidate, if there is one. */
  readonly best: string | undefined;
  /** The candidates, best first, as numbers of the ranked agents: "2 1". */
  readonly candidates: string;
  /** The agents that lack only a slot, in the same form. */
  readonly busy: string;
}

/**
 * The agents as this process last read them. Every claim updates the loads; in between, the process counts its own
 * assignments. Other processes may have assigned more, so Lua checks every slot.
 */
export class RosterView {
  private known = UNKNOWN;
  /** `undefined` for an agent with a corrupt profile. */
  private byId: ReadonlyMap<string, KnownAgent | undefined> = new Map();
  private agents: readonly KnownAgent[] = [];
  /** Position of an agent in {@link ranked}, from 1. */
  private numberOf: ReadonlyMap<string, number> = new Map();
  /** Agents with a corrupt profile. They get no tickets, and do not affect the others. */
  private corrupt: readonly string[] = [];

  /** Version of the roster that this process knows. */
  get version(): string {
    return this.known;
  }

  /** Applies the view of the agents that a command replied. */
  update(view: LuaReply | undefined): void {
    const [version, state, roster, names, loads, idleTimes] = list(view);
    // Sent when this process still knew the version; the next view is complete.
    if (text(state) === 'known' && text(version) !== this.known) return;
    if (text(version) !== this.known) {
      const nameOf = fields(names);
      this.byId = new Map([...fields(roster)].map(([id, json]) => [id, agentIn(id, json, nameOf.get(id) ?? id)]));
      this.known = text(version);
    }
    this.correct(fields(loads), fields(idleTimes));
  }

  private correct(loadOf: ReadonlyMap<string, string>, idleOf: ReadonlyMap<string, string>): void {
    const agents: KnownAgent[] = [];
    const corrupt: string[] = [];
    for (const [id, agent] of this.byId) {
      const load = loadOf.get(id) ?? '0';
      if (agent && WHOLE.test(load)) {
        agent.correct(Number(load), momentIn(idleOf.get(id)));
        agents.push(agent);
      } else corrupt.push(id);
    }
    this.agents = agents;
    this.numberOf = new Map(agents.map(({ id }, index) => [id, index + 1]));
    this.corrupt = corrupt;
  }

  /** All agents by id. @throws SmartSupportError `corrupt` */
  list(): Agent[] {
    this.refuseDamaged(this.corrupt);
    return this.agents.map((agent) => agent.copy()).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** One agent; `undefined` if there is none of this id. @throws SmartSupportError `corrupt` */
  find(agentId: string): Agent | undefined {
    this.refuseDamaged(this.corrupt.filter((id) => id === agentId));
    return this.agents.find(({ id }) => id === agentId)?.copy();
  }

  /** Drops the view, so that the next command replies the whole roster. */
  forget(): void {
    this.known = UNKNOWN;
  }

  /** Ranks all agents for a category. */
  rank(category: Category): RankingToCheck {
    return this.toCheck(category, this.agents);
  }

  /** As {@link rank}, as if one agent had left already. */
  rankWithout(agentId: string, category: Category): RankingToCheck {
    const others = this.agents.filter(({ id }) => id !== agentId);
    return this.toCheck(category, others);
  }

  private refuseDamaged([agentId]: readonly string[]): void {
    if (agentId === undefined) return;
    throw new SmartSupportError('corrupt', `The profile of agent "${agentId}" in the shared store is corrupt`);
  }

  /** The agents that rankings refer to by number, as Lua reads them: their number, then (agent, capacity) for each. */
  ranked(): (string | number)[] {
    return [this.agents.length, ...this.agents.flatMap(({ id, capacity }) => [id, capacity])];
  }

  private toCheck(category: Category, agents: readonly KnownAgent[]): RankingToCheck {
    const ranking = rankAgents(category, agents);
    const candidates = ranking.filter(({ outcome }) => CANDIDATES.has(outcome));
    const busy = ranking.filter(({ outcome }) => outcome === 'no_capacity');
    return {
      facts: factsField(category, agents),
      best: candidates[0]?.agent_id,
      candidates: this.numbers(candidates),
      busy: this.numbers(busy),
    };
  }

  private numbers(agents: readonly RankedAgent[]): string {
    return agents.map(({ agent_id }) => this.numberOf.get(agent_id)).join(' ');
  }

  /** Counts a slot that was just assigned, so that the next ranking includes it before the store has replied. */
  expectGiven(agentId: string | undefined, nowMs: number): void {
    if (agentId === undefined) return;
    this.agents.find(({ id }) => id === agentId)?.give(nowMs);
  }
}

function agentIn(id: string, json: string, name: string): KnownAgent | undefined {
  const profile = profileIn(json);
  return profile && new KnownAgent(id, { ...profile, name }, 0, 0);
}

/** An invalid time counts as long ago: an agent without a known assignment comes first. */
function momentIn(ms = '0'): number {
  return WHOLE.test(ms) ? Number(ms) : 0;
}
