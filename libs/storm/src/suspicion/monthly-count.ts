const DAY_MS = 86_400_000;

/** Days of a month, as far as false alarms are counted by it. */
const DAYS = 30;

/** How many tickets come in a month, by the last 30 days. */
export class MonthlyCount {
  private readonly days = new Map<number, number>();

  /** One more. @param atMs - in milliseconds since 1970 */
  add(atMs: number): void {
    const day = Math.floor(atMs / DAY_MS);
    this.days.set(day, (this.days.get(day) ?? 0) + 1);
    for (const known of this.days.keys()) if (known <= day - DAYS) this.days.delete(known);
  }

  /**
   * The tickets of the last 30 days, today included; where fewer days are known, as many as thirty such days would bring.
   * @param nowMs - in milliseconds since 1970
   */
  at(nowMs: number): number {
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

  /** To be kept elsewhere. */
  entries(): (readonly [day: number, count: number])[] {
    return [...this.days];
  }

  /** Goes on from what was kept. */
  restore(entries: readonly (readonly [day: number, count: number])[]): void {
    for (const [day, count] of entries) this.days.set(day, (this.days.get(day) ?? 0) + count);
  }
}
