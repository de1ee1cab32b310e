import { LinkedList } from './linked-list';
import { PriorityQueue } from './priority-queue';
import type { StoredTicket } from './stored-ticket';

/**
 * One lane of queued tickets: first those requeued to the front, then delayed ones that are due, then the others in order of
 * arrival.
 */
export class Lane {
  private readonly arrivals = new LinkedList<StoredTicket>();
  private readonly front = new LinkedList<StoredTicket>();
  /** Ordered by the time at which they are due. */
  private readonly delayed = new PriorityQueue<StoredTicket>();
  /** Tickets that were queued before, oldest first. The age of all others follows from the order of `arrivals`. */
  private readonly requeuedByAge = new PriorityQueue<StoredTicket>();

  /** @param onReady - called whenever one more ticket can be claimed */
  constructor(private readonly onReady: () => void) {}

  get size(): number {
    return this.arrivals.size + this.front.size + this.delayed.size;
  }

  /** How many tickets can be claimed now, counting at most one of the delayed ones that are due. */
  ready(now: number): number {
    const retry = this.delayed.peek();
    return this.arrivals.size + this.front.size + (retry && retry.key <= now ? 1 : 0);
  }

  /** Adds a new ticket at the end. */
  append(stored: StoredTicket): void {
    this.arrivals.append(stored);
    this.onReady();
  }

  /** Adds a ticket that was queued before at the end. */
  appendRequeued(stored: StoredTicket): void {
    this.trackAge(stored);
    this.append(stored);
  }

  /** Adds a ticket that was queued before at the front. */
  prependRequeued(stored: StoredTicket): void {
    this.front.prepend(stored);
    this.trackAge(stored);
    this.onReady();
  }

  /** Adds a ticket that cannot be claimed before `dueAt`, in monotonic milliseconds. */
  delayUntil(stored: StoredTicket, dueAt: number): void {
    this.delayed.insert(stored.id, dueAt, stored);
    this.trackAge(stored);
  }

  /** The ticket to claim next, without removing it; `undefined` if there is none, or none is due. */
  peek(now: number): StoredTicket | undefined {
    if (this.front.first) return this.front.first;
    const retry = this.delayed.peek();
    if (retry && retry.key <= now) return retry.value;
    return this.arrivals.first ?? undefined;
  }

  /** Removes a ticket from any place of the lane. */
  remove(stored: StoredTicket): void {
    if (!this.delayed.remove(stored.id)) {
      const list = stored.list === this.front ? this.front : this.arrivals;
      list.remove(stored);
    }
    this.requeuedByAge.remove(stored.id);
  }

  /** Arrival of the oldest ticket in milliseconds since 1970; `undefined` if the lane is empty. */
  oldestReceivedMs(): number | undefined {
    const ages = [this.requeuedByAge.peek()?.key, this.arrivals.first?.receivedMs].filter((age) => age !== undefined);
    return ages.length > 0 ? Math.min(...ages) : undefined;
  }

  private trackAge(stored: StoredTicket): void {
    this.requeuedByAge.insert(stored.id, stored.receivedMs, stored);
  }
}
