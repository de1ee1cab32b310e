import {
  SmartSupportError,
  type Actor,
  type Claim,
  type Corrections,
  type Decision,
  type TicketChanges,
  type TicketCountQuery,
  type TicketCounts,
  type TicketPage,
  type TicketQuery,
  type TicketRecord,
  type TicketStore,
} from '@smart-support/contracts';
import { urgentEventBody, urgentEventId, givenOnly, refuseUnusable } from '../rules/decisions';
import { countTickets, listTickets } from '../rules/ticket-search';
import type { Assignments, DecidedTicket } from './operations/assignments';
import type { MemoryOutbox } from './outbox';
import type { IncidentTable } from './tables/incident-table';
import type { IncidentRecord } from './tables/incident-record';
import type { IncidentTickets } from './operations/incident-tickets';
import type { TicketActions } from './operations/ticket-actions';
import type { Leases } from './tables/leases';
import type { StoredTicket } from './tables/stored-ticket';
import type { TicketTable } from './tables/ticket-table';
import type { Timestamps } from './tables/timestamps';

/** Tickets at every stage, in memory. */
export class MemoryTickets implements TicketStore {
  constructor(
    private readonly tickets: TicketTable,
    private readonly leases: Leases,
    private readonly assignments: Assignments,
    private readonly incidents: IncidentTable,
    private readonly incidentTickets: IncidentTickets,
    private readonly outbox: MemoryOutbox,
    private readonly timestamps: Timestamps,
    private readonly actions: TicketActions,
  ) {}

  /** See {@link TicketStore}. */
  async get(ticketId: string): Promise<TicketRecord | undefined> {
    return this.tickets.find(ticketId)?.record;
  }

  /** See {@link TicketStore}. */
  async list(query: TicketQuery): Promise<TicketPage> {
    return listTickets(this.tickets.index, query);
  }

  /** See {@link TicketStore}. */
  async count(query: TicketCountQuery): Promise<TicketCounts> {
    return countTickets(this.tickets.index, query);
  }

  /** @throws SmartSupportError `lease_lost`, `incident_changed`, `invalid_input` for an unknown category or an urgency outside [0, 1] */
  async commit(claim: Claim, decision: Decision): Promise<TicketRecord> {
    const known = this.tickets.find(claim.record.ticket.id);
    if (known && known.committedBy === claim.token) return known.record;
    const stored = this.leases.get(claim);
    refuseUnusable(decision);
    const incident = this.incidentOf(stored, decision.storm);
    const isSuppressed = decision.storm?.routing === 'suppressed';
    if (incident?.status === 'resolved' && isSuppressed && incident.releasesMember(stored.id, decision.category)) {
      // The next attempt judges it as no part of a storm.
      incident.noteDecision(withDecision(stored.record, decision).ticket);
      this.incidentTickets.detachDoubtful(incident, stored);
      throw incidentChanged(incident.id, stored.id);
    }
    this.leases.revoke(stored);
    stored.committedBy = claim.token;
    const { ticket, ...rest } = withDecision(stored.record, decision);
    const decided = { ...rest, ticket: { ...ticket, ...this.incidentTickets.fieldsOf(stored.id) } };
    const isRouted = this.route(stored, decided, incident, isSuppressed);
    this.incidents.noteDecision(decided.ticket);
    // A suppressed ticket raises its alert when it is released and committed again.
    if (isRouted && decision.explanation.urgency?.alert) this.raiseAlert(stored);
    return stored.record;
  }

  /** Corrections of a repeat are ignored. @throws SmartSupportError `not_found`, `transition_not_allowed`, `unavailable` during a handoff */
  async complete(ticketId: string, corrections: Corrections): Promise<TicketRecord> {
    const stored = this.tickets.get(ticketId);
    const { ticket, explanation } = stored.record;
    if (ticket.status === 'completed') return stored.record;
    stored.refuseInHandoff();
    if (ticket.status !== 'assigned' || ticket.assigned_agent === null) {
      throw new SmartSupportError(
        'transition_not_allowed',
        `Ticket "${ticketId}" is ${ticket.status}; only an assigned ticket can be completed`,
      );
    }
    const record = this.tickets.changeStatus(
      stored,
      { ...ticket, status: 'completed', resolution: 'agent', completed_at: this.timestamps.now() },
      { ...explanation, corrections: givenOnly(corrections) },
    );
    this.assignments.freeSlot(stored, ticket.assigned_agent);
    this.tickets.keepFinished(stored);
    return record;
  }

