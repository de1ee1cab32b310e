import { OPERATOR_ACTIONS, type OperatorDecision, operatorMay } from '@smart-support/contracts';
import type { OpenedByHandEntry, SuspectedEntry } from '../log/storm-entry';
import { NOTHING, type Outcome } from '../outcome';
import { MOST_OPEN } from '../rules';
import { Incident } from '../incident/incident';
import { changeOf, newStatusOf } from '../incident/incident-change';
import { meanOf } from '../incident/mean-vectors';
import { routedSignalOf, founderMember, signalsOfHalf } from '../incident/membership';
import { commonIdentifiers } from '../incident/one-cause';
import type { StormState } from '../state/storm-state';
import { holdFor } from './vouched-founders';

/** An operator opens an incident around tickets. */
export function openByHand(state: StormState, { incident_id, title, ticket_ids }: OpenedByHandEntry): Outcome {
  return openAround(state, incident_id, 'open', title, ticket_ids, null);
}

/** The burst detector names tickets. If the incident is suspected already, they join it. */
export function suspectIncident(state: StormState, { incident_id, ticket_ids, similarity }: SuspectedEntry): Outcome {
  const known = state.incidents.get(incident_id);
  if (known?.status === 'suspected') return extend(state, known, ticket_ids);
  if (state.countOf('suspected') >= MOST_OPEN) return { ...NOTHING, refused: 'not_allowed' };
  return openAround(state, incident_id, 'suspected', null, ticket_ids, similarity);
}

/**
 * Makes an incident around named tickets. Members of an open or quiet incident stay there, unlinked tickets stay alone; members of an incident that has ended
 * move over.
 */
function openAround(
  state: StormState,
  id: string,
  status: 'open' | 'suspected',
  title: string | null,
  ticketIds: readonly string[],
  similarity: number | null,
): Outcome {
  // A process that is behind must not bring a dropped one back.
  if (state.incidents.has(id) || state.dropped.has(id)) return { ...NOTHING, refused: 'not_allowed' };
  const free = [...new Set(ticketIds)].filter((ticketId) => {
    const status = state.incidentOf(ticketId)?.status;
    return !state.unlinked.has(ticketId) && status !== 'open' && status !== 'quiet';
  });
  for (const ticketId of free) state.removeFromIncident(ticketId);
  if (free.length === 0) return { ...NOTHING, refused: 'not_allowed' };
  const changes = state.removeFromSuspected(free);
  const founders = free.flatMap((ticketId) => state.arrivals.get(ticketId) ?? []);
  const towards = founders.length === 0 ? [] : [meanOf(founders)];
  // Tickets join what an operator opened whatever they name.
  const identifiers = status === 'open' ? null : commonIdentifiers(founders);
  const attraction = { towards, similarity, identifiers };
  const incident = new Incident(id, status, title, attraction, state.nowMs, null, signalsOfHalf(founders));
  if (status === 'open') incident.openedMs = state.nowMs;
  state.incidents.set(id, incident);
  for (const ticketId of free) {
    const arrival = state.arrivals.get(ticketId);
    const { receivedMs = state.nowMs, requester = null, isVouched = true, failure = 0 } = arrival ?? {};
    const nearness = status === 'suspected' && arrival ? incident.similarityTo(arrival, state.rules) : null;
    // Operators know what the tickets that they name say.
    const mayEscape = status === 'suspected' || arrival?.isAlwaysRouted;
    const member = {
      ticketId,
      similarity: nearness?.similarity ?? 1,
      receivedMs,
      requester,
      isVouched,
      failure,
      isSuppressed: false,
      routedSignal: arrival && mayEscape ? routedSignalOf(arrival, incident) : null,
      isDecided: false,
    };
    if (status === 'open') state.join(incident, member);
    else incident.join(member, state.nowMs);
  }
  if (status === 'suspected' && 2 * incident.vouchedCount < incident.requesterCount)
    incident.hold = holdFor(state, founders);
  // Tickets that the log does not have may have arrived before the others: the record knows.
  if (status === 'suspected' || founders.length === free.length) incident.chooseRepresentative();
  return { ...NOTHING, changes: [...changes, newStatusOf(incident, free)] };
}

/** Adds further tickets to a suspected incident. */
function extend(state: StormState, incident: Incident, ticketIds: readonly string[]): Outcome {
  const joining = ticketIds.flatMap((ticketId) => {
    const arrival = state.arrivals.get(ticketId);
    const isFree = !state.unlinked.has(ticketId) && !state.incidentOf(ticketId) && !incident.members.has(ticketId);
    return arrival && isFree ? [arrival] : [];
  });
  if (joining.length === 0) return NOTHING;
  const ids = joining.map(({ ticketId }) => ticketId);
  const changes = state.removeFromSuspected(ids);
  for (const arrival of joining) {
    incident.join(
      founderMember(arrival, incident.similarityTo(arrival, state.rules).similarity, incident),
      state.nowMs,
    );
  }
  return { ...NOTHING, changes: [...changes, changeOf(incident, ids)] };
}

/** Confirms, rejects or resolves an incident, if its status allows that. */
export function applyOperatorDecision(state: StormState, id: string, action: OperatorDecision): Outcome {
  const incident = state.incidents.get(id);
  if (!incident) return { ...NOTHING, refused: state.dropped.has(id) ? 'not_allowed' : 'unknown' };
  if (!operatorMay(action, incident.status)) return { ...NOTHING, refused: 'not_allowed' };
  // Confirmed or rejected: its members count towards no other.
  if (incident.status === 'suspected') state.bindMembers(incident);
  incident.become(OPERATOR_ACTIONS[action].to, state.nowMs);
  if (action === 'confirm') incident.openedMs = state.nowMs;
  return { ...NOTHING, changes: [newStatusOf(incident)] };
}

/** Removes a ticket from its incident for good. */
export function unlinkMember(state: StormState, id: string, ticketId: string): Outcome {
  const incident = state.incidents.get(id);
  if (!incident) return { ...NOTHING, refused: 'unknown' };
  // For a forgotten ticket the record was checked before the entry was written.
  const isForgotten = incident.status !== 'suspected' && !state.arrivals.has(ticketId);
  if (!isForgotten && !incident.members.has(ticketId)) return { ...NOTHING, refused: 'unknown' };
  if (!operatorMay('unlink', incident.status)) return { ...NOTHING, refused: 'not_allowed' };
  state.makeUncountable(ticketId);
  state.unlinked.set(ticketId, state.nowMs);
  return { ...NOTHING, changes: [state.removeMembers(incident, [ticketId])] };
}
