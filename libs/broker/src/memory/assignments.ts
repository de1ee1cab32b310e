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
import type { TicketBook } from './ticket-book';
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
 * slot.
 */
export class Assignments {
  private readonly rankings: SharedRankings;
  private readonly openTickets = new Map<string, LinkedList<StoredTicket>>();

  constructor(
    private readonly book: TicketBook,
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
  }

  /**
   * Gives every free slot to the first in line that its agent can take. The explanation then holds the ranking of that
   * moment, in which the slot's agent is the best one.
   */
  handOutSlots(): void {
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
   * are slots; the rest stays in line. Returns whether the agent was known.
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
      this.passOn(stored);
    }
    this.openTickets.delete(agentId);
    return true;
  }

  private takeOff(stored: StoredTicket, agentId: string): void {
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
