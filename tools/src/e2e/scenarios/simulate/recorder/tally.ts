import type { StatusLine } from '../../../harness/app-log';

/** How many tickets stand where, from the changes of their statuses so far. */
export class Tally {
  private readonly statusOf = new Map<string, string>();
  private readonly counts = new Map<string, number>();
  private readonly everQueued = new Set<string>();
  private readonly everRouted = new Set<string>();

  /** Takes the next change. */
  take({ ticketId, status }: Pick<StatusLine, 'ticketId' | 'status'>): void {
    const before = this.statusOf.get(ticketId);
    const isFirstQueued = status === 'queued' && !this.everQueued.has(ticketId);
    if (status === 'queued') this.everQueued.add(ticketId);
    // A worker may be faster than the gateway is to note that it has accepted the ticket.
    if (isFirstQueued && before !== undefined) return;
    if (before !== undefined) this.counts.set(before, this.count(before) - 1);
    this.statusOf.set(ticketId, status);
    this.counts.set(status, this.count(status) + 1);
    if (status === 'assigned') this.everRouted.add(ticketId);
  }

  /** Tickets that stand there now. */
  count(status: string): number {
    return this.counts.get(status) ?? 0;
  }

  /** Tickets that ever were given to an agent. */
  get routed(): number {
    return this.everRouted.size;
  }
}
