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

/** No roster has this version: knowing it is knowing nothing. */
const UNKNOWN = 'unknown';

/** What a ranking says of those who could take the ticket. */
const CANDIDATES: ReadonlySet<AgentOutcome> = new Set(['chosen', 'lower_score', 'less_idle']);

/** A count, and a time in milliseconds, as the store keeps it. */
const WHOLE = /^(?:0|[1-9]\d{0,14})$/;

/** A ranking in the form in which Lua checks it. */
export interface RankingToCheck {
  /** What was known of the agents, as the ticket keeps it. */
  readonly facts: string;
  /** The best candidate, if there is any. */
  readonly best: string | undefined;
  /** The candidates, best first, as numbers of the ranked agents: "2 1". */
  readonly candidates: string;
  /** The agents that lack only a slot, in the same form. */
  readonly busy: string;
}

/**
 * The agents as this process last saw them. Every claim brings the loads up to date; in between, the process counts what it gives
 * away itself. Others may have changed more: so Lua has the last word on every slot.
 */
export class RosterView {
  private known = UNKNOWN;
  /** `undefined` for somebody of whose profile we cannot read what the store holds. */
  private everybody: ReadonlyMap<string, KnownAgent | undefined> = new Map();
  private agents: readonly KnownAgent[] = [];
  /** Where an agent stands among {@link ranked}, from 1 on. */
  private numberOf: ReadonlyMap<string, number> = new Map();
  /** Agents of whom the store holds something that we did not write. They get no tickets, and are in nobody's way. */
  private corrupt: readonly string[] = [];

  /** Version of the roster that is known here. */
  get version(): string {
    return this.known;
  }

  /** Takes over the view of the agents that a command replied. */
  update(view: LuaReply | undefined): void {
    const [version, state, roster, names, loads, idleTimes] = list(view);
    // Sent when this process still knew it; the next view is complete.
    if (text(state) === 'known' && text(version) !== this.known) return;
    if (text(version) !== this.known) {
      const nameOf = fields(names);
      this.everybody = new Map([...fields(roster)].map(([id, json]) => [id, agentIn(id, json, nameOf.get(id) ?? id)]));
      this.known = text(version);
    }
    this.correct(fields(loads), fields(idleTimes));
  }

  private correct(loadOf: ReadonlyMap<string, string>, idleOf: ReadonlyMap<string, string>): void {
    const agents: KnownAgent[] = [];
    const corrupt: string[] = [];
    for (const [id, agent] of this.everybody) {
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

  /** Everybody, by id. @throws SmartSupportError `corrupt` */
  list(): Agent[] {
    this.refuseDamaged(this.corrupt);
    return this.agents.map((agent) => agent.copy()).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** One of them; `undefined` for nobody. @throws SmartSupportError `corrupt` */
  find(agentId: string): Agent | undefined {
    this.refuseDamaged(this.corrupt.filter((id) => id === agentId));
    return this.agents.find(({ id }) => id === agentId)?.copy();
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
    throw new SmartSupportError('corrupt', `What the shared store holds of agent "${agentId}" is corrupt`);
  }

  /** The agents that rankings refer to by number, as Lua reads them: how many, then (agent, capacity) for each. */
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

  /** Counts a slot that was just given away, so that the next ranking knows of it before the store has answered. */
  expectGiven(agentId: string | undefined, nowMs: number): void {
    if (agentId === undefined) return;
    this.agents.find(({ id }) => id === agentId)?.give(nowMs);
  }
}

function agentIn(id: string, json: string, name: string): KnownAgent | undefined {
  const profile = profileIn(json);
  return profile && new KnownAgent(id, { ...profile, name }, 0, 0);
}

/** A time that is none counts as long ago: whom nobody knows to have been given anything comes first. */
function momentIn(ms = '0'): number {
  return WHOLE.test(ms) ? Number(ms) : 0;
}
