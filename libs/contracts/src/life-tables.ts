/**
 * The transitions of a ticket's status, as data: brokers enforce them, tests check each, `docs/architecture.md` explains them.
 * `queued` and `processing` belong to the queue, `assigned` and `waiting` to the agents,
 * `suppressed` to an incident; `completed` and `dead` are final, but an operator can retry `dead`.
 */
export const TICKET_LIFE = {
  queued: ['processing'],
  processing: ['queued', 'assigned', 'waiting', 'suppressed', 'dead'],
  waiting: ['assigned', 'suppressed'],
  assigned: ['completed', 'waiting'],
  suppressed: ['queued', 'completed'],
  completed: [],
  dead: ['queued'],
} as const satisfies Record<string, readonly string[]>;

/** Where a ticket stands; the keys of {@link TICKET_LIFE}. */
export type TicketStatus = keyof typeof TICKET_LIFE;

/** Every {@link TicketStatus}, in the order of a ticket's way. */
export const TICKET_STATUSES = Object.keys(TICKET_LIFE) as [TicketStatus, ...TicketStatus[]];

/** What an incident may become. A suspected incident that is not confirmed ends as `gone`: its record is dropped. */
export const INCIDENT_LIFE = {
  suspected: ['open', 'rejected', 'gone'],
  open: ['quiet', 'resolved', 'rejected'],
  quiet: ['open', 'resolved', 'rejected'],
  resolved: [],
  rejected: [],
} as const satisfies Record<string, readonly string[]>;

/** Where an incident stands; the keys of {@link INCIDENT_LIFE}. */
export type IncidentStatus = keyof typeof INCIDENT_LIFE;

/** Every {@link IncidentStatus}. */
export const INCIDENT_STATUSES = Object.keys(INCIDENT_LIFE) as [IncidentStatus, ...IncidentStatus[]];

/** Whether {@link TICKET_LIFE} lets a ticket go from one status to another. */
export function ticketMayBecome(from: TicketStatus, to: TicketStatus): boolean {
  return (TICKET_LIFE[from] as readonly string[]).includes(to);
}

/** Whether {@link INCIDENT_LIFE} lets an incident go from one status to another. */
export function incidentMayBecome(from: IncidentStatus, to: IncidentStatus | 'gone'): boolean {
  return (INCIDENT_LIFE[from] as readonly string[]).includes(to);
}
