import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpClient } from './http-client';

/** What {@link Agents} work with. */
export interface AgentsOptions {
  readonly client: HttpClient;
  /** The agents' open tickets in the shared store; rejects while it is down. */
  readonly openTickets: () => Promise<readonly string[]>;
  /** How long an agent takes for the next ticket, in milliseconds. */
  readonly workMs: () => number;
  /** Share of the tickets that are completed twice, and share of those completed with corrections. */
  readonly twiceShare: number;
  readonly correctedShare: number;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** Called once for every completed ticket. */
  readonly onCompleted?: (ticketId: string) => void;
}

/** Milliseconds between two reads of the open tickets. */
const LOOK_MS = 150;

/** After so many reads a completed ticket that is still open counts as undone: no read is that old. */
const LOOKS_UNTIL_OPEN_AGAIN = 100;

/** Plays the agents: reads their open tickets and completes each over HTTP, with retries until it succeeds. */
export class Agents {
  private readonly inFlight = new Set<string>();
  private readonly done = new Set<string>();
  private readonly unexpected = new Map<string, number>();
  private readonly stillOpen = new Map<string, number>();
  private readonly undone = new Set<string>();
  private isStopped = false;
  private polling: Promise<void> | undefined;

  constructor(private readonly options: AgentsOptions) {}

  /** Tickets completed so far. */
  get completedCount(): number {
    return this.done.size;
  }

  /** Tickets whose completion is in flight. */
  get inFlightCount(): number {
    return this.inFlight.size;
  }

  /** Tickets for which an agent got an unexpected answer, and its HTTP status. */
  get unexpectedAnswers(): ReadonlyMap<string, number> {
    return this.unexpected;
  }

  /** Tickets whose completion was answered with 200, and that were open again afterwards. */
  get undoneCompletions(): ReadonlySet<string> {
    return this.undone;
  }

  /** Begins to read the open tickets. */
  start(): void {
    this.polling = this.pollOpenTickets();
  }

  /** Stops. Completions in flight are dropped. */
  async stop(): Promise<void> {
    this.isStopped = true;
    await this.polling;
  }

  /** Completes a ticket that the store does not list yet. */
  workOn(ticketId: string): void {
    if (this.inFlight.has(ticketId) || (this.done.has(ticketId) && !this.isOpenAgain(ticketId))) return;
    this.inFlight.add(ticketId);
    void this.completeAfterWork(ticketId).finally(() => this.inFlight.delete(ticketId));
  }

  private isOpenAgain(ticketId: string): boolean {
    const looks = (this.stillOpen.get(ticketId) ?? 0) + 1;
    this.stillOpen.set(ticketId, looks);
    if (looks < LOOKS_UNTIL_OPEN_AGAIN) return false;
    this.stillOpen.delete(ticketId);
    this.undone.add(ticketId);
    return true;
  }

  private async pollOpenTickets(): Promise<void> {
    while (!this.isStopped) {
      try {
        for (const ticketId of await this.options.openTickets()) this.workOn(ticketId);
      } catch {
        // The store is down.
      }
      await sleep(LOOK_MS);
    }
  }

  private async completeAfterWork(ticketId: string): Promise<void> {
    const { random, twiceShare, correctedShare, workMs } = this.options;
    const corrections = random() < correctedShare ? { category: 'Billing', urgency_score: 0.5 } : {};
    const twice = random() < twiceShare;
    await sleep(workMs());
    const tries = twice ? [this.complete(ticketId, corrections), this.complete(ticketId, corrections)] : [];
    await Promise.all(tries.length > 0 ? tries : [this.complete(ticketId, corrections)]);
  }

  private async complete(ticketId: string, corrections: object): Promise<void> {
    while (!this.isStopped) {
      const { status } = await this.options.client.send(
        'POST',
        `/tickets/${encodeURIComponent(ticketId)}/complete`,
        corrections,
      );
      if (status === 200) {
        if (!this.done.has(ticketId)) this.options.onCompleted?.(ticketId);
        this.done.add(ticketId);
        return;
      }
      // Not known (404): a gateway in sync mode does not see the store, or has not handed the ticket over.
      if (![0, 404, 503].includes(status)) this.unexpected.set(ticketId, status);
      await sleep(200 + 300 * this.options.random());
    }
  }
}
