import type { TicketHistory } from '../../../harness/history/ticket-history';
import type { ScenarioId } from '../day/scenario';
import type { EndedTicket, Evidence, IncidentEvidence, WebhookEvidence } from '../audit/evidence';
import { aSample } from './recordings';

/** Statuses of a ticket that was routed, of one that an incident held to its end, and of one that it let go. */
export const ROUTED = ['queued', 'processing', 'assigned', 'completed'];
export const HELD = ['queued', 'processing', 'suppressed', 'completed'];
export const LET_GO = ['queued', 'processing', 'suppressed', 'queued', 'processing', 'assigned', 'completed'];

const TAKEN_UP_AGAIN = ['queued', 'processing', 'queued', 'processing', 'assigned', 'completed'];

/** The life of a ticket. */
export function aHistory(statuses: readonly string[]): TicketHistory {
  return { steps: statuses.map((status) => ({ status, agent: undefined })), commits: 1, stalls: 0, alerts: 0 };
}

/** Evidence of a small day on which everything held: eleven similar tickets, as many form letters, three angry and some everyday tickets. */
export function goodEvidence(): Evidence {
  const lives = new Map<string, readonly string[]>();
  const add = (scenario: ScenarioId, count: number, lifeOf: (number: number) => readonly string[]): void => {
    for (let number = 1; number <= count; number += 1) lives.set(`${scenario}-${number}`, lifeOf(number));
  };
  add('office', 3, (number) => (number === 2 ? TAKEN_UP_AGAIN : ROUTED));
  add('redis', 1, () => ['assigned', 'completed']);
  add('angry', 3, () => ROUTED);
  add('verbatim', 12, (number) => (number <= 10 ? ROUTED : HELD));
  add('letters', 12, (number) => (number <= 10 ? ROUTED : LET_GO));
  const ids = [...lives.keys()];
  const idsOf = (scenario: ScenarioId): string[] => ids.filter((id) => id.startsWith(`${scenario}-`));
  const endOf = (id: string): EndedTicket => {
    const isHeld = lives.get(id) === HELD;
    return {
      status: 'completed',
      resolution: isHeld ? 'incident' : 'agent',
      urgency: id === 'office-1' || isHeld ? 0.9 : 0.2,
    };
  };
  return {
    submitted: ids.map((id) => {
      const scenario = (id.split('-')[0] ?? 'office') as ScenarioId;
      return { id, scenario: scenario === 'redis' ? 'office' : scenario, answers: [scenario === 'redis' ? 200 : 202] };
    }),
    ended: new Map(ids.map((id) => [id, endOf(id)])),
    histories: new Map([...lives].map(([id, life]) => [id, aHistory(life)])),
    inProcess: new Set(['redis-1']),
    webhooks: [
      aWebhook('ticket.urgent', 'office-1'),
      { ...aWebhook('incident.opened', 'incident-1'), memberCount: 11 },
      aWebhook('incident.resolved', 'incident-1'),
    ],
    refusedWebhooks: 0,
    incidents: [
      anIncident('incident-1', 'verbatim', 'resolved', idsOf('verbatim')),
      anIncident('incident-2', 'letters', 'rejected', idsOf('letters')),
    ],
    endings: [
      { incidentId: 'incident-1', action: 'resolve', status: 200, members: idsOf('verbatim'), doubtful: [] },
      { incidentId: 'incident-2', action: 'reject', status: 200, members: idsOf('letters'), doubtful: [] },
    ],
    samples: [
      aSample({ atMs: 0 }),
      aSample({ atMs: 1500, breaker: 'open' }),
      aSample({ atMs: 2500 }),
      aSample({ atMs: 3500, mode: 'sync' }),
      aSample({ atMs: 5000 }),
    ],
    slow: { fromMs: 1000, toMs: 2000 },
    redisAway: { fromMs: 3000, toMs: 4000 },
    inFlight: ['office-2'],
    left: new Map(),
    alertThreshold: 0.8,
    ticketThreshold: 10,
  };
}

/** An event that was delivered at once. */
export function aWebhook(type: string, about: string): WebhookEvidence {
  return { id: `${type}:${about}`, type, about, memberCount: undefined, tries: 1, delivered: 1, bodies: 1 };
}

/** An incident that was opened. */
export function anIncident(
  id: string,
  scenario: ScenarioId,
  status: IncidentEvidence['status'],
  members: readonly string[],
): IncidentEvidence {
  return {
    ...{ id, status, members, scenarios: [scenario], title: scenario, representative_ticket_id: members[0] ?? '' },
    ...{ member_count: members.length, requester_count: members.length, degraded: false, held: null, categories: {} },
    ...{ max_urgency: 0.9, opened_at: '2026-01-05T08:00:00.000Z', last_member_at: '2026-01-05T08:00:01.000Z' },
    ...{ doubtful_members: { count: 0, completed: null } },
    ...{ closed_at: null, previous_incident_id: null, seenFromMs: 0, seenToMs: 1 },
  };
}
