const DAY_MS = 86_400_000;

/** Days of a month, as far as false alarms are counted by it. */
const DAYS = 30;

/** How many tickets came within the last 30 days, to the day. */
export class MonthlyCount {
  private readonly days = new Map<number, number>();

  /** One more. @param atMs - in milliseconds since 1970 */
  add(atMs: number): void {
    const day = Math.floor(atMs / DAY_MS);
    this.days.set(day, (this.days.get(day) ?? 0) + 1);
    for (const known of this.days.keys()) if (known <= day - DAYS) this.days.delete(known);
  }

  /** The sum of the last 30 days, today included. */
  at(nowMs: number): number {
    const today = Math.floor(nowMs / DAY_MS);
    let sum = 0;
    for (const [day, count] of this.days) if (day > today - DAYS && day <= today) sum += count;
    return sum;
  }

  /** To be kept elsewhere. */
  entries(): (readonly [day: number, count: number])[] {
    return [...this.days];
  }

  /** Goes on from what was kept. */
  restore(entries: readonly (readonly [day: number, count: number])[]): void {
    for (const [day, count] of entries) this.days.set(day, (this.days.get(day) ?? 0) + count);
  }
}
