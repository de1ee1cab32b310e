import { MAX_URGENT_IN_A_ROW, type Lane as LaneName, type TimerClock } from '@smart-support/contracts';
import { Lane } from './lane';
import type { StoredTicket } from './stored-ticket';
import { WorkSignal } from './work-signal';

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
