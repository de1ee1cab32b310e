/** The record of a ticket in the shared store. */
export interface StoredTicket {
  readonly status: string;
  readonly agent: string | undefined;
  readonly urgency: number | undefined;
  readonly errorCode: string | undefined;
  readonly errorMessage: string | undefined;
  /** Who completed it: `agent` or `incident`. */
  readonly resolution: string | undefined;
  /** The incident that it is marked as a member of. */
  readonly incident: string | undefined;
  /** The resolved incident of which it was a doubtful member, if it was queued again for that. */
  readonly released: string | undefined;
  /** Whether it is marked as a member other than the representative. */
  readonly isDuplicate: boolean;
  /** When a gateway received it, in milliseconds since 1970. */
  readonly receivedMs: number;
  /** When it was last given an agent or a place in line, by the store's clock, in milliseconds since 1970; `NaN` if never. */
  readonly decidedMs: number;
}

/** The keys of an incident in the shared store. */
export interface StoredIncident {
  readonly status: string;
  /** Whether it ever was more than suspected. */
  readonly wasOpened: boolean;
  readonly representative: string;
  readonly members: readonly string[];
  /** Members that are doubtful. */
  readonly doubtful: readonly string[];
  /** Tickets of which is noted how they joined. */
  readonly similarity: readonly string[];
  /** Members by requester. */
  readonly requesters: ReadonlyMap<string, number>;
  /** Members whose category is counted, and the sum of these counts. */
  readonly counted: readonly string[];
  readonly byCategory: number;
  readonly unsettled: readonly string[];
}

/** The state of a routing domain in the shared store. */
export interface StoreState {
  readonly tickets: ReadonlyMap<string, StoredTicket>;
  /** In order of their opening. */
  readonly incidents: ReadonlyMap<string, StoredIncident>;
  /** `agents:load`: what the engine counts. */
  readonly loads: ReadonlyMap<string, number>;
  /** `agent:<id>:tickets`: what the engine lists. */
  readonly openTickets: ReadonlyMap<string, readonly string[]>;
  /** Ids by the name of the key that lists them: lanes, processing, delayed, quarantined, requeued, waiting lines, unsettled incidents, outbox. */
  readonly places: ReadonlyMap<string, readonly string[]>;
  readonly dead: readonly string[];
  /** The engine's own count of unfinished tickets. */
  readonly unfinished: number;
}

/** Whether tickets of an incident with this status wait for its end. */
export function holdsMembers(status: string | undefined): boolean {
  return status === 'open' || status === 'quiet';
}
