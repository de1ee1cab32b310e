import { rankAgents } from '@smart-support/agent-registry';
import { type Agent, type AgentInput, type Category, SmartSupportError } from '@smart-support/contracts';
import { fields, list, text } from '../commands/replies';
import type { LuaReply } from '../commands/lua-commands';
import { factsField, profileIn } from './agent-facts';

/** No roster has this version: knowing it is knowing nothing. */
const UNKNOWN = 'unknown';

/** A count, and a time in milliseconds, as the store keeps it. */
const WHOLE = /^\d{1,15}$/;

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
  private profiles: ReadonlyMap<string, AgentInput | undefined> = new Map();
  private agents: readonly Agent[] = [];
  /** Agents of whom the store holds something that we did not write. They get no tickets, and are in nobody's way. */
  private damaged: readonly string[] = [];

  /** Version of the roster that is known here. */
  get version(): string {
    return this.known;
  }

  /** Takes in what a command told about the agents. */
  update(view: LuaReply | undefined): void {
    const [version, told, roster, names, loads, idleTimes] = list(view);
    // Sent when this process still knew it; whoever asks next is told.
    if (text(told) === 'known' && text(version) !== this.known) return;
    if (text(version) !== this.known) {
      const nameOf = fields(names);
      this.profiles = new Map([...fields(roster)].map(([id, json]) => [id, profileOf(json, nameOf.get(id) ?? id)]));
      this.known = text(version);
    }
    const loadOf = fields(loads);
    const idleOf = fields(idleTimes);
    const agents: Agent[] = [];
    const damaged: string[] = [];
    for (const [id, profile] of this.profiles) {
      const load = loadOf.get(id) ?? '0';
      if (profile && WHOLE.test(load))
        agents.push({ id, ...profile, load: Number(load), idle_since: isoIn(idleOf.get(id)) });
      else damaged.push(id);
    }
    this.agents = agents;
    this.damaged = damaged;
  }

  /** Everybody, by id. @throws SmartSupportError `damaged` */
  list(): Agent[] {
    this.refuseDamaged(this.damaged);
    return [...this.agents].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** One of them; `undefined` for nobody. @throws SmartSupportError `damaged` */
  find(agentId: string): Agent | undefined {
    this.refuseDamaged(this.damaged.filter((id) => id === agentId));
    return this.agents.find(({ id }) => id === agentId);
  }

  /** Forgets what is known, so that the next command tells everything. */
  forget(): void {
    this.known = UNKNOWN;
  }

  /** Ranks everybody for a category. */
  rank(category: Category): RankingToCheck {
    return this.toCheck(category, this.agents);
  }

  /** The same as if an agent had left already. */
  rankWithout(agentId: string, category: Category): RankingToCheck {
    const others = this.agents.filter(({ id }) => id !== agentId);
    return this.toCheck(category, others);
  }

  private refuseDamaged([agentId]: readonly string[]): void {
    if (agentId === undefined) return;
    throw new SmartSupportError('damaged', `What the shared store holds of agent "${agentId}" is damaged`);
  }

  private toCheck(category: Category, agents: readonly Agent[]): RankingToCheck {
    const ranking = rankAgents(category, agents);
    const candidates = ranking.filter(({ outcome }) => ['chosen', 'lower_score', 'less_idle'].includes(outcome));
    const busy = ranking.filter(({ outcome }) => outcome === 'no_capacity');
    return {
      version: this.known,
      facts: factsField(category, agents),
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
  }
}

function profileOf(json: string, name: string): AgentInput | undefined {
  const profile = profileIn(json);
  return profile && { ...profile, name };
}

/** A time that is none counts as long ago: whom nobody knows to have been given anything comes first. */
function isoIn(ms = '0'): string {
  return new Date(WHOLE.test(ms) ? Number(ms) : 0).toISOString();
}
