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

/** Attempts to remove an agent that is assigned new tickets meanwhile. */
const MOST_ROUNDS = 10;

/** Tickets of an agent that is being removed that are reassigned at the same time. */
const REASSIGNED_AT_ONCE = 50;

/** Agents in Redis. */
export class RedisAgents implements AgentSlots {
  constructor(
    private readonly lua: LuaCommands,
    private readonly roster: RosterView,
    private readonly statusEvents: StatusEvents,
    private readonly clock: TimerClock,
  ) {}

  /** All agents with their current loads. @throws SmartSupportError `corrupt` if one of them is */
  async list(): Promise<Agent[]> {
    await this.look();
    return this.roster.list();
  }

  private async look(): Promise<void> {
    this.roster.update(await this.lua.run('agents/list', { roster_version: this.roster.version }));
  }

  /** Free slots are assigned to waiting tickets at once. */
  async put(agentId: string, agent: AgentInput): Promise<Agent> {
    let [load, idleMs, more] = await this.putOnce(agentId, agent);
    // A long line is served in several commands, so that other commands run in between.
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
    this.statusEvents.emitServed(texts(served));
    return [load, idleMs, more] as const;
  }

  /**
   * Every step leaves a consistent state: first the agent gets no new tickets, then its tickets are reassigned, each in a command of its own,
   * last the agent is removed. After a crash in between, any process can repeat the removal.
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
    throw new SmartSupportError(
      'internal',
      `Agent "${agentId}" was assigned new tickets during its removal; try again`,
    );
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
      // Before the reply, so that the next ranking includes the assignment.
      this.roster.expectGiven(best, this.clock.now());
      const [name, first] = named(await sent);
      if (name === 'stale') {
        this.roster.update(first);
        continue;
      }
      if (name === 'gone') return;
      if (name !== 'assigned' && name !== 'waiting') throw unknownReply('agents/reassign', name);
      // Without its urgency, which did not change and is not known here.
      const change = { id: ticketId, category, urgency_score: null };
      this.statusEvents.emit({ ...change, status: 'waiting', assigned_agent: null });
      if (name === 'assigned') this.statusEvents.emit({ ...change, status: 'assigned', assigned_agent: text(first) });
      return;
    }
  }

  /** Assigns waiting tickets, too. */
  async seed(agents: readonly AgentProfile[]): Promise<boolean> {
    if (agents.length === 0) return (await this.list()).length === 0;
    const seeded = agents.map(({ id, ...agent }) => [id, profileField(agent), agent.name]);
    const [name, served, unfinished] = named(await this.lua.run('agents/seed', { agents: seeded }));
    if (name === 'not_empty') return false;
    this.roster.forget();
    this.statusEvents.emitServed(texts(served));
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
