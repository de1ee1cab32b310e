import { OPERATOR_ACTIONS, type OperatorDecision, operatorMay } from '@smart-support/contracts';
import type { OpenedByHandEntry, SuspectedEntry } from '../log/storm-entry';
import { NOTHING, type Outcome } from '../outcome';
import { MOST_OPEN } from '../rules';
import { Incident } from './incident';
import { changeOf, newStatusOf } from './incident-change';
import { meanOf } from './mean-vectors';
import { routedSignalOf, founderOf, saidByHalf } from './membership';
import { commonIdentifiers } from './one-cause';
import type { StormState } from './storm-state';
import { holdFor } from './verified-founders';

/** An operator opens an incident around tickets. */
export function openByHand(state: StormState, { incident_id, title, ticket_ids }: OpenedByHandEntry): Outcome {
  return gather(state, incident_id, 'open', title, ticket_ids, null);
}

/** The watch for bursts names tickets. Under an id that is suspected already they join that incident. */
export function suspect(state: StormState, { incident_id, ticket_ids, similarity }: SuspectedEntry): Outcome {
  const known = state.known.get(incident_id);
  if (known?.status === 'suspected') return extend(state, known, ticket_ids);
  if (state.countOf('suspected') >= MOST_OPEN) return { ...NOTHING, refused: 'not_allowed' };
  return gather(state, incident_id, 'suspected', null, ticket_ids, similarity);
}

/**
 * An incident around tickets that somebody named. Those that another one holds stay there, those once unlinked stay alone; those of one that
 * has ended come from there.
 */
function gather(
  state: StormState,
  id: string,
  status: 'open' | 'suspected',
  title: string | null,
  ticketIds: readonly string[],
  similarity: number | null,
): Outcome {
  // One that is gone does not come back through a process that has not noticed yet.
  if (state.known.has(id) || state.gone.has(id)) return { ...NOTHING, refused: 'not_allowed' };
  const free = [...new Set(ticketIds)].filter((ticketId) => {
    const holder = state.holderOf(ticketId);
    return !state.unlinked.has(ticketId) && holder?.status !== 'open' && holder?.status !== 'quiet';
  });
  for (const ticketId of free) state.release(ticketId);
  if (free.length === 0) return { ...NOTHING, refused: 'not_allowed' };
  const changes = state.takeFromSuspected(free);
  const founders = free.flatMap((ticketId) => state.arrivals.get(ticketId) ?? []);
  const towards = founders.length === 0 ? [] : [meanOf(founders)];
  // Around what an operator names, tickets gather whatever they name.
  const identifiers = status === 'open' ? null : commonIdentifiers(founders);
  const attraction = { towards, similarity, identifiers };
  const incident = new Incident(id, status, title, attraction, state.nowMs, null, saidByHalf(founders));
  if (status === 'open') incident.openedMs = state.nowMs;
  state.known.set(id, incident);
  for (const ticketId of free) {
    const arrival = state.arrivals.get(ticketId);
    const { receivedMs = state.nowMs, requester = null, isVouched = true, failure = 0 } = arrival ?? {};
    const nearness = status === 'suspected' && arrival ? incident.similarityTo(arrival, state.rules) : null;
    // An operator knows what is news in the tickets that it names.
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
  // Tickets that the log does not hold may have arrived before the others: the record knows.
  if (status === 'suspected' || founders.length === free.length) incident.chooseRepresentative();
  return { ...NOTHING, changes: [...changes, newStatusOf(incident, free)] };
}

/** A suspected incident takes in tickets that came to light with a later one. */
function extend(state: StormState, incident: Incident, ticketIds: readonly string[]): Outcome {
  const joining = ticketIds.flatMap((ticketId) => {
    const arrival = state.arrivals.get(ticketId);
    const isFree = !state.unlinked.has(ticketId) && !state.holderOf(ticketId) && !incident.members.has(ticketId);
    return arrival && isFree ? [arrival] : [];
  });
  if (joining.length === 0) return NOTHING;
  const ids = joining.map(({ ticketId }) => ticketId);
  const changes = state.takeFromSuspected(ids);
  for (const arrival of joining) {
    incident.join(founderOf(arrival, incident.similarityTo(arrival, state.rules).similarity, incident), state.nowMs);
  }
  return { ...NOTHING, changes: [...changes, changeOf(incident, ids)] };
}

/** An incident is confirmed, rejected or resolved, if its status allows that. */
export function become(state: StormState, id: string, action: OperatorDecision): Outcome {
  const incident = state.known.get(id);
  if (!incident) return { ...NOTHING, refused: state.gone.has(id) ? 'not_allowed' : 'unknown' };
  if (!operatorMay(action, incident.status)) return { ...NOTHING, refused: 'not_allowed' };
  // Whether it was confirmed or found to be nothing: what it holds counts towards no other.
  if (incident.status === 'suspected') state.holdSuspected(incident);
  incident.become(OPERATOR_ACTIONS[action].to, state.nowMs);
  if (action === 'confirm') incident.openedMs = state.nowMs;
  return { ...NOTHING, changes: [newStatusOf(incident)] };
}

/** A ticket leaves its incident for good. */
export function unlink(state: StormState, id: string, ticketId: string): Outcome {
  const incident = state.known.get(id);
  if (!incident) return { ...NOTHING, refused: 'unknown' };
  // That a forgotten ticket is a member, and not the only one, was looked up in the record before the entry was written.
  const isForgotten = incident.status !== 'suspected' && !state.arrivals.has(ticketId);
  if (!isForgotten && !incident.members.has(ticketId)) return { ...NOTHING, refused: 'unknown' };
  if (!operatorMay('unlink', incident.status)) return { ...NOTHING, refused: 'not_allowed' };
  state.dontCount(ticketId);
  state.unlinked.set(ticketId, state.nowMs);
  return { ...NOTHING, changes: [state.letGo(incident, [ticketId])] };
}
