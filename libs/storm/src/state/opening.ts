import type { IncidentChange } from '../outcome';
import { CONTINUED_MS, LATE_MS, MOST_OPEN } from '../rules';
import { densestSpan } from '../window/densest-span';
import type { Arrival } from './arrival';
import { Incident } from './incident';
import { changeOf, newStatusOf } from './incident-change';
import type { LookAlike } from './look-alikes';
import { meanOf } from './mean-likeness';
import { founderOf, newcomerTo, saidByHalf } from './membership';
import { type Traffic, isMoreThanUsual } from './more-than-usual';
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
    return [];
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

/** Tickets with which a newcomer opens an incident; `null` if it does not, and then it is noted why, should many be similar to it. */
function foundersWith(state: StormState, arrival: Arrival): LookAlike[] | null {
  const { ticketThreshold, windowMs } = state.rules;
  const spanOf = (similar: readonly LookAlike[]) =>
    densestSpan([...similar.map((one) => one.arrival), arrival], arrival.receivedMs, windowMs);
  const alike = state.lookAlikes.of(arrival);
  const similar = alike.filter((one) => mayHaveOneCause(one.arrival, arrival));
  const { requesters, reports } = spanOf(similar);
  if (requesters <= ticketThreshold) {
    const others = similar.length < alike.length && spanOf(alike).requesters > ticketThreshold;
    arrival.keptOut = others ? 'own_request' : null;
    return null;
  }
  const together = new Set(reports);
  const founders = similar.filter((one) => together.has(one.arrival));
  const people = onePerRequester(similar, arrival);
  const inSpan = people.filter((one) => together.has(one));
  if (isMoreThanUsual(arrival, people, inSpan, trafficAt(state, arrival))) return founders;
  arrival.keptOut = 'as_usual';
  return null;
}

function trafficAt(state: StormState, arrival: Arrival): Traffic {
  const { windowMs, ticketThreshold, similarity } = state.rules;
  const [oldest = arrival] = state.arrivals.values();
  const reference = {
    tickets: state.reference?.encoded.tickets ?? 0,
    similar: state.reference?.countOf(arrival, similarity) ?? 0,
  };
  return {
    known: arrival.number - oldest.number + 1,
    knownMs: arrival.loggedMs - oldest.loggedMs,
    oldest: oldest.number,
    spanMs: windowMs + LATE_MS,
    ticketThreshold,
    reference,
  };
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

/** The other tickets, one of each requester, the newest. */
function onePerRequester(similar: readonly LookAlike[], newcomer: Arrival): Arrival[] {
  const seen = new Set(newcomer.requester === null ? [] : [newcomer.requester]);
  const found = similar.map((one) => one.arrival).toReversed();
  const people = found.filter(({ requester }) => requester === null || (!seen.has(requester) && seen.add(requester)));
  return people.reverse();
}
