import {
  type Agent,
  type AgentInput,
  type AgentProfile,
  type AgentSlots,
  type Category,
  SmartSupportError,
  type TimerClock,
} from '@smart-support/contracts';
import type { LuaCommands } from './commands/lua-commands';
import { list, named, number, text, texts, unknownReply } from './commands/replies';
import { profileField } from './roster/agent-facts';
import type { RosterView } from './roster/roster-view';
import type { StatusEvents } from './status-events';

/** How often an agent who is leaving may be given new work by somebody else meanwhile, before that is told. */
const MOST_ROUNDS = 10;

/** Tickets of an agent that is being removed that are reassigned at the same time. */
const REASSIGNED_AT_ONCE = 50;

/** Who works here, in Redis. */
export class RedisAgents implements AgentSlots {
  constructor(
    private readonly lua: LuaCommands,
    private readonly roster: RosterView,
    private readonly news: StatusEvents,
    private readonly clock: TimerClock,
  ) {}

  /** Everybody, as they stand now. @throws SmartSupportError `corrupt` if one of them is */
  async list(): Promise<Agent[]> {
    await this.look();
    return this.roster.list();
  }

  private async look(): Promise<void> {
    this.roster.update(await this.lua.run('agents/list', { roster_version: this.roster.version }));
  }

  /** Free slots go to those in line at once. */
  async put(agentId: string, agent: AgentInput): Promise<Agent> {
    let [load, idleMs, more] = await this.putOnce(agentId, agent);
    // A long line is served in several commands, so that others get their turn.
    while (text(more) === 'more') [load, idleMs, more] = await this.putOnce(agentId, agent);
    const { name, skills, capacity, status } = agent;
    const idle_since = new Date(number(idleMs)).toISOString();
    return { id: agentId, name, skills: { ...skills }, capacity, status, load: number(load), idle_since };
  }

  private async putOnce(agentId: string, agent: AgentInput) {
    const [load, idleMs, served, more] = list(
      await this.lua.run('agents/put', { id: agentId, profile: profileField(agent), name: agent.name }),
    );
    this.roster.forget();
    this.news.ofServed(texts(served));
    return [load, idleMs, more] as const;
  }

  /**
   * In steps of which each leaves everything in order: first the agent gets nothing new, then its tickets go to others, each in a step of its own,
   * last it is forgotten. Whoever dies in between can be followed by anybody who removes the agent again.
   */
  async remove(agentId: string): Promise<void> {
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      await this.look();
      const leaving = this.roster.find(agentId);
      if (!leaving) throw notFound(agentId);
      if (leaving.status !== 'away') await this.put(agentId, { ...leaving, status: 'away' });
      const [, open] = list(await this.lua.run('agents/list-open-tickets', { id: agentId }));
      await this.reassignAll(pairs(texts(open)), agentId);
      const [name] = named(await this.lua.run('agents/remove', { id: agentId }));
      this.roster.forget();
      if (name === 'removed') return;
      if (name === 'not_found') throw notFound(agentId);
    }
    throw new SmartSupportError('internal', `Agent "${agentId}" was given new tickets while leaving; try again`);
  }

  private async reassignAll(
    tickets: readonly (readonly [id: string, category: string])[],
    from: string,
  ): Promise<void> {
    await this.look();
    for (let start = 0; start < tickets.length; start += REASSIGNED_AT_ONCE) {
      const some = tickets.slice(start, start + REASSIGNED_AT_ONCE);
      await Promise.all(some.map(([id, category]) => this.reassign(id, category as Category, from)));
    }
  }

  private async reassign(ticketId: string, category: Category, from: string): Promise<void> {
    for (;;) {
      const { best, ...ranking } = this.roster.rankWithout(from, category);
      const sent = this.lua.run('agents/reassign', {
        ...{ ticket: ticketId, from, category, ...ranking },
        roster_version: this.roster.version,
        agents: this.roster.ranked(),
      });
      // Before the answer: the next ranking knows of it already.
      this.roster.expectGiven(best, this.clock.now());
      const [name, first] = named(await sent);
      if (name === 'stale') {
        this.roster.update(first);
        continue;
      }
      if (name === 'gone') return;
      if (name !== 'assigned' && name !== 'waiting') throw unknownReply('agents/reassign', name);
      // Without its urgency, which is not at hand and did not change.
      const change = { id: ticketId, category, urgency_score: null };
      this.news.of({ ...change, status: 'waiting', assigned_agent: null });
      if (name === 'assigned') this.news.of({ ...change, status: 'assigned', assigned_agent: text(first) });
      return;
    }
  }

  /** Also serves those who wait. */
  async seed(agents: readonly AgentProfile[]): Promise<boolean> {
    if (agents.length === 0) return (await this.list()).length === 0;
    const seeded = agents.map(({ id, ...agent }) => [id, profileField(agent), agent.name]);
    const [name, served, unfinished] = named(await this.lua.run('agents/seed', { agents: seeded }));
    if (name === 'not_empty') return false;
    this.roster.forget();
    this.news.ofServed(texts(served));
    for (const { id, ...agent } of agents) if (texts(unfinished).includes(id)) await this.put(id, agent);
    return true;
  }
}

function notFound(agentId: string): SmartSupportError {
  return new SmartSupportError('not_found', `There is no agent "${agentId}"`);
}

function pairs(flat: readonly string[]): [string, string][] {
  return Array.from({ length: Math.floor(flat.length / 2) }, (_, index) => [
    flat[2 * index] ?? '',
    flat[2 * index + 1] ?? '',
  ]);
}
