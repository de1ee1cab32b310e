import { setTimeout as sleep } from 'node:timers/promises';
import { type TicketAnswer, readAnswers } from '../../../harness/ticket-answers';
import type { HttpClient } from '../../../harness/http-client';
import type { Ledger } from '../../../harness/ledger';
import type { PlannedRequest } from './planned-requests';
import type { SentTicket } from './sent-ticket';

/** What a {@link Sender} works with. */
export interface SenderOptions {
  readonly client: HttpClient;
  readonly ledger: Ledger;
  /** Tickets a second. */
  readonly rate: number;
  /** Requests that are not accepted yet, under way or waiting to be sent again, at once. */
  readonly mostPending: number;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** Accepted tickets that are not completed yet, but for those that an incident may hold. */
  readonly backlog: () => number;
  /** Called for every answer that accepts a ticket. */
  readonly onAccepted: (ticket: SentTicket, answer: TicketAnswer) => void;
  /** Called after each request with the number of tickets sent. */
  readonly onSent: (tickets: number) => void;
}

/** A client gives up tickets that are not accepted within this time, in milliseconds; the audits report them. */
const GIVE_UP_MS = 180_000;
/** With so many accepted tickets not completed yet, the senders pause: the workers are to fail under load, not under a backlog. */
const MOST_BACKLOG = 400;
/** Longest pause for the backlog, in milliseconds. */
const MOST_PAUSED_MS = 30_000;
/** Longest obeyed `Retry-After`: longer ones would only make the run longer. */
const MOST_RETRY_AFTER_MS = 2000;

/** Sends tickets at a steady rate, and again until each was accepted. */
export class Sender {
  private readonly underWay = new Set<Promise<void>>();
  private sent = 0;
  private stopped = false;

  constructor(private readonly options: SenderOptions) {}

  /** Sends everything. Resolves when every ticket is accepted or given up, and every repeat is answered. */
  async sendAll(requests: Iterable<PlannedRequest>): Promise<void> {
    const { rate, mostPending } = this.options;
    let due = performance.now();
    for (const request of requests) {
      while (this.underWay.size >= mostPending) await Promise.race(this.underWay);
      // A storm does not wait.
      if (request.storm === undefined) await this.waitForBacklog();
      if (this.stopped) break;
      const early = due - performance.now();
      if (early > 0) await sleep(early);
      // After a pause the rate catches up by one second at most.
      due = Math.max(due + (1000 * request.tickets.length) / rate, performance.now() - 1000);
      this.start(this.deliver(request));
      this.sent += request.tickets.length;
      this.options.onSent(this.sent);
    }
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  /** Sends nothing new, and gives up what is not accepted yet. */
  stop(): void {
    this.stopped = true;
  }

  private async waitForBacklog(): Promise<void> {
    const until = Date.now() + MOST_PAUSED_MS;
    while (this.options.backlog() > MOST_BACKLOG && Date.now() < until && !this.stopped) await sleep(50);
  }

  private start(work: Promise<void>): void {
    const task = work.finally(() => this.underWay.delete(task));
    this.underWay.add(task);
  }

  private async deliver({ tickets, againAfterMs }: PlannedRequest): Promise<void> {
    const { ledger, random } = this.options;
    for (const { id, text } of tickets) ledger.openEntry(id, text);
    if (againAfterMs !== undefined)
      this.start(sleep(againAfterMs).then(() => this.post(tickets).then(() => undefined)));
    const deadline = Date.now() + GIVE_UP_MS;
    let left = tickets;
    while (left.length > 0 && !this.stopped && Date.now() < deadline) {
      const { refused, retryAfterMs } = await this.post(left);
      left = refused;
      if (left.length > 0) await sleep(Math.min(retryAfterMs ?? 0, MOST_RETRY_AFTER_MS) + 50 + 250 * random());
    }
  }

  /** One request. @returns the tickets that are to be sent again */
  private async post(tickets: readonly SentTicket[]): Promise<{
    readonly refused: readonly SentTicket[];
    readonly retryAfterMs: number | undefined;
  }> {
    const { client, ledger, onAccepted } = this.options;
    const [only] = tickets;
    const answer =
      tickets.length === 1
        ? await client.send('POST', '/ticket', only)
        : await client.send('POST', '/tickets', tickets);
    const refused: SentTicket[] = [];
    readAnswers(answer, tickets.length).forEach((each, index) => {
      const ticket = tickets[index] as SentTicket;
      const { status, trouble, ticketStatus } = each;
      ledger.recordAnswer(ticket.id, {
        sentAt: answer.sentAt,
        waitedMs: answer.waitedMs,
        status,
        inBatch: tickets.length > 1,
        ...(trouble === undefined ? {} : { trouble }),
        ...(ticketStatus === undefined ? {} : { ticketStatus }),
      });
      if (status === 202 || status === 200) onAccepted(ticket, each);
      else refused.push(ticket);
    });
    return { refused, retryAfterMs: answer.retryAfterMs };
  }
}
