import type { LedgerEntry } from '../harness/ledger';
import type { Ending } from '../scenarios/chaos/traffic/operators';
import type { PlantedStorm } from '../scenarios/chaos/traffic/storms';
import type { StormRules } from './expected-incidents';
import type { LoggedEntry } from '../harness/history/storm-history';
import type { TicketHistory } from '../harness/history/ticket-history';

/** A ticket as its record stands in the shared store at the end. */
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
  /** Whether it is marked as one that does not speak for its incident. */
  readonly isDuplicate: boolean;
  /** When the gateway that gave it to the shared store received it, in milliseconds since 1970. */
  readonly receivedMs: number;
}

/** An incident as its books stand in the shared store at the end. */
export interface StoredIncident {
  readonly status: string;
  /** Whether it ever was more than suspected. */
  readonly wasOpened: boolean;
  readonly representative: string;
  readonly members: readonly string[];
  /** Members that are doubtful. */
  readonly doubtful: readonly string[];
  /** Tickets of which is noted how they joined. */
  readonly likeness: readonly string[];
  /** Members by requester. */
  readonly requesters: ReadonlyMap<string, number>;
  /** Members whose category is counted, and the sum of these counts. */
  readonly counted: readonly string[];
  readonly byCategory: number;
  readonly unsettled: readonly string[];
}

/** What is known of the webhooks of one id. */
export interface WebhookEvidence {
  readonly id: string;
  readonly ticketId: string;
  /** Tries that the receiver answered 2xx. */
  readonly delivered: number;
  /** Different bodies. */
  readonly bodies: number;
}

/** The same of webhooks about incidents. */
export interface IncidentWebhookEvidence extends Omit<WebhookEvidence, 'ticketId'> {
  readonly type: string;
  readonly incidentId: string;
  /** The ticket that spoke for the incident. */
  readonly representative: string;
}

/** What is known of storms and incidents. */
export interface StormEvidence {
  readonly planted: readonly PlantedStorm[];
  readonly rules: StormRules;
  /** The storm log, in its order. */
  readonly log: readonly LoggedEntry[];
  /** Of the shared store. */
  readonly incidents: ReadonlyMap<string, StoredIncident>;
  /** How often each event of an incident was put into the shared outbox. */
  readonly raised: ReadonlyMap<string, number>;
  readonly webhooks: readonly IncidentWebhookEvidence[];
  readonly endings: readonly Ending[];
}

/** The state of the shared store when everything is calm. */
export interface StoreState {
  readonly tickets: ReadonlyMap<string, StoredTicket>;
  /** `agents:load`: what the engine counts. */
  readonly loads: ReadonlyMap<string, number>;
  /** `agent:<id>:tickets`: what the engine lists. */
  readonly openTickets: ReadonlyMap<string, readonly string[]>;
  /** Ids by the name of the list or set they stand in: lanes, processing, delayed, quarantined, returned, waiting lines, outbox. */
  readonly places: ReadonlyMap<string, readonly string[]>;
  /** Tickets whose lock is held. */
  readonly locks: readonly string[];
  readonly dead: readonly string[];
  /** The engine's own count of unfinished tickets. */
  readonly unfinished: number;
}

/** Everything that the audit looks at. Nothing of it comes from the engine's word about itself alone. */
export interface Evidence {
  readonly ledger: readonly LedgerEntry[];
  readonly store: StoreState;
  readonly histories: ReadonlyMap<string, TicketHistory>;
  /** Tickets that the gateway routed by itself, by its log, and what each became there: also those whose client never saw the answer. */
  readonly routedInProcess: ReadonlyMap<string, readonly string[]>;
  /** When the process that routed each of them began, in milliseconds since 1970. */
  readonly beginningsOfRouters: ReadonlyMap<string, number>;
  readonly storms: StormEvidence;
  readonly webhooks: readonly WebhookEvidence[];
  /** Webhooks without a good signature. */
  readonly refusedWebhooks: number;
  /** Tickets that were made to fail for ever. */
  readonly poison: ReadonlySet<string>;
  /** Tickets for which an agent got an answer that no agent should get, and its HTTP status. */
  readonly unexpectedCompletions: ReadonlyMap<string, number>;
  /** Tickets whose completion was answered with 200, and that were open again afterwards. */
  readonly undoneCompletions: ReadonlySet<string>;
  /** Urgency strictly above which an alert is due. */
  readonly alertThreshold: number;
  /** What `GET /agents` and `GET /queue` say at the end, by name; all are 0 when nothing is left. */
  readonly overHttp: ReadonlyMap<string, number>;
}
