import {
  type AcceptResult,
  MAX_TICKET_BYTES,
  type Ticket,
  parseWith,
  ticketInputSchema,
} from '@smart-support/contracts';
import type { OfferedTicket } from '@smart-support/pipeline';
import { isJsonObject } from '../http/body';
import { type Problem, problem } from '../http/problem';

/** An answer before it is sent: a ticket, or what was wrong. */
export type TicketAnswer = { readonly ticket: Ticket } | { readonly problem: Problem };

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * Checks what a client sent as one ticket.
 * @throws SmartSupportError `invalid_input`
 */
export function readTicket(body: unknown, idempotencyKey?: string): OfferedTicket | Problem {
  if (!isJsonObject(body)) return problem(400, 'A ticket must be a JSON object.');
  if (idempotencyKey !== undefined && !IDEMPOTENCY_KEY.test(idempotencyKey)) {
    const message = 'must be 1 to 255 visible ASCII characters';
    return problem(422, `The Idempotency-Key ${message}.`, { errors: [{ path: 'Idempotency-Key', message }] });
  }
  const input = parseWith(ticketInputSchema, body, 'ticket');
  return idempotencyKey === undefined ? { input } : { input, idempotencyKey };
}

/** Whether {@link readTicket} found a problem. */
export function isProblem(read: OfferedTicket | Problem): read is Problem {
  return 'status' in read;
}

/** Whether a ticket of a batch is larger than it could have been by itself. */
export function isTooLarge({ input }: OfferedTicket): boolean {
  // No character takes more than six bytes as JSON, so short tickets need no counting.
  const { text, subject } = input;
  if (text.length + (subject?.length ?? 0) + 16_384 < MAX_TICKET_BYTES / 6) return false;
  return Buffer.byteLength(JSON.stringify(input)) > MAX_TICKET_BYTES;
}

/** What the queue's verdict means to the client that offered the ticket. */
export function answerOf(result: AcceptResult): TicketAnswer {
  switch (result.outcome) {
    case 'accepted':
    case 'repeated':
      return { ticket: result.record.ticket };
    case 'conflict':
      return {
        problem: problem(409, 'This id or Idempotency-Key was used before for a ticket with another text.', {
          ticketId: result.ticket_id,
        }),
      };
    case 'full':
      return { problem: problem(503, 'The queue is full.', { retryAfter: 5 }) };
  }
}
