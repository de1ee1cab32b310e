import {
  CATEGORIES,
  type Corrections,
  type Decision,
  SmartSupportError,
  type Ticket,
  type TicketEvent,
  type TicketSummary,
} from '@smart-support/contracts';

/**
 * Refuses a decision with an unknown category or an urgency outside [0, 1].
 * @throws SmartSupportError `invalid_input`
 */
export function refuseUnusable({ category, urgency_score }: Decision): void {
  if (CATEGORIES.includes(category) && urgency_score >= 0 && urgency_score <= 1) return;
  throw new SmartSupportError('invalid_input', 'A decision needs a known category and an urgency between 0 and 1');
}

/** The corrections that were given; `null` if none. */
export function givenOnly({ category, urgency_score }: Corrections): Corrections | null {
  const given: Corrections = {
    ...(category ? { category } : {}),
    ...(typeof urgency_score === 'number' ? { urgency_score } : {}),
  };
  return Object.keys(given).length > 0 ? given : null;
}

/**
 * Orders tickets that wait for an agent: the smallest key comes first.
 *
 * `received_ms - urgency x waitAgeingMs`: one full point of urgency is worth `waitAgeingMs` of age, so an urgent ticket
 * overtakes, but none starves. Both parts are fixed once a ticket is decided, so the key never changes.
 * @param receivedMs - when the ticket arrived, in milliseconds since 1970
 * @param urgency - in [0, 1]
 * @param waitAgeingMs - milliseconds of waiting that outweigh one full point of urgency
 */
export function waitingKey(receivedMs: number, urgency: number, waitAgeingMs: number): number {
  return receivedMs - urgency * waitAgeingMs;
}

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

/** A ticket as lists show it. */
export function summaryOf({ text, ...ticket }: Ticket): TicketSummary {
  return { ...ticket, text_start: startOf(text) };
}

/**
 * Cuts between characters, also where one takes two units of the string; none takes more, so the rest need not be
 * looked at.
 */
function startOf(text: string): string {
  return [...text.slice(0, 2 * TEXT_START_CHARACTERS)].slice(0, TEXT_START_CHARACTERS).join('');
}
