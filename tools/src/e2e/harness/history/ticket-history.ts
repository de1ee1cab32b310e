import { type TicketStatus, TICKET_STATUSES, ticketMayBecome } from '@smart-support/contracts';

/** How the id of an alert begins. */
const ALERT = 'ticket.urgent:';

/** A status that the shared store was told of, and the agent that was written down in the same moment. */
export interface HistoryStep {
  readonly status: string;
  readonly agent: string | undefined;
  /** Who completed it, if that was written down in the same moment. */
  readonly resolution?: string;
}

/** What happened to one ticket in the shared store. */
export interface TicketHistory {
  readonly steps: HistoryStep[];
  /** Decisions committed. */
  commits: number;
  /** Times that its worker vanished. */
  stalls: number;
  /** Alerts put into the outbox. */
  alerts: number;
  /** How many steps there were before each of them. */
  alertsAfter?: number[];
}

/** The lives of all tickets, from the writes of the shared store: nothing happened that does not stand here. */
export class TicketHistories {
  private readonly histories = new Map<string, TicketHistory>();
  private readonly loads = new Map<string, number>();
  private readonly highest = new Map<string, number>();
  private readonly ticketKey: string;
  private readonly loadKey: string;
  private readonly bodiesKey: string;

  /** @param domain - beginning of every key, for example `{smart-support}:` */
  constructor(domain: string) {
    this.ticketKey = `${domain}ticket:`;
    this.loadKey = `${domain}agents:load`;
    this.bodiesKey = `${domain}outbox:bodies`;
  }

  /** By id of the ticket. */
  get tickets(): ReadonlyMap<string, TicketHistory> {
    return this.histories;
  }

  /** The most tickets that each agent ever had at once. */
  get highestLoads(): ReadonlyMap<string, number> {
    return this.highest;
  }

  /** Takes the next write. */
  read([name = '', key = '', ...words]: readonly string[]): void {
    const command = name.toUpperCase();
    if (command === 'HSET' || command === 'HMSET') {
      if (key.startsWith(this.ticketKey)) this.readFields(key.slice(this.ticketKey.length), words);
      if (key === this.bodiesKey) this.readAlerts(words);
    }
    if (command === 'HINCRBY') this.readCounter(key, words);
  }

  private readFields(id: string, words: readonly string[]): void {
    const fields = pairs(words);
    const history = this.of(id);
    const status = fields.get('status');
    const resolution = fields.get('resolution');
    if (status !== undefined) {
      history.steps.push({ status, agent: fields.get('agent'), ...(resolution === undefined ? {} : { resolution }) });
    }
    if (fields.has('token')) history.commits += 1;
  }

  private readAlerts(words: readonly string[]): void {
    for (const id of pairs(words).keys()) {
      if (!id.startsWith(ALERT)) continue;
      const ticket = id.slice(id.indexOf(':') + 1);
      const history = this.of(ticket);
      history.alerts += 1;
      (history.alertsAfter ??= []).push(history.steps.length);
    }
  }

  private readCounter(key: string, [field = '', by = '0']: readonly string[]): void {
    if (key.startsWith(this.ticketKey) && field === 'stalls') this.of(key.slice(this.ticketKey.length)).stalls += 1;
    if (key !== this.loadKey) return;
    const load = (this.loads.get(field) ?? 0) + Number(by);
    this.loads.set(field, load);
    this.highest.set(field, Math.max(load, this.highest.get(field) ?? 0));
  }

  private of(id: string): TicketHistory {
    const known = this.histories.get(id);
    if (known) return known;
    const history: TicketHistory = { steps: [], commits: 0, stalls: 0, alerts: 0 };
    this.histories.set(id, history);
    return history;
  }
}

/** How often a ticket was given to an agent. */
export function timesAssigned({ steps }: TicketHistory): number {
  return steps.filter(({ status }) => status === 'assigned').length;
}

/** How often it got a status. */
export function timesInStatus({ steps }: TicketHistory, wanted: string): number {
  return steps.filter(({ status }) => status === wanted).length;
}

/** Whether the ticket came in from a gateway that had answered in-process: its life in the store does not begin in the queue. */
export function wasAdopted({ steps }: TicketHistory): boolean {
  return steps[0] !== undefined && steps[0].status !== 'queued';
}

/** The first change of status that the life table does not allow, for example `completed -> assigned`. */
export function forbiddenStep(history: TicketHistory): string | undefined {
  const { steps } = history;
  for (let index = 1; index < steps.length; index += 1) {
    const [from, to] = [steps[index - 1]?.status ?? '', steps[index]?.status ?? ''];
    // A ticket that is adopted is written down as it was, and then put in line or buried anew.
    const asAdopted = index === 1 && wasAdopted(history) && (from === to || (from === 'assigned' && to === 'waiting'));
    // A commit that finds the incident resolved suppresses and completes in one step.
    const atOnce = from === 'processing' && to === 'completed' && steps[index]?.resolution === 'incident';
    if (!asAdopted && !atOnce && !(isStatus(from) && isStatus(to) && ticketMayBecome(from, to)))
      return `${from} -> ${to}`;
  }
  return undefined;
}

function isStatus(text: string): text is TicketStatus {
  return (TICKET_STATUSES as readonly string[]).includes(text);
}

function pairs(words: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (let index = 0; index + 1 < words.length; index += 2) found.set(words[index] ?? '', words[index + 1] ?? '');
  return found;
}
