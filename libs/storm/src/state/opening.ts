import type { IncidentChange } from '../outcome';
import { MOST_OPEN } from '../rules';
import type { Arrival } from './arrival';
import { burstAround, isAboveThreshold, togetherWith } from './burst';
import { type Hold, Incident } from './incident';
import { changeOf, newStatusOf } from './incident-change';
import type { SimilarTicket } from './similarity-index';
import { meanOf } from './mean-vectors';
import { founderOf, newcomerTo, saidByHalf } from './membership';
import { type SimilarIncident, compareWithIncidents, mostSimilar } from './similar-incidents';
import { commonIdentifiers, mayHaveOneCause } from './one-cause';
import type { StormState } from './storm-state';
import { holdFor, verifiedFounders } from './verified-founders';

/** Finds out where a newcomer belongs, and lets it join or open an incident. */
export function place(state: StormState, arrival: Arrival, near: readonly SimilarIncident[]): IncidentChange[] {
  // An operator has decided about it before its entry was written.
  if (state.unlinked.has(arrival.ticketId) || state.holderOf(arrival.ticketId)) return [];
  const open = mostSimilar(near, 'open');
  if (open) {
    state.join(open.incident, newcomerTo(open.incident, arrival, open.similarity));
    open.incident.isDegraded ||= open.isDegraded && !arrival.isMachine;
    return [changeOf(open.incident, [arrival.ticketId])];
  }
  const rejected = mostSimilar(near, 'rejected');
  if (rejected) {
    rejected.incident.lastSimilarMs = state.nowMs;
    return placeAfterRejection(state, arrival, near);
  }
  const suspected = mostSimilar(near, 'suspected');
  const hold = suspected?.incident.hold ?? null;
  if (suspected && hold && !arrival.isVouched) {
    // Whatever it completes does not open: those who invent requesters must not have much worked out for each.
    arrival.keptOut = 'unverified_requesters';
    state.count(arrival);
    return follow(state, arrival, suspected);
  }
  const found = findBurst(state, arrival, hold);
  if (found?.voices && state.countOf('open') < MOST_OPEN) {
    const changes = openIncident(state, arrival, found.founders, found.voices);
    // What was held of it is part of it, or was made by those who do not count.
    const isLeft = suspected?.incident.held && state.known.has(suspected.incident.id);
    return isLeft ? [...changes, state.drop(suspected.incident)] : changes;
  }
  if (found) arrival.keptOut = found.voices ? 'too_many_incidents' : 'unverified_requesters';
  state.count(arrival);
  const isHeld = found !== null && found.voices === null;
  if (suspected) {
    if (isHeld) suspected.incident.hold ??= holdFor(state, [...found.founders.map((one) => one.arrival), arrival]);
    return follow(state, arrival, suspected);
  }
  return isHeld ? holdIncident(state, arrival, found.founders) : [];
}

/** A ticket joins a suspected incident. */
function follow(state: StormState, arrival: Arrival, { incident, similarity }: SimilarIncident): IncidentChange[] {
  incident.join(founderOf(arrival, similarity, incident), state.nowMs);
  return [changeOf(incident, [arrival.ticketId])];
}

/** A burst by requesters for whom too few vouch is an incident that is only suspected, until enough do or an operator confirms it. */
function holdIncident(state: StormState, arrival: Arrival, others: readonly SimilarTicket[]): IncidentChange[] {
  if (state.countOf('suspected') >= MOST_OPEN) return [];
  const changes = state.takeFromSuspected(others.map((one) => one.arrival.ticketId));
  const founders = [...others.map((one) => one.arrival), arrival];
  const incident = newIncident(state, arrival, founders, 'suspected');
  incident.hold = holdFor(state, founders);
  for (const one of others) incident.join(founderOf(one.arrival, one.similarity, incident), state.nowMs);
  incident.join(founderOf(arrival, 1, incident), state.nowMs);
  incident.chooseRepresentative();
  return [...changes, newStatusOf(incident, [...incident.members.keys()])];
}

/**
 * A ticket that would belong to a rejected incident counts only with others of its kind by vouched requesters who were no members of it, and opens an
 * incident with them if these outnumber the vouched ones that are still known of the rejected one: an operator has said that so many are none.
 */
