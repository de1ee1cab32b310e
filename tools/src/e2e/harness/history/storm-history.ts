/** An entry of the storm log that the audit understands. */
export type LoggedEntry = { readonly entryId: string; readonly atMs: number } & (
  | { readonly kind: 'arrived'; readonly ticketId: string; readonly receivedMs: number }
  | { readonly kind: 'resolved' | 'rejected'; readonly incidentId: string }
);

/** What was written about storms, from the writes of the shared store: the log, and what subscribers were to be told. */
export class StormHistory {
  /** In the order of the log. */
  readonly entries: LoggedEntry[] = [];
  /** How often each event of an incident was put into the outbox, by its id, for example `incident.opened:<incident>`. */
  readonly raised = new Map<string, number>();
  private readonly logKey: string;
  private readonly bodiesKey: string;

  /** @param domain - beginning of every key, for example `{smart-support}:` */
  constructor(domain: string) {
    this.logKey = `${domain}storm:log`;
    this.bodiesKey = `${domain}outbox:bodies`;
  }

  /** Takes the next write. Of an entry only the beginning is needed: what comes first is not the vectors. */
  read([name = '', key = '', ...words]: readonly string[]): void {
    const command = name.toUpperCase();
    if (command === 'XADD' && key === this.logKey) this.readEntry(words);
    if ((command !== 'HSET' && command !== 'HMSET') || key !== this.bodiesKey) return;
    for (let index = 0; index < words.length; index += 2) {
      const event = words[index] ?? '';
      if (event.startsWith('incident.')) this.raised.set(event, (this.raised.get(event) ?? 0) + 1);
    }
  }

  private readEntry(words: readonly string[]): void {
    const place = words.findIndex((word) => /^\d+-\d+$/.test(word));
    const entryId = words[place] ?? '';
    const json = words[place + 2] ?? '';
    const at = { entryId, atMs: Number.parseInt(entryId, 10) };
    const arrived = /^\{"kind":"arrived","ticket_id":"(?<ticketId>[^"]+)","received_ms":(?<receivedMs>\d+)/.exec(
      json,
    )?.groups;
    if (arrived) {
      const { ticketId = '', receivedMs } = arrived;
      this.entries.push({ ...at, kind: 'arrived', ticketId, receivedMs: Number(receivedMs) });
    }
    const ended = /^\{"kind":"(?<kind>resolved|rejected)","incident_id":"(?<incidentId>[^"]+)"/.exec(json)?.groups;
    if (ended) {
      const { kind, incidentId = '' } = ended;
      this.entries.push({ ...at, kind: kind === 'resolved' ? 'resolved' : 'rejected', incidentId });
    }
  }
}
