import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpClient } from './http-client';

/** What {@link Agents} work with. */
export interface AgentsOptions {
  readonly client: HttpClient;
  /** What is on the agents' desks, as the shared store has it now; rejects while it is away. */
  readonly openTickets: () => Promise<readonly string[]>;
  /** How long an agent takes for the next ticket, in milliseconds. */
  readonly workMs: () => number;
  /** Share of the tickets that are completed twice, and share of those completed with corrections. */
  readonly twiceShare: number;
  readonly correctedShare: number;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** Told of every ticket that is completed, once. */
  readonly onCompleted?: (ticketId: string) => void;
}

/** How often the agents look at their desks, in milliseconds. */
const LOOK_MS = 150;

/** A completed ticket that is still on a desk after so many looks was not completed for good: no view of a desk is that old. */
const LOOKS_UNTIL_OPEN_AGAIN = 100;

/** The agents, played by the tool: they see what they were given and complete it over HTTP, again and again until it is done. */
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

  /** Tickets that somebody works on now. */
  get inFlightCount(): number {
    return this.inFlight.size;
  }

  /** Tickets for which an agent got an answer that no agent should get, and its HTTP status. */
  get unexpectedAnswers(): ReadonlyMap<string, number> {
    return this.unexpected;
  }

  /** Tickets whose completion was answered with 200, and that were on a desk again afterwards. */
  get undoneCompletions(): ReadonlySet<string> {
    return this.undone;
  }

  /** Begins to look at the desks. */
  start(): void {
    this.polling = this.pollOpenTickets();
  }

  /** Looks no more. What is in flight is dropped. */
  async stop(): Promise<void> {
    this.isStopped = true;
    await this.polling;
  }

  /** Puts a ticket on the desk of an agent who heard of it in another way. */
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
        // The store is away: the desks cannot be seen.
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
      // Not known (404): a gateway on its own memory cannot see the store, and has not handed over yet.
      if (![0, 404, 503].includes(status)) this.unexpected.set(ticketId, status);
      await sleep(200 + 300 * this.options.random());
    }
  }
}
