import {
  type AcceptResult,
  type InputIssue,
  MAX_BODY_BYTES,
  SmartSupportError,
  type Ticket,
  type TicketRecord,
  parseTicketInput,
} from '@smart-support/contracts';
import type { Submission } from '@smart-support/failover';
import type { OfferedTicket } from '@smart-support/pipeline';
import type { Caller } from '../http/caller';
import { inDomainOf, sentId } from '../access/trust-domain';
import { isJsonObject } from '../http/body';
import { HttpProblem } from '../http/problem';

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

/** A ticket that can be offered, and what could not be read of it. */
export interface ReadTicket {
  readonly offered: OfferedTicket;
  readonly warnings: readonly InputIssue[];
}

/**
 * Checks what a client sent as one ticket.
 * @param caller - whose trust domain it belongs to; `undefined` where callers need no key
 * @throws HttpProblem if it is no object or its key is none
 * @throws SmartSupportError `invalid_input` for everything else
 */
export function readTicket(body: unknown, caller: Caller | undefined, idempotencyKey?: string): ReadTicket {
  if (!isJsonObject(body)) throw new HttpProblem(400, 'A ticket must be a JSON object.');
  if (idempotencyKey !== undefined && !IDEMPOTENCY_KEY.test(idempotencyKey)) {
    const message = 'must be 1 to 255 visible ASCII characters';
    const errors = [{ path: 'Idempotency-Key', message }];
    throw new HttpProblem(422, `The Idempotency-Key ${message}.`, { errors });
  }
  const { input, warnings } = parseTicketInput({ ...body, id: sentId(caller?.source.domain ?? '', body['id']) });
  return {
    offered: inDomainOf(caller, idempotencyKey === undefined ? { input } : { input, idempotencyKey }),
    warnings,
  };
}

/**
 * Refuses a ticket of a batch that has more than 64 KiB as JSON without needless escapes.
 * @throws HttpProblem 413
 */
export function refuseTooLarge(item: unknown): void {
  if (Buffer.byteLength(JSON.stringify(item)) > MAX_BODY_BYTES) {
    throw new HttpProblem(413, 'This ticket is larger than 64 KiB.');
  }
}

/** Why a ticket is refused for lack of space. */
const FULL = {
  tickets: 'The queue is full.',
  bytes: 'There is no space for the bytes of another ticket.',
  share:
    'The unfinished tickets of this trust domain fill its share of the queue, or of the bytes that tickets may take.',
} as const;

/** The answer for an accepted ticket. */
export interface Answer {
  readonly status: 200 | 202;
  readonly body: (Ticket | { readonly status: 'accepted'; readonly ticket_id: string; readonly message: string }) & {
    /** Only where no new ticket was made, because this one was sent before. */
    readonly is_repeat?: true;
    /** Only where something of what was sent could not be read. */
    readonly warnings?: readonly InputIssue[];
  };
  /** Where the ticket can be followed. */
  readonly location?: string;
}

/**
 * The answer to a ticket that is on the shared queue (202) or was routed at once (200).
 * @throws HttpProblem if it was not accepted, or the outcome is unknown
 */
export function answerTo(submission: Submission, warnings: readonly InputIssue[] = []): Answer {
  if (submission.how === 'unknown') {
    throw new HttpProblem(
      503,
      'It is unknown whether the ticket was accepted. Sending it again under its id is safe.',
      {
        retryAfter: 1,
        ticketId: submission.ticket_id,
      },
    );
  }
  const { ticket } = takenRecord(submission.result);
  const notes = {
    ...(submission.result.outcome === 'repeated' ? { is_repeat: true as const } : {}),
    ...(warnings.length > 0 ? { warnings } : {}),
  };
  if (submission.how === 'routed') return { status: 200, body: { ...ticket, ...notes } };
  const message = 'The ticket is queued; follow it under Location.';
  return {
    status: 202,
    body: { status: 'accepted', ticket_id: ticket.id, message, ...notes },
    location: `/tickets/${encodeURIComponent(ticket.id)}`,
  };
}

function takenRecord(result: AcceptResult): TicketRecord {
  switch (result.outcome) {
    case 'accepted':
    case 'repeated':
      return result.record;
    case 'conflict':
      throw new HttpProblem(
        409,
        'This id or Idempotency-Key was used before for a ticket with another subject or text.',
        {
          ticketId: result.ticket_id,
        },
      );
    case 'full':
      throw new HttpProblem(503, FULL[result.reason ?? 'tickets'], { retryAfter: 5 });
    case 'corrupt':
      throw new SmartSupportError('corrupt', 'Under the id of a new ticket the shared store holds something else.');
  }
}
