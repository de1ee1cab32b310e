import type { AgentRegistry } from '@smart-support/agent-registry';
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

/** A ticket that knows its category, about to get an agent or a place in line. */
export interface DecidedTicket {
  readonly ticket: Ticket;
  readonly category: Category;
  readonly explanation: TicketExplanation;
}

/**
 * Brings tickets and agents together. After each call but `withdraw` nobody waits for whom a capable agent has a free
 * slot, except those who are on their way to another broker.
 */
export class Assignments {
  private readonly rankings: SharedRankings;
  private readonly openTickets = new Map<string, LinkedList<StoredTicket>>();
  /** How often slots were handed out. */
  private fills = 0;
  /** Tickets in line that are on their way to another broker, and how often slots had been handed out when they set out. */
  private readonly suspended = new Map<StoredTicket, number>();

  constructor(
    private readonly tickets: TicketTable,
    private readonly registry: AgentRegistry,
    private readonly lines: WaitingLines,
    private readonly timestamps: Timestamps,
  ) {
    this.rankings = new SharedRankings(registry);
  }

  /** Gives a ticket to the best agent, or puts it in line. */
  assignOrWait(stored: StoredTicket, understood: DecidedTicket): TicketRecord {
    const agents = this.rankings.of(understood.category);
    return this.assign(stored, understood, 'ranked', agents) ?? this.addToLine(stored, understood, agents);
  }

  /** Gives a ticket to the best agent, if one is free. */
  assignIfFree(stored: StoredTicket, understood: DecidedTicket): TicketRecord | undefined {
    return this.assign(stored, understood, 'ranked', this.rankings.of(understood.category));
  }

  /**
   * Takes a ticket that is no longer open off its agent's hands, and gives the slot to whoever is first in line for it.
   */
  freeSlot(stored: StoredTicket, agentId: string): void {
    this.freeOwnSlot(stored, agentId);
    this.fillFreeSlots();
  }

  /** Takes a ticket off its agent's hands or out of its line, and serves nobody with the slot. */
  withdraw(stored: StoredTicket): void {
    const { assigned_agent, category } = stored.record.ticket;
    if (assigned_agent !== null) this.freeOwnSlot(stored, assigned_agent);
    else if (category) this.lines.remove(category, stored);
    this.suspended.delete(stored);
  }

  /** Leaves a ticket as it is, with its agent or in line, until it is taken back or withdrawn. */
  suspend(stored: StoredTicket): void {
    stored.isInHandoff = true;
    if (stored.record.ticket.status !== 'waiting') return;
    this.lines.suspend(stored);
    this.suspended.set(stored, this.fills);
  }

  /** Goes on with a ticket that was sent off, and makes good what it missed: a slot, or that its agent has left. */
  resume(stored: StoredTicket): void {
    stored.isInHandoff = false;
    const { status } = stored.record.ticket;
    if (status === 'assigned' && !stored.list) this.reassign(stored);
    if (status !== 'waiting') return;
    this.lines.resume(stored);
    const missed = this.suspended.get(stored) !== this.fills;
    this.suspended.delete(stored);
    // Otherwise slots are left alone: one that is free may be that of a ticket with which its agent goes on elsewhere.
    if (missed) this.fillFreeSlots();
  }

  /**
   * Gives every free slot to the first in line that its agent can take. The explanation then holds the ranking of that
   * moment, in which the slot's agent is the best one.
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
   * Lets an agent go. Its open tickets go to the others, in the order in which they would have waited, as far as there
   * are slots; the rest stays in line, and what is on its way to another broker stays as it is. Returns whether the
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

  private freeOwnSlot(stored: StoredTicket, agentId: string): void {
    // Its agent has left while it was on its way, and the slot with it. One who came back under that id owes nothing.
    if (!stored.list) return;
    this.openTickets.get(agentId)?.remove(stored);
    this.registry.free(agentId);
  }

  /** The life table knows no way from one agent to another but through the line, so the ticket passes it. */
  private reassign(stored: StoredTicket): void {
    const { ticket, explanation } = stored.record;
    const { category } = ticket;
    if (!category) throw new SmartSupportError('internal', `Ticket "${stored.id}" had an agent but no category`);
    const agents = this.rankings.of(category);
    const waiting = this.addToLine(stored, { ticket, category, explanation }, agents);
    if (this.assign(stored, { ...waiting, category }, 'ranked', agents)) this.lines.remove(category, stored);
  }

  /** Gives a ticket to the chosen agent of a ranking, if it has one. */
  private assign(
    stored: StoredTicket,
    { ticket, explanation }: DecidedTicket,
    how: 'ranked' | 'first_in_line',
    agents: readonly RankedAgent[],
  ): TicketRecord | undefined {
    const best = agents[0];
    if (best?.outcome !== 'chosen' || !this.registry.reserve(best.agent_id)) return undefined;
    this.openTicketsOf(best.agent_id).append(stored);
    return this.tickets.changeStatus(
      stored,
      { ...ticket, status: 'assigned', assigned_agent: best.agent_id },
      { ...explanation, assignment: this.explain(how, best.agent_id, agents) },
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
