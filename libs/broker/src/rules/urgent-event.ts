import type { Ticket, TicketEvent } from '@smart-support/contracts';

/** How much of a ticket's text an event carries, in characters (code points). */
const TEXT_START_CHARACTERS = 200;

/** The event id of a ticket's alert: the same on every try, and unique. */
export function urgentEventId(ticketId: string): string {
  return `ticket.urgent:${ticketId}`;
}

/**
 * The event of an urgent ticket: a {@link TicketEvent} as JSON.
 * @param ticket - as its commit left it
 * @param timestamp - the time of the commit, ISO 8601
 */
export function urgentEventBody(ticket: Ticket, timestamp: string): string {
  const { status, assigned_agent, is_duplicate, master_incident_id } = ticket;
  const late = JSON.stringify({ status, assigned_agent, is_duplicate, master_incident_id });
  return `${urgentEventHead(ticket)}${late.slice(1)},${JSON.stringify({ timestamp }).slice(1)}`;
}

/**
 * The same up to `"status":...,"assigned_agent":...,"is_duplicate":...,"master_incident_id":...},"timestamp":...}`, for a store that knows
 * these only while it writes.
 * @param ticket - as its commit will leave it, but for these
 */
export function urgentEventHead({
  text,
  status: _status,
  assigned_agent: _agent,
  is_duplicate: _duplicate,
  master_incident_id: _incident,
  ...ticket
}: Ticket): string {
  const { type, data } = {
    type: 'ticket.urgent',
    data: { ...ticket, text_start: startOf(text) },
  } satisfies UnfinishedEvent;
  return `${JSON.stringify({ type, data }).slice(0, -2)},`;
}

type UnfinishedEvent = Omit<TicketEvent, 'timestamp' | 'data'> & {
  readonly data: Omit<TicketEvent['data'], 'status' | 'assigned_agent' | 'is_duplicate' | 'master_incident_id'>;
};

/**
 * Cuts between characters, also where one takes two units of the string; none takes more, so the rest need not be
 * looked at.
 */
function startOf(text: string): string {
  return [...text.slice(0, 2 * TEXT_START_CHARACTERS)].slice(0, TEXT_START_CHARACTERS).join('');
}
