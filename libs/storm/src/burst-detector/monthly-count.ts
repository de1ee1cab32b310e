import { DAY_MS } from '../rules';

/** Days of a month, for the bound on false alarms. */
const DAYS = 30;

/** Estimates the number of tickets a month from the last 30 days. */
export class MonthlyCount {
  private readonly days = new Map<number, number>();

  /** Counts a ticket. @param atMs - in milliseconds since 1970 */
  countTicket(atMs: number): void {
    const day = Math.floor(atMs / DAY_MS);
    this.days.set(day, (this.days.get(day) ?? 0) + 1);
    for (const known of this.days.keys()) if (known <= day - DAYS) this.days.delete(known);
  }

  /**
   * Tickets of the last 30 days, today included; extrapolated to 30 days where fewer are known.
   * @param nowMs - in milliseconds since 1970
   */
  ticketsPerMonth(nowMs: number): number {
    const today = Math.floor(nowMs / DAY_MS);
    let sum = 0;
    let first = today;
    for (const [day, count] of this.days) {
      if (day <= today - DAYS || day > today) continue;
      sum += count;
      first = Math.min(first, day);
    }
    return (sum * DAYS) / (today - first + 1);
  }

  /** The counts, for a snapshot. */
  entries(): (readonly [day: number, count: number])[] {
    return [...this.days];
  }

  /** Adds the counts of a snapshot. */
  restore(entries: readonly (readonly [day: number, count: number])[]): void {
    for (const [day, count] of entries) this.days.set(day, (this.days.get(day) ?? 0) + count);
  }
}
