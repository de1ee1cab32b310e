import type { IncidentChange } from '../outcome';
import { DAY_MS, LATE_MS, REJECTED_MS } from '../rules';
import { newStatusOf } from '../incident/incident-change';
import type { StormState } from '../state/storm-state';

/** Most dropped incidents that are remembered. */
const MOST_DROPPED = 1_000;

/** Forgets what is too old to count, makes still open incidents quiet, and drops suspected ones that have stopped growing. */
export function passTime(state: StormState): IncidentChange[] {
  const knownMs = state.rules.windowMs + LATE_MS;
  for (let { oldest } = state.arrivals; oldest && state.nowMs - oldest.loggedMs > knownMs; { oldest } = state.arrivals)
    state.forgetOldest();
  for (const [ticketId, sinceMs] of state.unlinked) {
    if (state.nowMs - sinceMs < DAY_MS) break;
    state.unlinked.delete(ticketId);
  }
  for (const [id, sinceMs] of state.dropped) {
    if (state.nowMs - sinceMs < DAY_MS && state.dropped.size <= MOST_DROPPED) break;
    state.dropped.delete(id);
  }
  const changes: IncidentChange[] = [];
  for (const incident of state.incidents.values()) {
    const { status, lastMemberMs, lastSimilarMs, closedMs } = incident;
    const isStill = state.nowMs - lastMemberMs >= state.rules.quietMs;
    if (status === 'open' && isStill) {
      incident.become('quiet', state.nowMs);
      changes.push(newStatusOf(incident));
    } else if (status === 'suspected' && isStill) {
      changes.push(state.dropSuspected(incident));
    } else if (status === 'rejected') {
      const isPauseOver = state.nowMs - (closedMs ?? 0) >= REJECTED_MS;
      if (isPauseOver || state.nowMs - (lastSimilarMs ?? 0) >= state.rules.quietMs) state.forgetIncident(incident);
    } else if (status === 'resolved' && state.nowMs - (closedMs ?? 0) >= state.rules.reopenMs) {
      state.forgetIncident(incident);
    }
  }
  return changes;
}
