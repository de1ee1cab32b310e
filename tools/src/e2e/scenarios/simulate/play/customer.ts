import { setTimeout as sleep } from 'node:timers/promises';
import { readAnswers } from '../../../harness/ticket-answers';
import type { HttpClient } from '../../../harness/http-client';
import type { Ledger } from '../../../harness/ledger';
import type { PlannedTicket } from '../day/scenario';

/** A customer gives up a ticket that is not accepted within this time, in milliseconds; an audit reports it. */
const GIVE_UP_MS = 60_000;
/** Longest obeyed `Retry-After`. */
const MOST_RETRY_AFTER_MS = 1000;

/** What customers work with. */
export interface CustomerOptions {
  readonly client: HttpClient;
  readonly ledger: Ledger;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** Called for a ticket that was answered with its agent. */
  readonly onAssigned: (ticketId: string) => void;
  /** Whether to give up. */
  readonly isOver: () => boolean;
}

/** Sends a ticket, with retries under the same id until it is accepted. */
export async function submitTicket(ticket: PlannedTicket, options: CustomerOptions): Promise<void> {
  const { client, ledger, random, onAssigned, isOver } = options;
  const { id, text, requester } = ticket;
  ledger.openEntry(id, text);
  for (const deadline = Date.now() + GIVE_UP_MS; Date.now() < deadline && !isOver();) {
    const answer = await client.send('POST', '/ticket', { id, text, requester });
    const [{ status, trouble, ticketStatus } = { status: 0, trouble: undefined, ticketStatus: undefined }] =
      readAnswers(answer, 1);
    ledger.recordAnswer(id, {
      sentAt: answer.sentAt,
      waitedMs: answer.waitedMs,
      status,
      ...(trouble === undefined ? {} : { trouble }),
      ...(ticketStatus === undefined ? {} : { ticketStatus }),
    });
    if (status === 200 && ticketStatus === 'assigned') onAssigned(id);
    if (status === 200 || status === 202) return;
    await sleep(Math.min(answer.retryAfterMs ?? 0, MOST_RETRY_AFTER_MS) + 100 + 200 * random());
  }
}
