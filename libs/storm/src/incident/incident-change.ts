import type { IncidentChange, Joined } from '../outcome';
import type { Incident } from './incident';

/** The change of an incident that has a new status. */
export function newStatusOf(incident: Incident, joined: readonly string[] = []): IncidentChange {
  return { ...changeOf(incident, joined), has_new_status: true };
}

/** The state of an incident after an entry, and the tickets that joined or left by it. */
export function changeOf(
  incident: Incident,
  joined: readonly string[] = [],
  left: readonly string[] = [],
): IncidentChange {
  return {
    incident_id: incident.id,
    epoch: incident.epoch,
    status: incident.status,
    has_new_status: false,
    is_notified: incident.isNotified,
    title: incident.title,
    representative_ticket_id: incident.representativeId,
    degraded: incident.isDegraded,
    held: incident.held,
    opened_ms: incident.openedMs,
    last_member_ms: incident.lastMemberMs,
    closed_ms: incident.closedMs,
    previous_incident_id: incident.previousId,
    joined: joined.flatMap((ticket_id): Joined[] => {
      const member = incident.members.get(ticket_id);
      // A full suspected incident has no further members.
      if (!member && incident.status === 'suspected') return [];
      const { similarity = 1, routedSignal: routedSignal = null, isDecided = false } = member ?? {};
      return [{ ticket_id, similarity, routed_signal: routedSignal, is_decided: isDecided }];
    }),
    left,
  };
}
