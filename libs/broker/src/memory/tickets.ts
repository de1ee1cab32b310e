import {
  SmartSupportError,
  type Claim,
  type Corrections,
  type Decision,
  type TicketRecord,
} from '@smart-support/contracts';
import { urgentEventBody, urgentEventId } from '../rules/urgent-event';
import { givenOnly } from '../rules/given-corrections';
import { refuseUnusable } from '../rules/usable-decision';
import type { Assignments, UnderstoodTicket } from './assignments';
import type { MemoryOutbox } from './outbox';
import type { IncidentTable } from './incident-table';
import type { IncidentRecord } from './incident-record';
import type { IncidentTickets } from './incident-tickets';
import type { Leases } from './leases';
import type { StoredTicket } from './stored-ticket';
import type { TicketTable } from './ticket-table';
import type { Timestamps } from './timestamps';

/** The two decisions that end a stage of a ticket: understood, and done. */
export class MemoryTickets {
  constructor(
    private readonly book: TicketTable,
    private readonly leases: Leases,
    private readonly assignments: Assignments,
    private readonly incidents: IncidentTable,
    private readonly incidentTickets: IncidentTickets,
    private readonly outbox: MemoryOutbox,
    private readonly timestamps: Timestamps,
  ) {}

  /**
   * Writes what was decided, finds the agent or suppresses the ticket, and raises the alert if one is due. A repeat with the same claim changes
   * nothing and returns the record as it stands.
   * @throws SmartSupportError `lease_lost`, `incident_changed`, `invalid_input` for a category or an urgency that no line could order
   */
  commit(claim: Claim, decision: Decision): TicketRecord {
    const known = this.book.find(claim.record.ticket.id);
    if (known && known.committedBy === claim.token) return known.record;
    const stored = this.leases.mustHold(claim);
    refuseUnusable(decision);
    const incident = this.incidentOf(stored, decision.storm);
    const isSuppressed = decision.storm?.routing === 'suppressed';
    if (incident?.status === 'resolved' && isSuppressed && incident.releases(stored.id, decision.category)) {
      // It is judged once more, as no part of a storm.
      incident.note(understood(stored.record, decision).ticket);
      this.incidentTickets.release(incident, stored);
      throw incidentChanged(incident.id, stored.id);
    }
    this.leases.end(stored);
    stored.committedBy = claim.token;
    const { ticket, ...rest } = understood(stored.record, decision);
    const decided = { ...rest, ticket: { ...ticket, ...this.incidentTickets.markOf(stored.id) } };
    const isRouted = this.route(stored, decided, incident, isSuppressed);
    this.incidents.note(decided.ticket);
    // A suppressed ticket that is queued again is committed again, and then it is time for its alert.
    if (isRouted && decision.explanation.urgency?.alert) this.alert(stored);
    return stored.record;
  }

  /**
   * An agent is done. A repeat returns the same record; its corrections come too late.
   * @throws SmartSupportError `not_found`, `transition_not_allowed`, `unavailable` while it is on its way to another broker
   */
  complete(ticketId: string, corrections: Corrections): TicketRecord {
    const stored = this.book.get(ticketId);
    const { ticket, explanation } = stored.record;
    if (ticket.status === 'completed') return stored.record;
    stored.mustBeHere();
    if (ticket.status !== 'assigned' || ticket.assigned_agent === null) {
      throw new SmartSupportError(
        'transition_not_allowed',
        `Ticket "${ticketId}" is ${ticket.status}; only an assigned ticket can be completed`,
      );
    }
    const record = this.book.changeStatus(
      stored,
      { ...ticket, status: 'completed', resolution: 'agent', completed_at: this.timestamps.now() },
      { ...explanation, corrections: givenOnly(corrections) },
    );
    this.assignments.freeSlotOf(stored, ticket.assigned_agent);
    this.book.keepFinished(stored);
    return record;
  }

  /** The incident that a ticket belongs to, also if that opened since the ticket was judged. @throws SmartSupportError `incident_changed` */
  private incidentOf(stored: StoredTicket, storm: Decision['storm']): IncidentRecord | undefined {
    const holder = this.incidents.holderOf(stored.id);
    const reliedOn = storm?.incident;
    if (!reliedOn || (holder?.id === reliedOn.id && holder.epoch === reliedOn.epoch)) return holder;
    throw incidentChanged(reliedOn.id, stored.id);
  }

  /** Brings a decided ticket to where it belongs. Returns whether that is an agent or a line. */
  private route(
    stored: StoredTicket,
    decided: UnderstoodTicket,
    incident: IncidentRecord | undefined,
    isSuppressed: boolean,
  ): boolean {
    const isLive = incident?.status === 'open' || incident?.status === 'quiet';
    const isSevere = stored.isAlwaysRouted || (incident?.hasRoutedSignal(stored.id) ?? false);
    if (!incident || (!isSuppressed && (!isLive || isSevere))) {
      this.assignments.place(stored, decided);
      return true;
    }
    if (!isSuppressed && this.assignments.placeIfFree(stored, decided)) return true;
    const { ticket, explanation } = decided;
    this.book.changeStatus(stored, { ...ticket, status: 'suppressed' }, { ...explanation, assignment: null });
    if (!isLive) this.incidentTickets.end(stored);
    return false;
  }

  private alert(stored: StoredTicket): void {
    if (stored.alerted) return;
    stored.alerted = true;
    const now = this.timestamps.now();
    this.outbox.add(urgentEventId(stored.id), urgentEventBody(stored.record.ticket, now), now);
  }
}

function incidentChanged(incidentId: string, ticketId: string): SmartSupportError {
  const message = `Incident "${incidentId}" has changed since ticket "${ticketId}" was judged`;
  return new SmartSupportError('incident_changed', message);
}

/** The record with all that was decided; its status is not changed here. */
function understood({ ticket, explanation }: TicketRecord, decision: Decision): UnderstoodTicket {
  return {
    ticket: {
      ...ticket,
      category: decision.category,
      confidence: decision.confidence,
      needs_review: decision.needs_review,
      urgency_score: decision.urgency_score,
      model: decision.model,
      degraded: decision.degraded,
    },
    category: decision.category,
    explanation: { ...explanation, ...decision.explanation },
  };
}
