import { type AgentRegistry, rankAgents } from '@smart-support/agent-registry';
import {
  SmartSupportError,
  type AssignmentExplanation,
  type Category,
  type RankedAgent,
  type Ticket,
  type TicketExplanation,
  type TicketRecord,
} from '@smart-support/contracts';
import { LinkedList } from '../tables/linked-list';
import { SharedRankings } from '../tables/shared-rankings';
import type { StoredTicket } from '../tables/stored-ticket';
import type { TicketTable } from '../tables/ticket-table';
import type { Timestamps } from '../tables/timestamps';
import type { WaitingLines } from '../tables/waiting-lines';

/** A decided ticket that is about to be routed. */
export interface DecidedTicket {
  readonly ticket: Ticket;
  readonly category: Category;
  readonly explanation: TicketExplanation;
}

/**
 * Assigns tickets to agents. After each call but `withdraw` no ticket waits that an agent with a free slot could take, except those in
 * handoff.
 */
export class Assignments {
  private readonly rankings: SharedRankings;
  private readonly openTickets = new Map<string, LinkedList<StoredTicket>>();
  /** How often free slots were filled. */
  private fills = 0;
  /** Waiting tickets in handoff, with the value of {@link fills} when it began. */
  private readonly suspended = new Map<StoredTicket, number>();

  constructor(
    private readonly tickets: TicketTable,
    private readonly registry: AgentRegistry,
    private readonly lines: WaitingLines,
    private readonly timestamps: Timestamps,
  ) {
    this.rankings = new SharedRankings(registry);
  }

  /** Assigns a ticket to the best agent, or puts it in line. */
  assignOrWait(stored: StoredTicket, understood: DecidedTicket): TicketRecord {
    const agents = this.rankings.of(understood.category);
    return this.assign(stored, understood, 'ranked', agents) ?? this.addToLine(stored, understood, agents);
  }

  /** Assigns a ticket to the best agent, if one is free. */
  assignIfFree(stored: StoredTicket, understood: DecidedTicket): TicketRecord | undefined {
    return this.assign(stored, understood, 'ranked', this.rankings.of(understood.category));
  }

  /**
   * Frees the slot of a completed ticket, and assigns it to the first ticket in line that the agent can take.
   */
  freeSlot(stored: StoredTicket, agentId: string): void {
    this.freeOwnSlot(stored, agentId);
    this.fillFreeSlots();
  }

  /** Removes a ticket from its agent or its line, without filling the slot. */
  withdraw(stored: StoredTicket): void {
    const { assigned_agent, category } = stored.record.ticket;
    if (assigned_agent !== null) this.freeOwnSlot(stored, assigned_agent);
    else if (category) this.lines.remove(category, stored);
    this.suspended.delete(stored);
  }

  /** Begins a handoff: the ticket keeps its agent or its place in line until it is resumed or withdrawn. */
  suspend(stored: StoredTicket): void {
    stored.isInHandoff = true;
    if (stored.record.ticket.status !== 'waiting') return;
    this.lines.suspend(stored);
    this.suspended.set(stored, this.fills);
  }

  /** Ends a handoff, and makes up for what the ticket missed: a free slot, or the removal of its agent. */
  resume(stored: StoredTicket): void {
    stored.isInHandoff = false;
    const { status } = stored.record.ticket;
    if (status === 'assigned' && !stored.list) this.reassign(stored);
    if (status !== 'waiting') return;
    this.lines.resume(stored);
    const missed = this.suspended.get(stored) !== this.fills;
    this.suspended.delete(stored);
    // Otherwise no slot is filled: a free one may belong to a ticket that was handed over with its agent.
    if (missed) this.fillFreeSlots();
  }

  /**
   * Fills every free slot with the first ticket in line that its agent can take. The explanation then has the ranking of that
   * moment, in which this agent is the best one.
   */
  fillFreeSlots(): void {
    this.fills += 1;
    for (;;) {
      const first = this.lines.peek(this.registry.openCategories());
      if (!first) return;
      const { category, stored } = first;
      const { ticket, explanation } = stored.record;
      if (!this.assign(stored, { ticket, category, explanation }, 'first_in_line', this.rankings.of(category))) return;
      this.lines.remove(category, stored);
    }
  }

  /**
   * Removes an agent. Its open tickets go to other agents, in the order of their waiting keys, as far as there
   * are slots; the rest waits in line, and tickets in handoff do not change. Returns whether the
   * agent was known.
   */
  removeAgent(agentId: string): boolean {
    if (!this.registry.remove(agentId)) return false;
    this.rankings.forget(agentId);
    const openTickets = this.openTicketsOf(agentId);
    const inOrder = [...openTickets]
      .map((stored) => ({ stored, key: this.lines.keyOf(stored) }))
      .sort((a, b) => a.key - b.key);
    for (const { stored } of inOrder) {
      openTickets.remove(stored);
      if (!stored.isInHandoff) this.reassign(stored);
    }
    this.openTickets.delete(agentId);
    return true;
  }

