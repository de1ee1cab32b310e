/** Automatic mails of one sender that are taken within an hour. */
const MOST_AN_HOUR = 10;
const HOUR_MS = 60 * 60_000;

/** Senders that are remembered. Beyond them the one that wrote the longest ago is forgotten. */
const MOST_SENDERS = 10_000;

/**
 * Limits the automatic mails of one sender, so that two programs that answer one another fill no queue. Counted by the time at which the server received them, since this
 * process started.
 */
export class AutomaticMailLimit {
  private readonly taken = new Map<string, ReadonlyMap<string, number>>();

  /**
   * Whether the sender has reached the limit within the hour before this mail; otherwise it counts.
   * @param key - names the mail: one that is asked for again counts once
   */
  isReached(sender: string, key: string, receivedMs: number): boolean {
    const all = [...(this.taken.get(sender) ?? [])];
    const recent = new Map(all.filter(([, atMs]) => Math.abs(receivedMs - atMs) < HOUR_MS));
    if (recent.has(key)) return false;
    if (recent.size >= MOST_AN_HOUR) return true;
    this.taken.delete(sender);
    this.taken.set(sender, recent.set(key, receivedMs));
    const [oldest] = this.taken.keys();
    if (this.taken.size > MOST_SENDERS && oldest !== undefined) this.taken.delete(oldest);
    return false;
  }
}
