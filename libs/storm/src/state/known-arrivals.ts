import type { Arrival } from './arrival';

/** Known arrivals in the order of the log, and by ticket. Not a `Map` alone, because its iterators step over the slots of all deleted entries. */
export class KnownArrivals {
  private readonly byTicket = new Map<string, Arrival>();
  private queue: (Arrival | undefined)[] = [];
  /** Place of the oldest arrival in the queue. */
  private head = 0;

  /** The first arrival in the order of the log. */
  get oldest(): Arrival | undefined {
    return this.queue[this.head];
  }

  /** How many arrivals are known. */
  get size(): number {
    return this.byTicket.size;
  }

  /** The arrival of a ticket. */
  get(ticketId: string): Arrival | undefined {
    return this.byTicket.get(ticketId);
  }

  /** Whether the arrival of a ticket is known. */
  has(ticketId: string): boolean {
    return this.byTicket.has(ticketId);
  }

  /** Appends an arrival; its number is that of the latest one plus 1. */
  append(arrival: Arrival): void {
    this.queue.push(arrival);
    this.byTicket.set(arrival.ticketId, arrival);
  }

  /** Removes the oldest arrival, if there is one. */
  removeOldest(): void {
    const { oldest } = this;
    if (!oldest) return;
    this.byTicket.delete(oldest.ticketId);
    this.queue[this.head] = undefined;
    this.head += 1;
    if (2 * this.head < this.queue.length) return;
    this.queue = this.queue.slice(this.head);
    this.head = 0;
  }

  /** Arrivals with a number above a given one, in the order of the log; those appended during the iteration included. */
  *after(number: number): Generator<Arrival> {
    for (let next = number + 1, { oldest } = this; oldest; { oldest } = this) {
      const arrival = this.queue[this.head + Math.max(0, next - oldest.number)];
      if (!arrival) return;
      yield arrival;
      next = arrival.number + 1;
    }
  }

  /** All known arrivals, in the order of the log. */
  [Symbol.iterator](): Generator<Arrival> {
    return this.after(0);
  }
}
