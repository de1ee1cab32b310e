import type { Evidence } from './audit/evidence';
import type { TicketHistory } from './harness/history/ticket-history';
import type { LedgerEntry } from './harness/ledger';
import type { StoreState, StoredIncident, StoredTicket } from './harness/store-state';

/** A ticket that an agent completed. */
export function aStoredTicket(changes: Partial<StoredTicket> = {}): StoredTicket {
  return {
    ...{ status: 'completed', agent: 'ann', urgency: 0.3, resolution: 'agent', isDuplicate: false },
    ...{ errorCode: undefined, errorMessage: undefined, incident: undefined, released: undefined },
    ...{ receivedMs: 1_000, decidedMs: 0 },
    ...changes,
  };
}

/** An incident with these members, the first of which represents it. */
export function aStoredIncident(
  status: string,
  members: readonly string[],
  changes: Partial<StoredIncident> = {},
): StoredIncident {
  return {
    ...{ status, members, wasOpened: true, representative: members[0] ?? '', doubtful: [], unsettled: [] },
    ...{ similarity: members, counted: members, byCategory: members.length },
    requesters: new Map(members.map((id) => [`r:${id}`, 1])),
    ...changes,
  };
}

/** A store with nothing in it. */
export function anEmptyStore(): StoreState {
  return {
    ...{ tickets: new Map(), incidents: new Map(), loads: new Map(), openTickets: new Map(), places: new Map() },
    ...{ dead: [], unfinished: 0 },
  };
}

/** The history of a ticket with these statuses. */
export function aHistory(statuses: readonly string[], changes: Partial<TicketHistory> = {}): TicketHistory {
  const steps = statuses.map((status) => ({ status, agent: undefined }));
  return { steps, commits: 1, stalls: 0, alerts: 0, ...changes };
}

/** A ticket whose client got these answers. */
export function aLedgerEntry(id: string, ...statuses: readonly number[]): LedgerEntry {
  return { id, text: 'text', answers: statuses.map((status) => ({ sentAt: 0, waitedMs: 1, status })) };
}

/** A webhook that was delivered at once. */
export function aWebhook(type: string, about: string, changes: Partial<Evidence['webhooks'][number]> = {}) {
  return {
    ...{ id: `${type}:${about}`, type, about, memberCount: undefined, representative: undefined },
    ...{ arrivedAt: 0, tries: 1, delivered: 1, bodies: 1 },
    ...changes,
  };
}

/** The evidence of a run without tickets. */
export function anEmptyEvidence(): Evidence {
  return {
    ...{ ledger: [], store: anEmptyStore(), locks: [], histories: new Map(), webhooks: [], refusedWebhooks: 0 },
    ...{ routedInProcess: new Map(), routerStartTimes: new Map(), poison: new Set(), overHttp: new Map() },
    ...{ unexpectedCompletions: new Map(), undoneCompletions: new Set(), alertThreshold: 0.8 },
    storms: {
      rules: { windowMs: 1000, quietMs: 1000, ticketThreshold: 2 },
      ...{ planted: [], log: [], raised: new Map(), endings: [] },
    },
  };
}
