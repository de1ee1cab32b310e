import type { ScenarioId } from '../day/scenario';
import type { Evidence, IncidentEvidence } from './evidence';
import type { Finding } from './finding';

const MOST_EXAMPLES = 5;

/** A finding that passes if nothing speaks against it. */
export function finding(name: string, figures: string, against: readonly string[]): Finding {
  return { name, verdict: against.length === 0 ? 'pass' : 'fail', figures, examples: against.slice(0, MOST_EXAMPLES) };
}

/** How often the ticket got a status, by the store's own writes. */
export function timesBecame({ histories }: Evidence, ticketId: string, status: string): number {
  return histories.get(ticketId)?.steps.filter((step) => step.status === status).length ?? 0;
}

/** Whether the ticket was ever given to an agent. One that a gateway by itself saw to the end comes to the store as a completed one. */
export function hadAgent(evidence: Evidence, ticketId: string): boolean {
  if (timesBecame(evidence, ticketId, 'assigned') > 0) return true;
  return evidence.inProcess.has(ticketId) && timesBecame(evidence, ticketId, 'completed') > 0;
}

/** Whether the ticket was ever meant for an agent: given to one, or in line for one. */
export function wasRouted(evidence: Evidence, ticketId: string): boolean {
  return hadAgent(evidence, ticketId) || timesBecame(evidence, ticketId, 'waiting') > 0;
}

/** Master Incidents that have a ticket of an scenario among their members. */
export function incidentsOf({ incidents }: Evidence, scenario: ScenarioId): readonly IncidentEvidence[] {
  return incidents.filter((incident) => wasOpened(incident) && incident.scenarios.includes(scenario));
}

/** The same of suspicions, which suppress nothing. */
export function suspicionsOf({ incidents }: Evidence, scenario: ScenarioId): readonly IncidentEvidence[] {
  return incidents.filter((incident) => !wasOpened(incident) && incident.scenarios.includes(scenario));
}

/** Whether it ever was a Master Incident, and not only suspected. */
export function wasOpened({ opened_at }: Pick<IncidentEvidence, 'opened_at'>): boolean {
  return opened_at !== null;
}

/** The ids of the tickets of an scenario. */
export function idsOf({ submitted }: Evidence, scenario: ScenarioId): readonly string[] {
  return submitted.filter((ticket) => ticket.scenario === scenario).map(({ id }) => id);
}

/** For example "1 ticket" or "3 tickets". */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
