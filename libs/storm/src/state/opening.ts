import type { IncidentChange } from '../outcome';
import { CONTINUED_MS, MOST_OPEN } from '../rules';
import type { Arrival } from './arrival';
import { burstAround, isAboveThreshold } from './burst';
import { Incident } from './incident';
import { changeOf, newStatusOf } from './incident-change';
import type { LookAlike } from './look-alikes';
import { meanOf } from './mean-likeness';
import { founderOf, newcomerTo, saidByHalf } from './membership';
import { type Found, nearTo, nearest } from './near-incidents';
import { commonIdentifiers, mayHaveOneCause } from './one-cause';
import type { StormState } from './storm-state';

/** Finds out where a newcomer belongs, and lets it join or open an incident. */
export function place(state: StormState, arrival: Arrival, near: readonly Found[]): IncidentChange[] {
  // An operator has decided about it before its entry was written.
  if (state.unlinked.has(arrival.ticketId) || state.holderOf(arrival.ticketId)) return [];
  const open = nearest(near, 'open');
  if (open) {
    state.join(open.incident, newcomerTo(open.incident, arrival, open.similarity));
    open.incident.isDegraded ||= open.isDegraded && !arrival.isMachine;
    return [changeOf(open.incident, [arrival.ticketId])];
  }
  const rejected = nearest(near, 'rejected');
  if (rejected) {
    rejected.incident.lastLookAlikeMs = state.nowMs;
    return placeAfterRejection(state, arrival, near);
  }
  const founders = foundersWith(state, arrival);
  if (founders && state.countOf('open') < MOST_OPEN) {
    return openIncident(state, arrival, founders, nearTo(state, arrival, 'all'));
  }
  if (founders) arrival.keptOut = 'too_many_incidents';
  state.count(arrival);
  const suspected = nearest(near, 'suspected');
  if (!suspected) return [];
  suspected.incident.join(founderOf(arrival, suspected.similarity, suspected.incident), state.nowMs);
  return [changeOf(suspected.incident, [arrival.ticketId])];
}

/**
 * A ticket that would belong to a rejected incident counts only with others of its kind by requesters who were no members of it, and opens an incident
 * with them if these outnumber all that is still known of the rejected one: an operator has said that so many are none.
 */
function placeAfterRejection(state: StormState, arrival: Arrival, near: readonly Found[]): IncidentChange[] {
  const rejected = near.flatMap(({ incident, belongs }) =>
    belongs && incident.status === 'rejected' ? [incident] : [],
  );
  const isNew = ({ requester }: Arrival) =>
    requester === null || !rejected.some(({ formerRequesters }) => formerRequesters.has(requester));
  if (!isNew(arrival)) return [];
  const similar = similarTo(state, arrival).filter((one) => isNew(one.arrival));
  const members = rejected.flatMap((incident) =>
    [...incident.members.keys()].flatMap((ticketId) => state.arrivals.get(ticketId) ?? []),
  );
  const burst = burstAround(state, arrival, similar, members);
  const isLarger = burst !== null && burst.together > burst.before;
  if (isLarger && burst.isMoreThanUsual && state.countOf('open') < MOST_OPEN) {
    return openIncident(state, arrival, burst.founders, nearTo(state, arrival, 'all'));
  }
  state.count(arrival);
  return [];
}

/** Tickets with which a newcomer opens an incident; `null` if it does not, and then it is noted why, should many be similar to it. */
function foundersWith(state: StormState, arrival: Arrival): LookAlike[] | null {
  const alike = state.lookAlikes.of(arrival);
  const similar = alike.filter((one) => mayHaveOneCause(one.arrival, arrival));
  if (!isAboveThreshold(state, arrival, similar)) {
    const others = similar.length < alike.length && isAboveThreshold(state, arrival, alike);
    arrival.keptOut = others ? 'own_request' : null;
    return null;
  }
  const burst = burstAround(state, arrival, withoutRejected(state, similar));
  if (burst?.isMoreThanUsual) return burst.founders;
  arrival.keptOut = burst && 'as_usual';
  return null;
}

/** Tickets that are similar to a newcomer and may have the same cause. */
function similarTo(state: StormState, arrival: Arrival): LookAlike[] {
  return state.lookAlikes.of(arrival).filter((one) => mayHaveOneCause(one.arrival, arrival));
}

/** Without those that would belong to a rejected incident: they count only with each other. */
function withoutRejected(state: StormState, similar: readonly LookAlike[]): readonly LookAlike[] {
  const rejected = [...state.known.values()].filter(({ status }) => status === 'rejected');
  if (rejected.length === 0) return similar;
  return similar.filter(({ arrival }) => !rejected.some((incident) => incident.nearness(arrival, state.rules).belongs));
}

/** A burst: opens an incident around it, or goes on with the one that was quiet. */
function openIncident(
  state: StormState,
  arrival: Arrival,
  others: readonly LookAlike[],
  near: readonly Found[],
): IncidentChange[] {
  const changes = state.takeFromSuspected(others.map((one) => one.arrival.ticketId));
  const quiet = nearest(near, 'quiet');
  const continues = quiet && state.nowMs - quiet.incident.lastMemberMs <= CONTINUED_MS;
  const founders = [...others.map((one) => one.arrival), arrival];
  const incident = continues ? quiet.incident : newIncident(state, arrival, founders, near);
  if (continues) incident.become('open', state.nowMs);
  for (const one of others) state.join(incident, founderOf(one.arrival, one.similarity, incident));
  state.join(incident, newcomerTo(incident, arrival, continues ? quiet.similarity : 1));
  incident.isDegraded ||= others.some((one) => one.isDegraded && !one.arrival.isMachine && !arrival.isMachine);
  if (!continues) incident.chooseRepresentative();
  return [
    ...changes,
    newStatusOf(
      incident,
      founders.map(({ ticketId }) => ticketId),
    ),
  ];
}

function newIncident(
  state: StormState,
  founding: Arrival,
  founders: readonly Arrival[],
  near: readonly Found[],
): Incident {
  const towards = [meanOf([founding]), meanOf(founders)];
  const previous = nearest(near, 'resolved') ?? nearest(near, 'quiet');
  const attraction = { towards, similarity: null, identifiers: commonIdentifiers(founders) };
  const incident = new Incident(
    `incident-${founding.entryId}`,
    'open',
    null,
    attraction,
    state.nowMs,
    previous?.incident.id ?? null,
    saidByHalf(founders.filter((founder) => founder !== founding)),
    founders.some(({ elsewhere }) => elsewhere?.told),
  );
  incident.openedMs = state.nowMs;
  state.known.set(incident.id, incident);
  return incident;
}
