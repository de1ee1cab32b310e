import type { Incident } from './incident';
import type { TicketSummary } from './ticket-query';

/** The events that subscribers receive: the `type` of a webhook body. */
export const EVENT_TYPES = [
  'ticket.urgent',
  'incident.suspected',
  'incident.opened',
  'incident.updated',
  'incident.resolved',
] as const;

/** One of {@link EVENT_TYPES}. */
export type EventType = (typeof EVENT_TYPES)[number];

/** Something that happened to one ticket. */
export interface TicketEvent {
  readonly type: 'ticket.urgent';
  /** ISO 8601. */
  readonly timestamp: string;
  readonly data: TicketSummary;
}

/** Something that happened to an incident, with at most 50 of its members. */
export interface IncidentEvent {
  readonly type: Exclude<EventType, 'ticket.urgent'>;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly data: Incident & { readonly member_ids: readonly string[] };
}

/** The body of a webhook. */
export type DomainEvent = TicketEvent | IncidentEvent;
