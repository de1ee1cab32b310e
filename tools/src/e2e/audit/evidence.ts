import type { DomainHistory, LoggedEntry } from '../harness/history/write-history';
import { type TicketHistory, timesInStatus, wasAdopted } from '../harness/history/ticket-history';
import type { LedgerEntry } from '../harness/ledger';
import { type StoreState, type StoredIncident, holdsMembers } from '../harness/store-state';
import type { StormRules } from './expected-incidents';
import type { PlantedStorm } from './planted-storm';

/** What an operator was answered for ending an incident. */
export interface Ending {
  readonly incidentId: string;
  readonly action: 'resolve' | 'reject';
  /** HTTP status of every try, 0 where there was no answer. */
  readonly answers: readonly number[];
}

/** What the receiver knows of the webhooks of one id. */
export interface WebhookEvidence {
  readonly id: string;
  readonly type: string;
  /** Id of the ticket or the incident that it is about. */
  readonly about: string;
  /** Members of the incident, and the ticket that represents it; `undefined` for a ticket. */
  readonly memberCount: number | undefined;
  readonly representative: string | undefined;
  readonly tries: number;
  /** Tries that the receiver answered 2xx. */
  readonly delivered: number;
  /** Number of different bodies. */
  readonly bodies: number;
}

/** What is known of storms and incidents. */
export interface StormEvidence {
  /** Storms in the traffic; empty where a scenario plants none. */
  readonly planted: readonly PlantedStorm[];
  readonly rules: StormRules;
  /** The storm log, in its order. */
  readonly log: readonly LoggedEntry[];
  /** How often each event was put into the shared outbox. */
  readonly raised: DomainHistory['raised'];
  readonly endings: readonly Ending[];
}

/** What all audits look at: what clients were answered, what the store has, what was ever written to it, and what the receiver got. */
export interface Evidence {
  readonly ledger: readonly LedgerEntry[];
  readonly store: StoreState;
  /** Tickets whose lock exists. */
  readonly locks: readonly string[];
  readonly histories: ReadonlyMap<string, TicketHistory>;
  /** Tickets that a gateway routed in-process, by its log, and their statuses there: also those whose client never got the answer. */
  readonly routedInProcess: ReadonlyMap<string, readonly string[]>;
  /** When the process that routed each of them began, in milliseconds since 1970. */
  readonly routerStartTimes: ReadonlyMap<string, number>;
  readonly storms: StormEvidence;
  readonly webhooks: readonly WebhookEvidence[];
  /** Webhooks without a valid signature. */
  readonly refusedWebhooks: number;
  /** Tickets that were made to fail for ever. */
  readonly poison: ReadonlySet<string>;
  /** Tickets for which an agent got an unexpected answer, and its HTTP status. */
  readonly unexpectedCompletions: ReadonlyMap<string, number>;
  /** Tickets whose completion was answered with 200, and that were open again afterwards. */
  readonly undoneCompletions: ReadonlySet<string>;
  /** Urgency strictly above which an alert is due. */
  readonly alertThreshold: number;
  /** What `GET /agents` and `GET /queue` count at the end, by name; all are 0 when nothing is left. */
  readonly overHttp: ReadonlyMap<string, number>;
}

/** Incidents of the shared store that were more than suspected. */
export function openedIncidents({ store }: Evidence): ReadonlyMap<string, StoredIncident> {
  return new Map([...store.incidents].filter(([, { wasOpened }]) => wasOpened));
}

/** Whether a ticket is suppressed by an incident that holds its members. */
export function isSuppressedByIncident({ store }: Evidence, ticketId: string): boolean {
  const { status, incident = '' } = store.tickets.get(ticketId) ?? {};
  return status === 'suppressed' && holdsMembers(store.incidents.get(incident)?.status);
}

/**
 * Whether the shared store had the ticket before the gateway began that routed it in-process while the store was away. That gateway could not know of it:
 * a decision of the design (docs/decisions/0012).
 */
export function isQueuedBeforeRouter({ store, histories, routerStartTimes }: Evidence, ticketId: string): boolean {
  const history = histories.get(ticketId);
  const { receivedMs = NaN } = store.tickets.get(ticketId) ?? {};
  return history !== undefined && !wasAdopted(history) && receivedMs < (routerStartTimes.get(ticketId) ?? -Infinity);
}

/** How often the ticket was given to an agent. One that a gateway routed to its end in-process comes to the store as a completed one. */
export function timesAssigned({ histories, routedInProcess }: Evidence, ticketId: string): number {
  const history = histories.get(ticketId);
  if (!history) return 0;
  const assigned = timesInStatus(history, 'assigned');
  const before = routedInProcess.get(ticketId)?.includes('assigned') === true && wasAdopted(history);
  return assigned === 0 && before ? 1 : assigned;
}

/** Whether the ticket was ever given to an agent, or put in line for one. */
export function wasRouted({ histories, routedInProcess }: Evidence, ticketId: string): boolean {
  const statuses = [
    ...(histories.get(ticketId)?.steps.map(({ status }) => status) ?? []),
    ...(routedInProcess.get(ticketId) ?? []),
  ];
  return statuses.includes('assigned') || statuses.includes('waiting');
}
