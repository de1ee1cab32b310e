import {
  MAX_HISTORY,
  type Actor,
  type HistoryEntry,
  type TicketAction,
  type TicketChanges,
  type TicketRecord,
} from '@smart-support/contracts';
import { givenOnly } from '../../rules/decisions';
import { agentCannotTake, amended, mustBeAllowed, noOtherAgent } from '../../rules/ticket-actions';
import { textBytes } from '../tables/byte-budget';
import type { IncidentTable } from '../tables/incident-table';
import type { Lanes } from '../tables/lanes';
import type { StoredTicket } from '../tables/stored-ticket';
import type { TicketTable } from '../tables/ticket-table';
import type { Timestamps } from '../tables/timestamps';
import type { Assignments } from './assignments';
import type { IncidentTickets } from './incident-tickets';

/** What persons do with single tickets; each leaves an entry in the ticket's history. */
export class TicketActions {
  constructor(
    private readonly tickets: TicketTable,
    private readonly lanes: Lanes,
    private readonly assignments: Assignments,
    private readonly incidents: IncidentTable,
    private readonly incidentTickets: IncidentTickets,
    private readonly timestamps: Timestamps,
  ) {}

  /** See `TicketStore.reassign`. */
  reassign(ticketId: string, actor: Actor): TicketRecord {
    const stored = this.allowed('reassign', ticketId);
    const from = stored.record.ticket.assigned_agent;
    if (!this.assignments.moveToOther(stored)) throw noOtherAgent(ticketId);
    return this.recorded(stored, 'reassign', actor, { from_agent: from });
  }

  /** See `TicketStore.amend`. */
  amend(ticketId: string, { agent, force = false, ...corrections }: TicketChanges, actor: Actor): TicketRecord {
    const stored = this.allowed('amend', ticketId);
    const from = stored.record.ticket.assigned_agent;
    const given = givenOnly(corrections);
    const isMoved = agent !== undefined && agent !== from;
    if (given === null && !isMoved) return stored.record;
    if (isMoved && !this.assignments.moveTo(stored, agent, force)) throw agentCannotTake(agent, ticketId);
    if (given !== null) {
      this.assignments.changeInLine(stored, () => this.tickets.replace(stored, amended(stored.record, given)));
    }
    return this.recorded(stored, 'amend', actor, { from_agent: from, corrections: given });
  }

  /** See `TicketStore.cancel`. */
  cancel(ticketId: string, actor: Actor): TicketRecord {
    const known = this.tickets.get(ticketId);
    if (known.record.ticket.status === 'completed') return known.record;
    const stored = this.allowed('cancel', ticketId);
    const { ticket } = stored.record;
    if (ticket.status === 'queued') this.lanes.laneOf(stored).remove(stored);
    if (ticket.status === 'waiting') this.assignments.withdraw(stored);
    this.tickets.changeStatus(stored, {
      ...ticket,
      // Of an undecided member, only its commit would have set them.
      ...this.incidentTickets.fieldsOf(ticketId),
      status: 'completed',
      resolution: 'cancelled',
      completed_at: this.timestamps.now(),
    });
    if (ticket.assigned_agent !== null) this.assignments.freeSlot(stored, ticket.assigned_agent);
    this.tickets.keepFinished(stored);
    return this.recorded(stored, 'cancel', actor, { from_agent: ticket.assigned_agent });
  }

  /** See `TicketStore.reopen`. */
  reopen(ticketId: string, actor: Actor): TicketRecord {
    const stored = this.allowed('reopen', ticketId);
    const { ticket, explanation } = stored.record;
    this.tickets.takeFromFinished(stored);
    const incident = this.incidents.incidentOf(ticketId);
    if (incident?.status === 'resolved') this.incidentTickets.detachDoubtful(incident, stored);
    const open = {
      ...ticket,
      ...this.incidentTickets.fieldsOf(ticketId),
      completed_at: null,
      resolution: null,
      assigned_agent: null,
      attempts: 0,
    };
    stored.stalls = 0;
    if (ticket.category === null) {
      this.tickets.changeStatus(stored, { ...open, status: 'queued' });
      this.lanes.laneOf(stored).prependRequeued(stored);
    } else {
      this.assignments.assignOrWait(stored, { ticket: open, category: ticket.category, explanation });
    }
    return this.recorded(stored, 'reopen', actor, { from_agent: ticket.assigned_agent });
  }

  /** See `TicketStore.note`. */
  note(ticketId: string, actor: Actor): TicketRecord {
    const stored = this.allowed('note', ticketId);
    const { ticket, history } = stored.record;
    if (actor.note_id !== undefined && history.some(({ note_id }) => note_id === actor.note_id)) return stored.record;
    return this.recorded(stored, 'note', actor, {
      from_agent: ticket.status === 'assigned' ? ticket.assigned_agent : null,
    });
  }

  /** The ticket, if its status allows the action. */
  private allowed(action: TicketAction, ticketId: string): StoredTicket {
    const stored = this.tickets.get(ticketId);
    stored.refuseInHandoff();
    mustBeAllowed(action, stored.record.ticket);
    return stored;
  }

  private recorded(
    stored: StoredTicket,
    action: TicketAction,
    { by, note, note_id }: Actor,
    { from_agent, corrections = null }: Pick<HistoryEntry, 'from_agent'> & Partial<Pick<HistoryEntry, 'corrections'>>,
  ): TicketRecord {
    const { ticket, history } = stored.record;
    const to_agent = ticket.status === 'assigned' ? ticket.assigned_agent : null;
    const entry = {
      action,
      at: this.timestamps.now(),
      by,
      note,
      from_agent,
      to_agent,
      corrections,
      ...(note_id !== undefined && { note_id }),
    };
    const kept = [...history, entry].slice(-MAX_HISTORY);
    const bytes = (entries: readonly HistoryEntry[]): number => textBytes(JSON.stringify(entries));
    this.tickets.reserveBytes(stored, bytes(kept) - bytes(history));
    stored.record = { ...stored.record, history: kept };
    return stored.record;
  }
}
