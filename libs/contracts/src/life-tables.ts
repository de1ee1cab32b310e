/**
 * The transitions of a ticket's status, as data: brokers enforce them, tests check each, `docs/architecture.md` explains them.
 * `queued` and `processing` belong to the queue, `assigned` and `waiting` to the agents,
 * `suppressed` to an incident; `completed` and `dead` are final, but a person can reopen or retry them.
 */
export const TICKET_LIFE = {
  queued: ['processing', 'completed'],
  processing: ['queued', 'assigned', 'waiting', 'suppressed', 'dead'],
  waiting: ['assigned', 'suppressed', 'completed'],
  assigned: ['completed', 'waiting'],
  suppressed: ['queued', 'completed'],
  completed: ['queued', 'assigned', 'waiting'],
  dead: ['queued'],
} as const satisfies Record<string, readonly string[]>;

/** Where a ticket stands; the keys of {@link TICKET_LIFE}. */
export type TicketStatus = keyof typeof TICKET_LIFE;

/** Every {@link TicketStatus}, in the order of a ticket's way. */
export const TICKET_STATUSES = Object.keys(TICKET_LIFE) as [TicketStatus, ...TicketStatus[]];

/**
 * What a person may do with one ticket, and in which statuses: give it to the best other agent (`reassign`), change its agent, category or urgency (`amend`), complete it
 * unanswered (`cancel`), open it again (`reopen`), or add a note to it (`note`), which changes no status. A part of {@link TICKET_LIFE}.
 */
export const TICKET_ACTIONS = {
  reassign: ['assigned'],
  amend: ['assigned', 'waiting'],
  cancel: ['queued', 'waiting', 'assigned', 'suppressed'],
  reopen: ['completed'],
  note: TICKET_STATUSES,
} as const satisfies Record<string, readonly TicketStatus[]>;

/** One of {@link TICKET_ACTIONS}. */
export type TicketAction = keyof typeof TICKET_ACTIONS;

/** Whether {@link TICKET_ACTIONS} lets a person do this with a ticket of this status. */
export function personMay(action: TicketAction, status: TicketStatus): boolean {
  return (TICKET_ACTIONS[action] as readonly TicketStatus[]).includes(status);
}

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

/**
 * What operators may do with an incident: in which statuses, and the status that it gets; `unlink` takes a ticket out and leaves the status. A part of
 * {@link INCIDENT_LIFE}, and the only place that knows it: a quiet incident opens again by itself, not by an operator.
 */
export const OPERATOR_ACTIONS = {
  confirm: { from: ['suspected'], to: 'open' },
  resolve: { from: ['open', 'quiet'], to: 'resolved' },
  reject: { from: ['suspected', 'open', 'quiet'], to: 'rejected' },
  unlink: { from: ['suspected', 'open', 'quiet'] },
} as const satisfies Record<string, { readonly from: readonly IncidentStatus[]; readonly to?: IncidentStatus }>;

/** One of {@link OPERATOR_ACTIONS}. */
export type OperatorAction = keyof typeof OPERATOR_ACTIONS;

/** The actions that give an incident another status. */
export type OperatorDecision = Exclude<OperatorAction, 'unlink'>;

/** Whether {@link OPERATOR_ACTIONS} lets an operator do this with an incident of this status. */
export function operatorMay(action: OperatorAction, status: IncidentStatus): boolean {
  return (OPERATOR_ACTIONS[action].from as readonly IncidentStatus[]).includes(status);
}

/** Whether {@link TICKET_LIFE} lets a ticket go from one status to another. */
export function ticketMayBecome(from: TicketStatus, to: TicketStatus): boolean {
  return (TICKET_LIFE[from] as readonly string[]).includes(to);
}

/** Whether {@link INCIDENT_LIFE} lets an incident go from one status to another. */
export function incidentMayBecome(from: IncidentStatus, to: IncidentStatus | 'gone'): boolean {
  return (INCIDENT_LIFE[from] as readonly string[]).includes(to);
}
