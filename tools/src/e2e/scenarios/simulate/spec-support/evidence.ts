import {
  aHistory,
  aLedgerEntry,
  aStoredIncident,
  aStoredTicket,
  aWebhook,
  anEmptyEvidence,
} from '../../../spec-support';
import type { DayEvidence, IncidentEvidence } from '../audit/day-evidence';
import type { ScenarioId } from '../day/scenario';
import { aSample } from './recordings';

/** Statuses of a ticket that was routed, of one that an incident suppressed to its end, and of one that it released. */
export const ROUTED = ['queued', 'processing', 'assigned', 'completed'];
export const SUPPRESSED = ['queued', 'processing', 'suppressed', 'completed'];
export const RELEASED = ['queued', 'processing', 'suppressed', 'queued', 'processing', 'assigned', 'completed'];

const CLAIMED_AGAIN = ['queued', 'processing', 'queued', 'processing', 'assigned', 'completed'];

/** Evidence of a small day on which everything held: twelve similar tickets, as many form letters, three angry and some everyday tickets. */
export function goodEvidence(): DayEvidence {
  const lives = new Map<string, readonly string[]>();
  const add = (scenario: ScenarioId, count: number, lifeOf: (number: number) => readonly string[]): void => {
    for (let number = 1; number <= count; number += 1) lives.set(`${scenario}-${number}`, lifeOf(number));
  };
  add('office', 4, (number) => [ROUTED, CLAIMED_AGAIN, ROUTED, ['assigned', 'completed']][number - 1] ?? ROUTED);
  add('angry', 3, () => ROUTED);
  add('verbatim', 12, (number) => (number <= 10 ? ROUTED : SUPPRESSED));
  add('letters', 12, (number) => (number <= 10 ? ROUTED : RELEASED));
  const ids = [...lives.keys()];
  const idsOf = (scenario: ScenarioId): string[] => ids.filter((id) => id.startsWith(`${scenario}-`));
  const ticketOf = (id: string) => {
    const isSuppressed = lives.get(id) === SUPPRESSED;
    return aStoredTicket({
      resolution: isSuppressed ? 'incident' : 'agent',
      urgency: id === 'office-1' || isSuppressed ? 0.9 : 0.2,
      ...(id.startsWith('verbatim') ? { incident: 'incident-1', isDuplicate: id !== 'verbatim-1' } : {}),
    });
  };
  const empty = anEmptyEvidence();
  const ending = { answers: [200], doubtful: [] };
  const endings = [
    { ...ending, incidentId: 'incident-1', action: 'resolve', members: idsOf('verbatim') },
    { ...ending, incidentId: 'incident-2', action: 'reject', members: idsOf('letters') },
  ] as const;
  return {
    ...empty,
    ledger: ids.map((id) => aLedgerEntry(id, id === 'office-4' ? 200 : 202)),
    store: {
      ...empty.store,
      tickets: new Map(ids.map((id) => [id, ticketOf(id)])),
      incidents: new Map([
        ['incident-1', aStoredIncident('resolved', idsOf('verbatim'))],
        ['incident-2', aStoredIncident('rejected', idsOf('letters'))],
      ]),
    },
    histories: new Map([...lives].map(([id, life]) => [id, aHistory(life, { commits: life === RELEASED ? 2 : 1 })])),
    routedInProcess: new Map([['office-4', ['assigned', 'completed']]]),
    storms: {
      ...empty.storms,
      endings,
      log: ids.map((ticketId, index) => ({
        ...{ entryId: `${index}-0`, atMs: index, kind: 'arrived', ticketId, receivedMs: index },
      })),
      raised: new Map(
        [
          'ticket.urgent:office-1',
          'incident.opened:incident-1',
          'incident.opened:incident-2',
          'incident.resolved:incident-1',
        ].map((event) => [event, 1]),
      ),
    },
    webhooks: [
      aWebhook('ticket.urgent', 'office-1'),
      aWebhook('incident.opened', 'incident-1', { memberCount: 11 }),
      aWebhook('incident.opened', 'incident-2', { memberCount: 11 }),
      aWebhook('incident.resolved', 'incident-1', { memberCount: 12 }),
    ],
    wrongAnswers: [],
    incidents: [
      anIncident('incident-1', 'verbatim', 'resolved', idsOf('verbatim')),
      anIncident('incident-2', 'letters', 'rejected', idsOf('letters')),
    ],
    endings,
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
  };
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
