import { MAX_URGENT_IN_A_ROW, type Lane as LaneName, type TimerClock } from '@smart-support/contracts';
import { Lane } from './lane';
import type { StoredTicket } from './stored-ticket';
import { WorkSignal } from './work-signal';

/** The queue's two lanes and the rule that decides between them. */
export class Lanes {
  private readonly lanes: Record<LaneName, Lane>;
  private readonly bell: WorkSignal;
  private urgentInARow = 0;

  constructor(private readonly clock: TimerClock) {
    const ring = (): void => this.bell.notify();
    this.lanes = { urgent: new Lane(ring), normal: new Lane(ring) };
    this.bell = new WorkSignal(clock, () => this.ready());
  }

  /** The lane a ticket was given at the door. */
  of(stored: StoredTicket): Lane {
    return this.lanes[stored.record.explanation.lane.name];
  }

  /** Takes the ticket whose turn it is, if any can be taken now. */
  takeNext(): StoredTicket | undefined {
    const now = this.clock.monotonic();
    const urgent = this.lanes.urgent.next(now);
    const normal = this.lanes.normal.next(now);
    const normalGoesFirst = normal !== undefined && this.urgentInARow >= MAX_URGENT_IN_A_ROW;
    const next = normalGoesFirst ? normal : (urgent ?? normal);
    if (!next) return undefined;
    this.urgentInARow = next === urgent ? this.urgentInARow + 1 : 0;
    this.of(next).remove(next);
    return next;
  }

  /**
   * Resolves when there may be a ticket to take, at the latest after `timeoutMs`. One that rests before its retry wakes
   * nobody.
   */
  waitForNext(timeoutMs: number): Promise<void> {
    return this.bell.wait(timeoutMs);
  }

  /** Lets nobody wait any longer. */
  close(): void {
    this.bell.close();
  }

  /** How many tickets each lane holds, those that rest before a retry included. */
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
