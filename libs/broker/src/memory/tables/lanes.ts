import { type Lane as LaneName, MAX_URGENT_IN_A_ROW, type TimerClock } from '@smart-support/contracts';
import { LinkedList } from './linked-list';
import { PriorityQueue } from './priority-queue';
import type { StoredTicket } from './stored-ticket';
import { WorkSignal } from './work-signal';

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

/** The two lanes of the queue, and the order between them. */
export class Lanes {
  private readonly lanes: Record<LaneName, Lane>;
  private readonly signal: WorkSignal;
  private urgentInARow = 0;

  constructor(private readonly clock: TimerClock) {
    const notify = (): void => this.signal.notify();
    this.lanes = { urgent: new Lane(notify), normal: new Lane(notify) };
    this.signal = new WorkSignal(clock, () => this.ready());
  }

  /** The lane that was chosen when the ticket was accepted. */
  laneOf(stored: StoredTicket): Lane {
    return this.lanes[stored.record.explanation.lane.name];
  }

  /** Removes the next ticket that can be claimed, if there is one. */
  dequeue(): StoredTicket | undefined {
    const now = this.clock.monotonic();
    const urgent = this.lanes.urgent.peek(now);
    const normal = this.lanes.normal.peek(now);
    const normalGoesFirst = normal !== undefined && this.urgentInARow >= MAX_URGENT_IN_A_ROW;
    const next = normalGoesFirst ? normal : (urgent ?? normal);
    if (!next) return undefined;
    this.urgentInARow = next === urgent ? this.urgentInARow + 1 : 0;
    this.laneOf(next).remove(next);
    return next;
  }

  /**
   * Resolves when there may be a ticket to claim, at the latest after `timeoutMs`. A delayed ticket that becomes due ends no
   * wait.
   */
  waitForTicket(timeoutMs: number): Promise<void> {
    return this.signal.wait(timeoutMs);
  }

  /** Ends all waits. */
  close(): void {
    this.signal.close();
  }

  /** Tickets in each lane, delayed ones included. */
  sizes(): Record<LaneName, number> {
    return { urgent: this.lanes.urgent.size, normal: this.lanes.normal.size };
  }

  /** Age of the oldest queued ticket in milliseconds; `null` if there is none. */
  oldestAgeMs(): number | null {
    const received = [this.lanes.urgent, this.lanes.normal]
      .map((lane) => lane.oldestReceivedMs())
      .filter((ms) => ms !== undefined);
    return received.length > 0 ? Math.max(0, this.clock.now() - Math.min(...received)) : null;
  }

  private ready(): number {
    const now = this.clock.monotonic();
    return this.lanes.urgent.ready(now) + this.lanes.normal.ready(now);
  }
}