function placeAfterRejection(state: StormState, arrival: Arrival, near: readonly SimilarIncident[]): IncidentChange[] {
  const rejected = near.flatMap(({ incident, belongs }) =>
    belongs && incident.status === 'rejected' ? [incident] : [],
  );
  const isNew = ({ requester }: Arrival) =>
    requester === null || !rejected.some(({ formerRequesters }) => formerRequesters.has(requester));
  if (!isNew(arrival)) return [];
  const similar = similarTo(state, arrival);
  const counting = similar.filter((one) => one.arrival.isVouched && isNew(one.arrival));
  const members = rejected.flatMap((incident) => [...incident.members.keys()]);
  // Those who invent requesters must not make it harder for customers to be heard.
  const others = members.flatMap((ticketId) => state.arrivals.get(ticketId) ?? []).filter((one) => one.isVouched);
  const apart = similar.flatMap((one) => (one.arrival.isVouched ? [] : [one.arrival]));
  const burst = arrival.isVouched ? burstAround(state, arrival, counting, { others, apart }) : null;
  const isLarger = burst !== null && burst.together > burst.before;
  if (isLarger && burst.isMoreThanUsual() && state.countOf('open') < MOST_OPEN) {
    return openIncident(state, arrival, burst.founders, burst.founders);
  }
  state.count(arrival);
  return [];
}

/** A burst that a newcomer completes. */
interface FoundBurst {
  /** Tickets that are members with the newcomer. */
  readonly founders: readonly SimilarTicket[];
  /** Those by whom it may open an incident: see {@link verifiedFounders}. */
  readonly voices: readonly SimilarTicket[] | null;
}

/** The burst that a newcomer completes; `null` if it does not, and then it is noted why, should many be similar to it. */
function findBurst(state: StormState, arrival: Arrival, hold: Hold | null): FoundBurst | null {
  const alike = state.similarityIndex.similarTo(arrival);
  const similar = alike.filter((one) => mayHaveOneCause(one.arrival, arrival));
  if (!isAboveThreshold(state, arrival, similar)) {
    const others = similar.length < alike.length && isAboveThreshold(state, arrival, alike);
    arrival.keptOut = others ? 'own_request' : null;
    return null;
  }
  const counting = withoutRejected(state, similar);
  if (hold) {
    // It was more than usual when it was held; by now the question is whether the voices are.
    const founders = togetherWith(state, arrival, counting);
    return founders && { founders, voices: verifiedFounders(state, arrival, counting, founders, hold) };
  }
  const burst = burstAround(state, arrival, counting);
  const founders = burst?.isMoreThanUsual() ? burst.founders : null;
  if (founders) return { founders, voices: verifiedFounders(state, arrival, counting, founders, null) };
  // Those who invent requesters must not make a matter usual, either: without them it may be more than that.
  const isMixed = counting.some((one) => one.arrival.isVouched) && counting.some((one) => !one.arrival.isVouched);
  const voices = isMixed ? verifiedFounders(state, arrival, counting, [], null) : null;
  arrival.keptOut = burst && !voices ? 'as_usual' : null;
  return voices && { founders: voices, voices };
}

/** Tickets that are similar to a newcomer and may have the same cause. */
function similarTo(state: StormState, arrival: Arrival): SimilarTicket[] {
  return state.similarityIndex.similarTo(arrival).filter((one) => mayHaveOneCause(one.arrival, arrival));
}

/** Without those that would belong to a rejected incident: they count only with each other. */
function withoutRejected(state: StormState, similar: readonly SimilarTicket[]): readonly SimilarTicket[] {
  const rejected = [...state.known.values()].filter(({ status }) => status === 'rejected');
  if (rejected.length === 0) return similar;
  return similar.filter(
    ({ arrival }) => !rejected.some((incident) => incident.similarityTo(arrival, state.rules).belongs),
  );
}

/**
 * A burst: opens an incident around it, or goes on with the one that was quiet.
 * @param voices - those of the others that say, with the newcomer, what it is about
 */
function openIncident(
  state: StormState,
  arrival: Arrival,
  others: readonly SimilarTicket[],
  voices: readonly SimilarTicket[],
): IncidentChange[] {
  const near = compareWithIncidents(state, arrival, 'all');
  const changes = state.takeFromSuspected(others.map((one) => one.arrival.ticketId));
  const quiet = mostSimilar(near, 'quiet');
  const continues = quiet && state.nowMs - quiet.incident.lastMemberMs <= state.rules.reopenMs;
  const founders = [...others.map((one) => one.arrival), arrival];
  const incident = continues
    ? quiet.incident
    : newIncident(state, arrival, [...voices.map((one) => one.arrival), arrival], 'open', near);
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
  status: 'suspected' | 'open',
  near: readonly SimilarIncident[] = [],
): Incident {
  const towards = [meanOf([founding]), meanOf(founders)];
  const previous = mostSimilar(near, 'resolved') ?? mostSimilar(near, 'quiet');
  const attraction = { towards, similarity: null, identifiers: commonIdentifiers(founders) };
  const incident = new Incident(
    `incident-${founding.entryId}`,
    status,
    null,
    attraction,
    state.nowMs,
    previous?.incident.id ?? null,
    saidByHalf(founders.filter((founder) => founder !== founding)),
    founders.some(({ elsewhere }) => elsewhere?.told),
  );
  if (status === 'open') incident.openedMs = state.nowMs;
  state.known.set(incident.id, incident);
  return incident;
}