  /** See {@link TicketStore}. @throws SmartSupportError `unavailable` during a handoff in addition */
  async reassign(ticketId: string, actor: Actor): Promise<TicketRecord> {
    return this.actions.reassign(ticketId, actor);
  }

  /** See {@link TicketStore}. @throws SmartSupportError `unavailable` during a handoff in addition */
  async amend(ticketId: string, changes: TicketChanges, actor: Actor): Promise<TicketRecord> {
    return this.actions.amend(ticketId, changes, actor);
  }

  /** See {@link TicketStore}. @throws SmartSupportError `unavailable` during a handoff in addition */
  async cancel(ticketId: string, actor: Actor): Promise<TicketRecord> {
    return this.actions.cancel(ticketId, actor);
  }

  /** See {@link TicketStore}. @throws SmartSupportError `unavailable` during a handoff in addition */
  async reopen(ticketId: string, actor: Actor): Promise<TicketRecord> {
    return this.actions.reopen(ticketId, actor);
  }

  /** See {@link TicketStore}. @throws SmartSupportError `unavailable` during a handoff in addition */
  async note(ticketId: string, actor: Actor): Promise<TicketRecord> {
    return this.actions.note(ticketId, actor);
  }

  /** The incident that a ticket belongs to, which may have opened after the ticket was judged. @throws SmartSupportError `incident_changed` */
  private incidentOf(stored: StoredTicket, storm: Decision['storm']): IncidentRecord | undefined {
    const incident = this.incidents.incidentOf(stored.id);
    const reliedOn = storm?.incident;
    if (!reliedOn || (incident?.id === reliedOn.id && incident.epoch === reliedOn.epoch)) return incident;
    throw incidentChanged(reliedOn.id, stored.id);
  }

  /** Assigns a decided ticket, puts it in line or suppresses it. Returns whether it is routed. */
  private route(
    stored: StoredTicket,
    decided: DecidedTicket,
    incident: IncidentRecord | undefined,
    isSuppressed: boolean,
  ): boolean {
    const isLive = incident?.status === 'open' || incident?.status === 'quiet';
    const isSevere = stored.isAlwaysRouted || (incident?.hasRoutedSignal(stored.id) ?? false);
    if (!incident || (!isSuppressed && (!isLive || isSevere))) {
      this.assignments.assignOrWait(stored, decided);
      return true;
    }
    if (!isSuppressed && this.assignments.assignIfFree(stored, decided)) return true;
    const { ticket, explanation } = decided;
    this.tickets.changeStatus(stored, { ...ticket, status: 'suppressed' }, { ...explanation, assignment: null });
    if (!isLive) this.incidentTickets.completeSuppressed(stored);
    return false;
  }

  private raiseAlert(stored: StoredTicket): void {
    if (stored.alerted) return;
    stored.alerted = true;
    const now = this.timestamps.now();
    this.outbox.addEvent(urgentEventId(stored.id), urgentEventBody(stored.record.ticket, now), now);
  }
}

function incidentChanged(incidentId: string, ticketId: string): SmartSupportError {
  const message = `Incident "${incidentId}" has changed since ticket "${ticketId}" was judged`;
  return new SmartSupportError('incident_changed', message);
}

/** The record with the decision, in its present status. */
function withDecision({ ticket, explanation }: TicketRecord, decision: Decision): DecidedTicket {
  return {
    ticket: {
      ...ticket,
      category: decision.category,
      confidence: decision.confidence,
      needs_review: decision.needs_review,
      review_reasons: decision.review_reasons,
      urgency_score: decision.urgency_score,
      model: decision.model,
      degraded: decision.degraded,
      language: decision.language,
      automated: decision.automated,
    },
    category: decision.category,
    explanation: { ...explanation, ...decision.explanation },
  };
}
