import type { IncidentChange } from '../outcome';
import { MOST_OPEN } from '../rules';
import type { Arrival } from '../state/arrival';
import { burstAround, isAboveThreshold, togetherWith } from './burst';
import { type Hold, Incident } from '../incident/incident';
import { changeOf, newStatusOf } from '../incident/incident-change';
import type { SimilarTicket } from '../state/similarity-index';
import { meanOf } from '../incident/mean-vectors';
import { founderMember, newcomerMember, signalsOfHalf } from '../incident/membership';
import { type SimilarIncident, compareWithIncidents, mostSimilar } from '../incident/similar-incidents';
import { commonIdentifiers, mayHaveOneCause } from '../incident/one-cause';
import type { StormState } from '../state/storm-state';
import { holdFor, vouchedFounders } from './vouched-founders';

/** Decides where a newcomer belongs: it joins an incident, opens one, or stays alone. */
export function placeArrival(state: StormState, arrival: Arrival, near: readonly SimilarIncident[]): IncidentChange[] {
  // An operator decided about it before its entry was written.
  if (state.unlinked.has(arrival.ticketId) || state.incidentOf(arrival.ticketId)) return [];
  const open = mostSimilar(near, 'open');
  if (open) {
    state.join(open.incident, newcomerMember(open.incident, arrival, open.similarity));
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
    // It cannot open the incident: invented requesters must not cost much time each.
    arrival.keptOut = 'unverified_requesters';
    state.makeCountable(arrival);
    return joinSuspected(state, arrival, suspected);
  }
  const found = findBurst(state, arrival, hold);
  if (found?.vouched && state.countOf('open') < MOST_OPEN) {
    const changes = openIncident(state, arrival, found.founders, found.vouched);
    // What is left of the held incident is a part of the new one, or made by requesters who do not count.
    const isLeft = suspected?.incident.held && state.incidents.has(suspected.incident.id);
    return isLeft ? [...changes, state.dropSuspected(suspected.incident)] : changes;
  }
  if (found) arrival.keptOut = found.vouched ? 'too_many_incidents' : 'unverified_requesters';
  state.makeCountable(arrival);
  const isHeld = found !== null && found.vouched === null;
  if (suspected) {
    if (isHeld) suspected.incident.hold ??= holdFor(state, [...found.founders.map((one) => one.arrival), arrival]);
    return joinSuspected(state, arrival, suspected);
  }
  return isHeld ? holdIncident(state, arrival, found.founders) : [];
}

/** Adds a ticket to a suspected incident. */
function joinSuspected(
  state: StormState,
  arrival: Arrival,
  { incident, similarity }: SimilarIncident,
): IncidentChange[] {
  incident.join(founderMember(arrival, similarity, incident), state.nowMs);
  return [changeOf(incident, [arrival.ticketId])];
}

/** Makes a held incident of a burst with too few vouched requesters: suspected until enough arrive, or an operator confirms it. */
function holdIncident(state: StormState, arrival: Arrival, others: readonly SimilarTicket[]): IncidentChange[] {
  if (state.countOf('suspected') >= MOST_OPEN) return [];
  const changes = state.removeFromSuspected(others.map((one) => one.arrival.ticketId));
  const founders = [...others.map((one) => one.arrival), arrival];
  const incident = newIncident(state, arrival, founders, 'suspected');
  incident.hold = holdFor(state, founders);
  for (const one of others) incident.join(founderMember(one.arrival, one.similarity, incident), state.nowMs);
  incident.join(founderMember(arrival, 1, incident), state.nowMs);
  incident.chooseRepresentative();
  return [...changes, newStatusOf(incident, [...incident.members.keys()])];
}

/**
 * A ticket similar to a rejected incident counts only together with such tickets of vouched requesters who were no members of that. They open an incident if
 * they outnumber the vouched members of the rejected one that are still known: an operator found that so many are none.
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
  // Invented requesters must not raise the number that is needed.
  const others = members.flatMap((ticketId) => state.arrivals.get(ticketId) ?? []).filter((one) => one.isVouched);
  const excluded = similar.flatMap((one) => (one.arrival.isVouched ? [] : [one.arrival]));
  const burst = arrival.isVouched ? burstAround(state, arrival, counting, { others, excluded }) : null;
  const isLarger = burst !== null && burst.together > burst.before;
  if (isLarger && burst.exceedsReferenceRate() && state.countOf('open') < MOST_OPEN) {
    return openIncident(state, arrival, burst.founders, burst.founders);
  }
  state.makeCountable(arrival);
  return [];
}

/** A burst that a newcomer completes. */
interface FoundBurst {
  /** Tickets that become members with the newcomer. */
  readonly founders: readonly SimilarTicket[];
  /** Those that allow it to open an incident: see {@link vouchedFounders}. */
  readonly vouched: readonly SimilarTicket[] | null;
}

