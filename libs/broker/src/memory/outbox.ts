import type { Clock, EventQueue, Outbox, OutboxEntry } from '@smart-support/contracts';
import { type ByteBudget, eventBytes } from './tables/byte-budget';
import { PriorityQueue } from './tables/priority-queue';

/** Events on their way to one receiver, in memory. Their number has no bound of its own; their bytes leave less space for new tickets. */
class MemoryEventQueue implements EventQueue {
  /** Ordered by the time at which they are due. */
  private readonly entries = new PriorityQueue<OutboxEntry>();

  constructor(
    protected readonly clock: Clock,
    protected readonly budget: ByteBudget,
  ) {}

  get size(): number {
    return this.entries.size;
  }

  /** Adds an event that is due at once. An undelivered event with the same id stays: receivers would drop the second as a repeat. */
  addEvent(id: string, body: string, createdAt: string): void {
    if (this.entries.get(id)) return;
    this.budget.reserve(eventBytes(id, body));
    this.entries.insert(id, this.clock.monotonic(), { id, body, attempts: 0, created_at: createdAt });
  }

  /** An undelivered event. */
  findEvent(id: string): OutboxEntry | undefined {
    return this.entries.get(id);
  }

  /** Drops an event, if it is here. */
  removeEvent(id: string): void {
    const entry = this.entries.remove(id);
    if (entry) this.budget.free(eventBytes(id, entry.body));
  }

  /** See {@link EventQueue}. */
  async claim(limit: number, leaseMs: number): Promise<OutboxEntry[]> {
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
    for (const entry of claimed) this.entries.insert(entry.id, now + leaseMs, entry);
    return claimed;
  }

  /** See {@link EventQueue}. */
  async acknowledge(id: string): Promise<void> {
    this.removeEvent(id);
  }

  /** See {@link EventQueue}. */
  async retryLater(id: string, attempts: number, delayMs: number): Promise<void> {
    const entry = this.entries.remove(id);
    if (entry) this.entries.insert(id, this.clock.monotonic() + delayMs, { ...entry, attempts });
  }
}

/** Events to be delivered, in memory. */
export class MemoryOutbox extends MemoryEventQueue implements Outbox {
  private readonly endpoints = new Map<string, MemoryEventQueue>();

  /** See {@link Outbox}. */
  endpoint(id: string): MemoryEventQueue {
    const known = this.endpoints.get(id) ?? new MemoryEventQueue(this.clock, this.budget);
    this.endpoints.set(id, known);
    return known;
  }

  /** See {@link Outbox}. */
  async emit(id: string, body: string): Promise<void> {
    this.addEvent(id, body, new Date(this.clock.now()).toISOString());
  }

  /** See {@link Outbox}. */
  async fanOut(id: string, endpoints: readonly string[]): Promise<void> {
    const entry = this.findEvent(id);
    if (!entry) return;
    for (const endpoint of endpoints) this.endpoint(endpoint).addEvent(id, entry.body, entry.created_at);
    this.removeEvent(id);
  }
}
