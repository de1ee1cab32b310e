import {
  SmartSupportError,
  TICKET_ACTIONS,
  personMay,
  type Corrections,
  type Ticket,
  type TicketAction,
  type TicketRecord,
} from '@smart-support/contracts';
import { givenOnly } from './decisions';

/**
 * Refuses an action that the status of a ticket does not allow.
 * @throws SmartSupportError `transition_not_allowed`
 */
export function mustBeAllowed(action: TicketAction, { id, status }: Pick<Ticket, 'id' | 'status'>): void {
  if (!personMay(action, status)) throw notAllowed(action, id, status);
}

/** The error where a ticket of this status does not allow the action. */
export function notAllowed(action: TicketAction, ticketId: string, status: string): SmartSupportError {
  const allowed = TICKET_ACTIONS[action].join(', ');
  return new SmartSupportError(
    'transition_not_allowed',
    `Ticket "${ticketId}" is ${status}; to ${action} it, it must be one of: ${allowed}`,
  );
}

/** The error where no other agent has a free slot for a ticket. */
export function noOtherAgent(ticketId: string): SmartSupportError {
  return new SmartSupportError('transition_not_allowed', `No other agent can take ticket "${ticketId}" now`);
}

/** The error where an agent that a person named cannot take a ticket. */
export function agentCannotTake(agentId: string, ticketId: string): SmartSupportError {
  return new SmartSupportError(
    'transition_not_allowed',
    `Agent "${agentId}" is away or has no free slot; with "force" it gets ticket "${ticketId}" all the same`,
  );
}

/** A record with corrections by a person, who needs no further review of the category. */
export function amended(record: TicketRecord, { category, urgency_score }: Corrections): TicketRecord {
  const { ticket, explanation } = record;
  return {
    ...record,
    ticket: {
      ...ticket,
      ...(category ? { category, needs_review: false, review_reasons: [] } : {}),
      urgency_score: urgency_score ?? ticket.urgency_score,
    },
    explanation: {
      ...explanation,
      corrections: givenOnly({
        ...explanation.corrections,
        ...(category && { category }),
        ...(urgency_score != null && { urgency_score }),
      }),
    },
  };
}
