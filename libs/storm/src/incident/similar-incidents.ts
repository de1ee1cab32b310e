import type { IncidentStatus } from '@smart-support/contracts';
import type { Arrival } from '../state/arrival';
import { embeddingGroupOf } from '../state/ticket-vectors';
import type { Incident, IncidentSimilarity } from './incident';
import type { StormState } from '../state/storm-state';

/** An incident and the similarity of a ticket to it. */
export interface SimilarIncident extends IncidentSimilarity {
  readonly incident: Incident;
}

/**
 * Similarities of a ticket to incidents.
 * @param which - `current`: without incidents that have been quiet for too long to be reopened, which only a new incident refers to
 */
export function compareWithIncidents(state: StormState, arrival: Arrival, which: 'current' | 'all'): SimilarIncident[] {
  // Read once: each access makes views on the pages of the index.
  const { embedding, words, failure, identifiers, isMachine } = arrival;
  const ticket = { embedding, words, failure, identifiers, isMachine };
  const group = embeddingGroupOf(ticket);
  const found: SimilarIncident[] = [];
  for (const incident of state.incidents.values()) {
    const isCurrent = incident.status !== 'quiet' || state.nowMs - incident.lastMemberMs <= state.rules.reopenMs;
    if (which === 'current' && !isCurrent) continue;
    const { similarity, isDegraded, belongs } = incident.similarityTo(ticket, state.rules, group);
    found.push({ incident, similarity, isDegraded, belongs });
  }
  return found;
}

/** The most similar incident of a status to which a ticket belongs; of equal ones the oldest. */
export function mostSimilar(near: readonly SimilarIncident[], status: IncidentStatus): SimilarIncident | undefined {
  let best: SimilarIncident | undefined;
  for (const found of near) {
    if (found.incident.status !== status || !found.belongs) continue;
    if (!best || found.similarity > best.similarity) best = found;
  }
  return best;
}
