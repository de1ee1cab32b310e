import type { StatusLine } from '../../../harness/app-log';

/** Tickets by status, from the changes of their statuses so far. */
export class Tally {
  private readonly statusOf = new Map<string, string>();
  private readonly counts = new Map<string, number>();
  private readonly everQueued = new Set<string>();
  private readonly everRouted = new Set<string>();

  /** Counts the next change. */
  countChange({ ticketId, status }: Pick<StatusLine, 'ticketId' | 'status'>): void {
    const before = this.statusOf.get(ticketId);
    const isFirstQueued = status === 'queued' && !this.everQueued.has(ticketId);
    if (status === 'queued') this.everQueued.add(ticketId);
    // A worker may log its claim before the gateway logs that it accepted the ticket.
    if (isFirstQueued && before !== undefined) return;
    if (before !== undefined) this.counts.set(before, this.count(before) - 1);
    this.statusOf.set(ticketId, status);
    this.counts.set(status, this.count(status) + 1);
    if (status === 'assigned') this.everRouted.add(ticketId);
  }

  /** Tickets with a status now. */
  count(status: string): number {
    return this.counts.get(status) ?? 0;
  }

  /** Tickets that were ever given to an agent. */
  get routed(): number {
    return this.everRouted.size;
  }
}
