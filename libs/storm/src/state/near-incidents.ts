import type { IncidentStatus } from '@smart-support/contracts';
import type { Arrival } from './arrival';
import type { Incident, Nearness } from './incident';
import type { StormState } from './storm-state';

/** An incident and how near a ticket is to it. */
export interface Found extends Nearness {
  readonly incident: Incident;
}

/** How near a ticket is to each known incident. */
export function nearTo(state: StormState, arrival: Arrival): Found[] {
  return [...state.known.values()].map((incident) => ({ incident, ...incident.nearness(arrival, state.rules) }));
}

/** The incident of a status to which a ticket belongs; the most similar one, of several as similar the oldest. */
export function nearest(near: readonly Found[], status: IncidentStatus): Found | undefined {
  let best: Found | undefined;
  for (const found of near) {
    if (found.incident.status !== status || !found.belongs) continue;
    if (!best || found.similarity > best.similarity) best = found;
  }
  return best;
}
