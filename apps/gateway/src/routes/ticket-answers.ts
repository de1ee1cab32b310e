import { type AcceptResult, MAX_BODY_BYTES, type Ticket, parseWith, ticketInputSchema } from '@smart-support/contracts';
import type { OfferedTicket } from '@smart-support/pipeline';
import { isJsonObject } from '../http/body';
import { HttpProblem } from '../http/problem';

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * Checks what a client sent as one ticket.
 * @throws HttpProblem if it is no object or its key is none
 * @throws SmartSupportError `invalid_input` for everything else
 */
export function readTicket(body: unknown, idempotencyKey?: string): OfferedTicket {
  if (!isJsonObject(body)) throw new HttpProblem(400, 'A ticket must be a JSON object.');
  if (idempotencyKey !== undefined && !IDEMPOTENCY_KEY.test(idempotencyKey)) {
    const message = 'must be 1 to 255 visible ASCII characters';
    const errors = [{ path: 'Idempotency-Key', message }];
    throw new HttpProblem(422, `The Idempotency-Key ${message}.`, { errors });
  }
  const input = parseWith(ticketInputSchema, body, 'ticket');
  return idempotencyKey === undefined ? { input } : { input, idempotencyKey };
}

/**
 * Refuses a ticket of a batch that is larger than it could have been by itself.
 * @throws HttpProblem 413
 */
export function refuseTooLarge(item: unknown): void {
  let bytes = Number.POSITIVE_INFINITY;
  try {
    bytes = Buffer.byteLength(JSON.stringify(item));
  } catch {
    // Nested so deeply that it cannot be written out again: that takes more than the limit.
  }
  if (bytes > MAX_BODY_BYTES) throw new HttpProblem(413, 'This ticket is larger than 64 KiB.');
}

/**
 * The ticket that the queue has now.
 * @throws HttpProblem if the queue did not take it
 */
export function ticketOf(result: AcceptResult): Ticket {
  switch (result.outcome) {
    case 'accepted':
    case 'repeated':
      return result.record.ticket;
    case 'conflict':
      throw new HttpProblem(409, 'This id or Idempotency-Key was used before for a ticket with another text.', {
        ticketId: result.ticket_id,
      });
    case 'full':
      throw new HttpProblem(503, 'The queue is full.', { retryAfter: 5 });
  }
}
