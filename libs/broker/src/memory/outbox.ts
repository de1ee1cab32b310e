import type { Clock, OutboxEntry } from '@smart-support/contracts';
import { type ByteBudget, eventBytes } from './byte-budget';
import { PriorityQueue } from './priority-queue';

/** Events still to be delivered. Nothing bounds them but the tickets and incidents that they are about; their bytes leave less room for new tickets. */
export class MemoryOutbox {
  /** By the moment at which they are due. */
  private readonly entries = new PriorityQueue<OutboxEntry>();

  constructor(
    private readonly clock: Clock,
    private readonly budget: ByteBudget,
  ) {}

  get size(): number {
    return this.entries.size;
  }

  /**
   * Adds an event that is due at once. If one with this id is still here, it stays: receivers would take the second for
   * a repeat.
   */
  add(id: string, body: string, createdAt: string): void {
    if (this.entries.get(id)) return;
    this.budget.take(eventBytes(id, body));
    this.entries.add(id, this.clock.monotonic(), { id, body, attempts: 0, created_at: createdAt });
  }

  /** Takes up to `limit` entries that are due, the one due for longest first; they are due again after `leaseMs`. */
  claim(limit: number, leaseMs: number): OutboxEntry[] {
    const now = this.clock.monotonic();
    const claimed: OutboxEntry[] = [];
    for (
      let first = this.entries.peek();
      first && first.key <= now && claimed.length < limit;
      first = this.entries.peek()
    ) {
      this.entries.remove(first.id);
      claimed.push(first.value);
    }
    for (const entry of claimed) this.entries.add(entry.id, now + leaseMs, entry);
    return claimed;
  }

  /** An entry, if it is here. */
  find(id: string): OutboxEntry | undefined {
    return this.entries.get(id);
  }

  /** Forgets an entry, if it is here. */
  acknowledge(id: string): void {
    const entry = this.entries.remove(id);
    if (entry) this.budget.giveBack(eventBytes(id, entry.body));
  }

  /** Notes how many tries there were and lets the entry rest, if it is here. */
  retryLater(id: string, attempts: number, delayMs: number): void {
    const entry = this.entries.remove(id);
    if (!entry) return;
    this.entries.add(id, this.clock.monotonic() + delayMs, { ...entry, attempts });
  }
}