/** The burst that a newcomer completes; `null` for none. If many tickets are similar, the arrival notes why they are no burst. */
function findBurst(state: StormState, arrival: Arrival, hold: Hold | null): FoundBurst | null {
  const allSimilar = state.similarityIndex.similarTo(arrival);
  const similar = allSimilar.filter((one) => mayHaveOneCause(one.arrival, arrival));
  if (!isAboveThreshold(state, arrival, similar)) {
    const others = similar.length < allSimilar.length && isAboveThreshold(state, arrival, allSimilar);
    arrival.keptOut = others ? 'own_request' : null;
    return null;
  }
  const counting = withoutRejected(state, similar);
  if (hold) {
    // The burst exceeded the reference rate when the hold began; now the vouched requesters must.
    const founders = togetherWith(state, arrival, counting);
    return founders && { founders, vouched: vouchedFounders(state, arrival, counting, founders, hold) };
  }
  const burst = burstAround(state, arrival, counting);
  const founders = burst?.exceedsReferenceRate() ? burst.founders : null;
  if (founders) return { founders, vouched: vouchedFounders(state, arrival, counting, founders, null) };
  // Invented requesters must not raise the rate either: without them the burst may exceed it.
  const isMixed = counting.some((one) => one.arrival.isVouched) && counting.some((one) => !one.arrival.isVouched);
  const vouched = isMixed ? vouchedFounders(state, arrival, counting, [], null) : null;
  arrival.keptOut = burst && !vouched ? 'reference_rate' : null;
  return vouched && { founders: vouched, vouched };
}

/** Tickets similar to a newcomer that may have the same cause. */
function similarTo(state: StormState, arrival: Arrival): SimilarTicket[] {
  return state.similarityIndex.similarTo(arrival).filter((one) => mayHaveOneCause(one.arrival, arrival));
}

/** Leaves out tickets similar to a rejected incident: these count only with each other. */
function withoutRejected(state: StormState, similar: readonly SimilarTicket[]): readonly SimilarTicket[] {
  const rejected = [...state.incidents.values()].filter(({ status }) => status === 'rejected');
  if (rejected.length === 0) return similar;
  return similar.filter(
    ({ arrival }) => !rejected.some((incident) => incident.similarityTo(arrival, state.rules).belongs),
  );
}

/**
 * Opens an incident around a burst, or reopens the quiet one that it continues.
 * @param vouched - those of the others that define, with the newcomer, what the incident is about
 */
function openIncident(
  state: StormState,
  arrival: Arrival,
  others: readonly SimilarTicket[],
  vouched: readonly SimilarTicket[],
): IncidentChange[] {
  const near = compareWithIncidents(state, arrival, 'all');
  const changes = state.removeFromSuspected(others.map((one) => one.arrival.ticketId));
  const quiet = mostSimilar(near, 'quiet');
  const continues = quiet && state.nowMs - quiet.incident.lastMemberMs <= state.rules.reopenMs;
  const founders = [...others.map((one) => one.arrival), arrival];
  const incident = continues
    ? quiet.incident
    : newIncident(state, arrival, [...vouched.map((one) => one.arrival), arrival], 'open', near);
  if (continues) incident.become('open', state.nowMs);
  for (const one of others) state.join(incident, founderMember(one.arrival, one.similarity, incident));
  state.join(incident, newcomerMember(incident, arrival, continues ? quiet.similarity : 1));
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
    signalsOfHalf(founders.filter((founder) => founder !== founding)),
    founders.some(({ elsewhere }) => elsewhere?.notified),
  );
  if (status === 'open') incident.openedMs = state.nowMs;
  state.incidents.set(incident.id, incident);
  return incident;
}
