import type { TicketHistory } from './ticket-history';

/** How the id of an alert begins. */
const ALERT = 'ticket.urgent:';

/** An entry of the storm log that the audits understand. */
export type LoggedEntry = { readonly entryId: string; readonly atMs: number } & (
  | { readonly kind: 'arrived'; readonly ticketId: string; readonly receivedMs: number }
  | { readonly kind: 'resolved' | 'rejected'; readonly incidentId: string }
);

/** Everything that was written to one routing domain: lives of tickets, loads of agents, events raised, the storm log. */
export class DomainHistory {
  /** By id of the ticket. */
  readonly tickets = new Map<string, TicketHistory>();
  /** The most open tickets that each agent ever had. */
  readonly highestLoads = new Map<string, number>();
  /** How often each event was put into the outbox, by its id, for example `incident.opened:<incident>`. */
  readonly raised = new Map<string, number>();
  /** Entries of the storm log, in its order. */
  readonly stormLog: LoggedEntry[] = [];
  private readonly loads = new Map<string, number>();

  /** Reads the next write. @param name - the key, without the domain */
  read(command: string, name: string, words: readonly string[]): void {
    const ticketId = name.startsWith('ticket:') ? name.slice('ticket:'.length) : undefined;
    switch (command) {
      case 'HSET':
      case 'HMSET':
        if (ticketId !== undefined) this.readFields(ticketId, words);
        if (name === 'outbox:bodies') for (const id of pairs(words).keys()) this.readEvent(id);
        return;
      case 'HINCRBY':
        if (ticketId !== undefined && words[0] === 'stalls') this.history(ticketId).stalls += 1;
        if (name === 'agents:load') this.readLoad(words);
        return;
      case 'XADD':
        if (name === 'storm:log') this.readEntry(words);
    }
  }

  private readFields(id: string, words: readonly string[]): void {
    const fields = pairs(words);
    const history = this.history(id);
    const [status, resolution] = [fields.get('status'), fields.get('resolution')];
    if (status !== undefined)
      history.steps.push({ status, agent: fields.get('agent'), ...(resolution === undefined ? {} : { resolution }) });
    if (fields.has('token')) history.commits += 1;
  }

  private readEvent(id: string): void {
    this.raised.set(id, (this.raised.get(id) ?? 0) + 1);
    if (!id.startsWith(ALERT)) return;
    const history = this.history(id.slice(ALERT.length));
    history.alerts += 1;
    (history.alertsAfter ??= []).push(history.steps.length);
  }

  private readLoad([agent = '', by = '0']: readonly string[]): void {
    const load = (this.loads.get(agent) ?? 0) + Number(by);
    this.loads.set(agent, load);
    this.highestLoads.set(agent, Math.max(load, this.highestLoads.get(agent) ?? 0));
  }

  /** Values are cut after a length, so the JSON of an entry is read by its beginning; vectors come last in it. */
  private readEntry(words: readonly string[]): void {
    const place = words.findIndex((word) => /^\d+-\d+$/.test(word));
    const [entryId = '', json = ''] = [words[place], words[place + 2]];
    const at = { entryId, atMs: Number.parseInt(entryId, 10) };
    const { ticketId, receivedMs, kind, incidentId } =
      /^\{"kind":(?:"arrived","ticket_id":"(?<ticketId>[^"]+)","received_ms":(?<receivedMs>\d+)|"(?<kind>resolved|rejected)","incident_id":"(?<incidentId>[^"]+)")/.exec(
        json,
      )?.groups ?? {};
    if (ticketId !== undefined)
      this.stormLog.push({ ...at, kind: 'arrived', ticketId, receivedMs: Number(receivedMs) });
    if (incidentId !== undefined)
      this.stormLog.push({ ...at, kind: kind === 'resolved' ? 'resolved' : 'rejected', incidentId });
  }

  private history(id: string): TicketHistory {
    const known = this.tickets.get(id);
    if (known) return known;
    const history: TicketHistory = { steps: [], commits: 0, stalls: 0, alerts: 0 };
    this.tickets.set(id, history);
    return history;
  }
}

/** Every write to a store, in order, by routing domain. */
export class WriteHistory {
  private readonly domains = new Map<string, DomainHistory>();

  /** Reads the next write; a key outside every domain is skipped. */
  read([command = '', key = '', ...words]: readonly string[]): void {
    const end = key.indexOf('}:');
    if (key.startsWith('{') && end > 0)
      this.domain(key.slice(1, end)).read(command.toUpperCase(), key.slice(end + 2), words);
  }

  /** The history of the domain with a key prefix; an empty one if nothing was written there. */
  domain(prefix: string): DomainHistory {
    const known = this.domains.get(prefix);
    if (known) return known;
    const history = new DomainHistory();
    this.domains.set(prefix, history);
    return history;
  }
}

function pairs(words: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (let index = 0; index + 1 < words.length; index += 2) found.set(words[index] ?? '', words[index + 1] ?? '');
  return found;
}
