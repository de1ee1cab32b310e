import type { Incident, IncidentEvent } from '@smart-support/contracts';

/** Least milliseconds between two `incident.updated` of one incident. */
export const UPDATED_EVERY_MS = 300_000;

/**
 * The id of an event: the same on every try, and never that of anything else.
 * @param members - how many there were, for an incident that has grown: that may happen more than once
 */
export function incidentEventId(type: IncidentEvent['type'], incidentId: string, members?: number): string {
  return members === undefined ? `${type}:${incidentId}` : `${type}:${incidentId}:${members}`;
}

/**
 * The event of an incident, as JSON.
 * @param memberIds - the first of them, at most `MAX_EVENT_MEMBERS`
 * @param timestamp - when it happened, ISO 8601
 */
export function incidentEventBody(
  type: IncidentEvent['type'],
  incident: Incident,
  memberIds: readonly string[],
  timestamp: string,
): string {
  const data = { ...incident, member_ids: memberIds };
  return JSON.stringify({ type, data, timestamp } satisfies IncidentEvent);
}