  /** Gives an assigned ticket to the best other agent. Returns whether one has a free slot; else nothing changes. */
  moveToOther(stored: StoredTicket): boolean {
    const { assigned_agent: from, category } = stored.record.ticket;
    if (!category) throw new SmartSupportError('internal', `Ticket "${stored.id}" had an agent but no category`);
    const agents = rankAgents(
      category,
      this.registry.list().filter(({ id }) => id !== from),
    );
    const best = agents[0];
    return best?.outcome === 'chosen' && this.move(stored, best.agent_id, 'ranked', agents, false);
  }

  /**
   * Gives a ticket with an agent or in line to one agent. Returns false, and changes nothing, where that is away or full, unless it is forced.
   * @throws SmartSupportError `not_found` for an unknown agent
   */
  moveTo(stored: StoredTicket, agentId: string, force: boolean): boolean {
    const { category } = stored.record.ticket;
    if (!category) throw new SmartSupportError('internal', `Ticket "${stored.id}" has no category`);
    this.registry.get(agentId);
    return this.move(stored, agentId, 'by_hand', this.rankings.of(category), force);
  }

  private move(
    stored: StoredTicket,
    agentId: string,
    how: AssignmentExplanation['how'],
    agents: readonly RankedAgent[],
    force: boolean,
  ): boolean {
    if (!this.registry.reserve(agentId, force)) return false;
    this.withdraw(stored);
    const { ticket } = stored.record;
    // The life table has no transition from one agent to another.
    if (ticket.status === 'assigned') {
      this.tickets.changeStatus(stored, { ...ticket, status: 'waiting', assigned_agent: null });
    }
    this.giveTo(stored, stored.record, agentId, how, agents);
    this.fillFreeSlots();
    return true;
  }

  /** Makes a change of a ticket that may move it to another place in line. */
  changeInLine(stored: StoredTicket, change: () => void): void {
    const { status, category } = stored.record.ticket;
    if (status !== 'waiting' || !category) {
      change();
      return;
    }
    this.lines.remove(category, stored);
    change();
    this.lines.insert(stored);
    this.fillFreeSlots();
  }

  private freeOwnSlot(stored: StoredTicket, agentId: string): void {
    // Its agent was removed during the handoff, and the slot with it. An agent put again under that id has no such slot.
    if (!stored.list) return;
    this.openTickets.get(agentId)?.remove(stored);
    this.registry.free(agentId);
  }

  /** The life table has no transition from one agent to another, so the ticket passes through the line. */
  private reassign(stored: StoredTicket): void {
    const { ticket, explanation } = stored.record;
    const { category } = ticket;
    if (!category) throw new SmartSupportError('internal', `Ticket "${stored.id}" had an agent but no category`);
    const agents = this.rankings.of(category);
    const waiting = this.addToLine(stored, { ticket, category, explanation }, agents);
    if (this.assign(stored, { ...waiting, category }, 'ranked', agents)) this.lines.remove(category, stored);
  }

  /** Assigns a ticket to the chosen agent of a ranking, if there is one. */
  private assign(
    stored: StoredTicket,
    { ticket, explanation }: DecidedTicket,
    how: 'ranked' | 'first_in_line',
    agents: readonly RankedAgent[],
  ): TicketRecord | undefined {
    const best = agents[0];
    if (best?.outcome !== 'chosen' || !this.registry.reserve(best.agent_id)) return undefined;
    return this.giveTo(stored, { ticket, explanation }, best.agent_id, how, agents);
  }

  /** The slot is reserved. */
  private giveTo(
    stored: StoredTicket,
    { ticket, explanation }: Pick<DecidedTicket, 'ticket' | 'explanation'>,
    agentId: string,
    how: AssignmentExplanation['how'],
    agents: readonly RankedAgent[],
  ): TicketRecord {
    this.openTicketsOf(agentId).append(stored);
    return this.tickets.changeStatus(
      stored,
      { ...ticket, status: 'assigned', assigned_agent: agentId },
      { ...explanation, assignment: this.explain(how, agentId, agents) },
    );
  }

  private addToLine(
    stored: StoredTicket,
    { ticket, explanation }: DecidedTicket,
    agents: readonly RankedAgent[],
  ): TicketRecord {
    const record = this.tickets.changeStatus(
      stored,
      { ...ticket, status: 'waiting', assigned_agent: null },
      { ...explanation, assignment: this.explain('waiting', null, agents) },
    );
    this.lines.insert(stored);
    return record;
  }

  private explain(
    how: AssignmentExplanation['how'],
    agentId: string | null,
    agents: readonly RankedAgent[],
  ): AssignmentExplanation {
    return { how, decided_at: this.timestamps.now(), agent_id: agentId, agents };
  }

  private openTicketsOf(agentId: string): LinkedList<StoredTicket> {
    let open = this.openTickets.get(agentId);
    if (!open) this.openTickets.set(agentId, (open = new LinkedList()));
    return open;
  }
}
