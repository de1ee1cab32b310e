import type { TimerClock } from '@smart-support/contracts';
import type { Logger } from '@smart-support/telemetry';
import type { MailTicket } from '../mail/ticket-of-mail';
import { pause } from '../pause';

/** What a gateway answers, as far as a mailbox needs it. */
export interface GatewayAnswer {
  readonly status: number;
  /** In milliseconds, if the answer says it. */
  readonly retryAfterMs?: number | undefined;
}

/** Makes one call. @throws what `fetch` throws where there is no answer */
export type SendCall = (method: 'GET' | 'POST', path: string, body?: object) => Promise<GatewayAnswer>;

/** Thrown where a mailbox stops while it waits for the gateway. */
export class Stopped extends Error {}

/** What became of a call that was answered for good. */
export type Reply = 'done' | 'unknown' | 'refused';

/** Bounds of the wait between two tries without an answer that says how long, in milliseconds. */
const SHORTEST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/** Longest wait that an answer may ask for, in milliseconds. */
const LONGEST_ASKED_MS = 60 * 60_000;

/** Sending the same again is answered the same. */
const REFUSALS = [400, 409, 413, 415, 422];

/** What {@link GatewayClient} works with. */
export interface GatewayClientOptions {
  readonly send: SendCall;
  readonly clock: TimerClock;
  readonly logger: Logger;
  /** Ends all waits. */
  readonly stop: AbortSignal;
}

/**
 * Calls the gateway until it answers for good. No connection, 429, 503 and every other answer that is not about the call itself, such as a wrong key, are waited for: nothing
 * is lost for them. Every method throws {@link Stopped} where the mailbox stops meanwhile.
 */
export class GatewayClient {
  private waiting = false;

  constructor(private readonly options: GatewayClientOptions) {}

  /** Whether it waits for the gateway. */
  get isWaiting(): boolean {
    return this.waiting;
  }

  /** Whether the gateway has a ticket with this id. */
  async hasTicket(id: string): Promise<boolean> {
    return (await this.call('GET', `/tickets/${id}`)) === 'done';
  }

  /** Sends a ticket. A repeat is as good. */
  openTicket(ticket: MailTicket): Promise<Reply> {
    return this.call('POST', '/ticket', ticket);
  }

  /** Adds a note to a ticket, once under its name; `unknown` where there is no such ticket. */
  addNote(ticketId: string, note: string, noteId: string): Promise<Reply> {
    return this.call('POST', `/tickets/${ticketId}/note`, { note, note_id: noteId });
  }

  private async call(method: 'GET' | 'POST', path: string, body?: object): Promise<Reply> {
    const { clock, stop } = this.options;
    for (let tries = 0; ; tries += 1) {
      const answer = await this.tryOnce(method, path, body);
      const reply = answer && replyOf(answer.status, path);
      if (reply !== undefined) {
        this.waiting = false;
        return reply;
      }
      this.reportWait(answer);
      const ownWaitMs = Math.min(LONGEST_WAIT_MS, SHORTEST_WAIT_MS * 2 ** Math.min(tries, 10));
      await pause(clock, Math.min(answer?.retryAfterMs ?? ownWaitMs, LONGEST_ASKED_MS), stop);
      if (stop.aborted) throw new Stopped();
    }
  }

  private async tryOnce(method: 'GET' | 'POST', path: string, body?: object): Promise<GatewayAnswer | undefined> {
    try {
      return await this.options.send(method, path, body);
    } catch (error) {
      this.options.logger.debug({ err: error }, 'the gateway cannot be reached');
      return undefined;
    }
  }

  /** One line at the beginning of a wait, however long it is. */
  private reportWait(answer: GatewayAnswer | undefined): void {
    if (this.waiting) return;
    this.waiting = true;
    const { logger } = this.options;
    if (answer === undefined) logger.warn({}, 'waiting: the gateway cannot be reached');
    else if (answer.status === 429 || answer.status >= 500)
      logger.warn({ status: answer.status }, 'waiting: the gateway takes nothing now');
    else
      logger.error(
        { status: answer.status },
        'waiting: the gateway refuses all calls, see MAILBOX_GATEWAY_URL and MAILBOX_API_KEY',
      );
  }
}

function replyOf(status: number, path: string): Reply | undefined {
  if (status >= 200 && status < 300) return 'done';
  if (REFUSALS.includes(status)) return 'refused';
  // Of any other path it says that the address is not that of a gateway.
  return status === 404 && path.startsWith('/tickets/') ? 'unknown' : undefined;
}
