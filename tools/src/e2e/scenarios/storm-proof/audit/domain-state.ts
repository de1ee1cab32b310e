/** A ticket as it is stored. */
export interface StateOfTicket {
  readonly status: string;
  readonly agent: string | undefined;
  readonly incident: string | undefined;
  readonly isDuplicate: boolean;
  readonly urgency: number | undefined;
  readonly resolution: string | undefined;
  /** The resolved incident of which it was a doubtful member, if it was queued again for that. */
  readonly released: string | undefined;
  /** How often its worker vanished. */
  readonly stalls: number;
  /** When it was decided about last, by the store's clock. */
  readonly decidedMs: number;
}

/** An entry of the storm log, without vectors. */
export interface LogLine {
  readonly id: string;
  readonly kind: string;
  readonly ticketId: string | undefined;
}

/** An incident as it is stored. */
export interface StateOfIncident {
  readonly id: string;
  readonly status: string;
  readonly members: readonly string[];
  /** Members that are doubtful. */
  readonly doubtful: readonly string[];
}

/** All of a routing domain that matters for storms. */
export interface DomainState {
  /** In the order of the log. */
  readonly log: readonly LogLine[];
  readonly tickets: ReadonlyMap<string, StateOfTicket>;
  readonly incidents: readonly StateOfIncident[];
  /** Open tickets of each agent. */
  readonly desks: ReadonlyMap<string, readonly string[]>;
  /** What is counted for each agent. */
  readonly loads: ReadonlyMap<string, number>;
  /** Tickets in line for an agent. */
  readonly lines: readonly string[];
  /** Tickets in queue, in work or put aside. */
  readonly unfinished: readonly string[];
  readonly dead: readonly string[];
  /** Tickets that count against the bound of the queue. */
  readonly counted: number;
  /** Ids of the events in the outbox, which nobody empties; or of those that were delivered. */
  readonly events: readonly string[];
}

/** The tickets that the log speaks of, of some, in its order. */
export function arrivedIn({ log }: DomainState, among: readonly string[]): readonly (LogLine & { ticketId: string })[] {
  const wanted = new Set(among);
  return log.flatMap((line) => {
    const { kind, ticketId } = line;
    return kind === 'arrived' && ticketId !== undefined && wanted.has(ticketId) ? [{ ...line, ticketId }] : [];
  });
}

/** When an entry was written, by the store's clock. */
export function writtenMs({ id }: LogLine): number {
  return Number(id.split('-')[0]);
}
