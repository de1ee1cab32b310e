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
import { LinkedList } from './linked-list';
import { SharedRankings } from './shared-rankings';
import type { StoredTicket } from './stored-ticket';
import type { TicketTable } from './ticket-table';
import type { Timestamps } from './timestamps';
import type { WaitingLines } from './waiting-lines';

/** A ticket that knows its category, about to get an agent or a place in line. */
export interface UnderstoodTicket {
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
  private handOuts = 0;
  /** Tickets in line that are on their way to another broker, and how often slots had been handed out when they set out. */
  private readonly setAside = new Map<StoredTicket, number>();

  constructor(
    private readonly book: TicketTable,
    private readonly registry: AgentRegistry,
    private readonly lines: WaitingLines,
    private readonly timestamps: Timestamps,
  ) {
    this.rankings = new SharedRankings(registry);
  }

  /** Gives a ticket to the best agent, or puts it in line. */
  place(stored: StoredTicket, understood: UnderstoodTicket): TicketRecord {
    const agents = this.rankings.of(understood.category);
    return this.give(stored, understood, 'ranked', agents) ?? this.lineUp(stored, understood, agents);
  }

  /** Gives a ticket to the best agent, if one is free. */
  placeIfFree(stored: StoredTicket, understood: UnderstoodTicket): TicketRecord | undefined {
    return this.give(stored, understood, 'ranked', this.rankings.of(understood.category));
  }

  /**
   * Takes a ticket that is no longer open off its agent's hands, and gives the slot to whoever is first in line for it.
   */
  freeSlotOf(stored: StoredTicket, agentId: string): void {
    this.takeOff(stored, agentId);
    this.handOutSlots();
  }

  /** Takes a ticket off its agent's hands or out of its line, and serves nobody with the slot. */
  withdraw(stored: StoredTicket): void {
    const { assigned_agent, category } = stored.record.ticket;
    if (assigned_agent !== null) this.takeOff(stored, assigned_agent);
    else if (category) this.lines.remove(category, stored);
    this.setAside.delete(stored);
  }

  /** Leaves a ticket as it is, with its agent or in line, until it is taken back or withdrawn. */
  suspend(stored: StoredTicket): void {
    stored.isInHandoff = true;
    if (stored.record.ticket.status !== 'waiting') return;
    this.lines.setAside(stored);
    this.setAside.set(stored, this.handOuts);
  }

  /** Goes on with a ticket that was sent off, and makes good what it missed: a slot, or that its agent has left. */
  resume(stored: StoredTicket): void {
    stored.isInHandoff = false;
    const { status } = stored.record.ticket;
    if (status === 'assigned' && !stored.list) this.passOn(stored);
    if (status !== 'waiting') return;
    this.lines.takeUp(stored);
    const missed = this.setAside.get(stored) !== this.handOuts;
    this.setAside.delete(stored);
    // Otherwise slots are left alone: one that is free may be that of a ticket with which its agent goes on elsewhere.
    if (missed) this.handOutSlots();
  }

  /**
   * Gives every free slot to the first in line that its agent can take. The explanation then holds the ranking of that
   * moment, in which the slot's agent is the best one.
   */
  handOutSlots(): void {
    this.handOuts += 1;
    for (;;) {
      const first = this.lines.first(this.registry.openCategories());
      if (!first) return;
      const { category, stored } = first;
      const { ticket, explanation } = stored.record;
      if (!this.give(stored, { ticket, category, explanation }, 'first_in_line', this.rankings.of(category))) return;
      this.lines.remove(category, stored);
    }
  }

  /**
   * Lets an agent go. Its open tickets go to the others, in the order in which they would have waited, as far as there
   * are slots; the rest stays in line, and what is on its way to another broker stays as it is. Returns whether the
   * agent was known.
   */
  dismiss(agentId: string): boolean {
    if (!this.registry.remove(agentId)) return false;
    this.rankings.forget(agentId);
    const openTickets = this.openTicketsOf(agentId);
    const inOrder = [...openTickets]
      .map((stored) => ({ stored, key: this.lines.keyOf(stored) }))
      .sort((a, b) => a.key - b.key);
    for (const { stored } of inOrder) {
      openTickets.remove(stored);
      if (!stored.isInHandoff) this.passOn(stored);
    }
    this.openTickets.delete(agentId);
    return true;
  }

  private takeOff(stored: StoredTicket, agentId: string): void {
    // Its agent has left while it was on its way, and the slot with it. One who came back under that id owes nothing.
    if (!stored.list) return;
    this.openTickets.get(agentId)?.remove(stored);
    this.registry.free(agentId);
  }

  /** The life table knows no way from one agent to another but through the line, so the ticket passes it. */
  private passOn(stored: StoredTicket): void {
    const { ticket, explanation } = stored.record;
    const { category } = ticket;
    if (!category) throw new SmartSupportError('internal', `Ticket "${stored.id}" had an agent but no category`);
    const agents = this.rankings.of(category);
    const waiting = this.lineUp(stored, { ticket, category, explanation }, agents);
    if (this.give(stored, { ...waiting, category }, 'ranked', agents)) this.lines.remove(category, stored);
  }

  /** Gives a ticket to the chosen agent of a ranking, if it has one. */
  private give(
    stored: StoredTicket,
    { ticket, explanation }: UnderstoodTicket,
    how: 'ranked' | 'first_in_line',
    agents: readonly RankedAgent[],
  ): TicketRecord | undefined {
    const best = agents[0];
    if (best?.outcome !== 'chosen' || !this.registry.reserve(best.agent_id)) return undefined;
    this.openTicketsOf(best.agent_id).append(stored);
    return this.book.changeStatus(
      stored,
      { ...ticket, status: 'assigned', assigned_agent: best.agent_id },
      { ...explanation, assignment: this.explain(how, best.agent_id, agents) },
    );
  }

  private lineUp(
    stored: StoredTicket,
    { ticket, explanation }: UnderstoodTicket,
    agents: readonly RankedAgent[],
  ): TicketRecord {
    const record = this.book.changeStatus(
      stored,
      { ...ticket, status: 'waiting', assigned_agent: null },
      { ...explanation, assignment: this.explain('waiting', null, agents) },
    );
    this.lines.add(stored);
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
