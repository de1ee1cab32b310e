import type { Incident } from './incident';
import type { TicketSummary } from './ticket-query';

/** The events that subscribers receive: the `type` of a webhook body. */
export const EVENT_TYPES = [
  'ticket.urgent',
  'incident.suspected',
  'incident.opened',
  'incident.updated',
  'incident.resolved',
  'webhook.disabled',
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
  readonly type: Exclude<EventType, 'ticket.urgent' | 'webhook.disabled'>;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly data: Incident & { readonly member_ids: readonly string[] };
}

/** An endpoint failed for so long that nothing is sent to it any more, or it answered 410. Sent to the other endpoints. */
export interface WebhookDisabledEvent {
  readonly type: 'webhook.disabled';
  /** ISO 8601. */
  readonly timestamp: string;
  readonly data: {
    /** Id of the endpoint. */
    readonly endpoint: string;
    /** Host of its URL, with the port unless it is that of the scheme. */
    readonly host: string;
    /** ISO 8601: the first failure after its last success. */
    readonly since: string;
    readonly reason: WebhookDisabledReason;
  };
}

/** Why an endpoint is switched off: `failing`, no try succeeded for long; `gone`, it answered 410. */
export type WebhookDisabledReason = 'failing' | 'gone';

/** The body of a webhook. */
export type DomainEvent = TicketEvent | IncidentEvent | WebhookDisabledEvent;
