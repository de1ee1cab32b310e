import type { IncidentStatus } from '@smart-support/contracts';
import type { Arrival } from './arrival';
import { embeddingGroupOf } from './ticket-vectors';
import type { Incident, IncidentSimilarity } from './incident';
import type { StormState } from './storm-state';

/** An incident and how near a ticket is to it. */
export interface SimilarIncident extends IncidentSimilarity {
  readonly incident: Incident;
}

/**
 * How near a ticket is to incidents.
 * @param which - `current`: without those that have been quiet for so long that no burst goes on with them; only a new incident names such a one
 */
export function compareWithIncidents(state: StormState, arrival: Arrival, which: 'current' | 'all'): SimilarIncident[] {
  // Looked up once: the vectors stand in pages beside those of other tickets.
  const { embedding, words, failure, identifiers, isMachine } = arrival;
  const ticket = { embedding, words, failure, identifiers, isMachine };
  const group = embeddingGroupOf(ticket);
  const found: SimilarIncident[] = [];
  for (const incident of state.known.values()) {
    const isCurrent = incident.status !== 'quiet' || state.nowMs - incident.lastMemberMs <= state.rules.reopenMs;
    if (which === 'current' && !isCurrent) continue;
    const { similarity, isDegraded, belongs } = incident.similarityTo(ticket, state.rules, group);
    found.push({ incident, similarity, isDegraded, belongs });
  }
  return found;
}

/** The incident of a status to which a ticket belongs; the most similar one, of several as similar the oldest. */
export function mostSimilar(near: readonly SimilarIncident[], status: IncidentStatus): SimilarIncident | undefined {
  let best: SimilarIncident | undefined;
  for (const found of near) {
    if (found.incident.status !== status || !found.belongs) continue;
    if (!best || found.similarity > best.similarity) best = found;
  }
  return best;
}
