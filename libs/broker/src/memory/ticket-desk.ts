import {
  CATEGORIES,
  SmartSupportError,
  type Claim,
  type Corrections,
  type Decision,
  type TicketRecord,
} from '@smart-support/contracts';
import type { Assignments, UnderstoodTicket } from './assignments';
import type { Leases } from './leases';
import type { TicketBook } from './ticket-book';
import type { Timestamps } from './timestamps';

/** The two decisions that end a stage of a ticket: understood, and done. */
export class TicketDesk {
  constructor(
    private readonly book: TicketBook,
    private readonly leases: Leases,
    private readonly assignments: Assignments,
    private readonly timestamps: Timestamps,
  ) {}

  /**
   * Writes what was decided and finds the agent. A repeat with the same claim changes nothing and returns the record as it stands.
   * @throws SmartSupportError `lease_lost`, `invalid_input` for a category or an urgency that no line could order
   */
  commit(claim: Claim, decision: Decision): TicketRecord {
    const known = this.book.find(claim.record.ticket.id);
    if (known && known.committedBy === claim.token) return known.record;
    const stored = this.leases.mustHold(claim);
    refuseUnusable(decision);
    this.leases.end(stored);
    stored.committedBy = claim.token;
    return this.assignments.place(stored, understood(stored.record, decision));
  }

  /**
   * An agent is done. A repeat returns the same record; its corrections come too late.
   * @throws SmartSupportError `not_found`, `transition_not_allowed`
   */
  complete(ticketId: string, corrections: Corrections): TicketRecord {
    const stored = this.book.get(ticketId);
    const { ticket, explanation } = stored.record;
    if (ticket.status === 'completed') return stored.record;
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

function refuseUnusable({ category, urgency_score }: Decision): void {
  if (CATEGORIES.includes(category) && urgency_score >= 0 && urgency_score <= 1) return;
  throw new SmartSupportError('invalid_input', 'A decision needs a known category and an urgency between 0 and 1');
}

/** `null` if nothing was corrected. */
function givenOnly({ category, urgency_score }: Corrections): Corrections | null {
  const given: Corrections = {
    ...(category ? { category } : {}),
    ...(typeof urgency_score === 'number' ? { urgency_score } : {}),
  };
  return Object.keys(given).length > 0 ? given : null;
}
