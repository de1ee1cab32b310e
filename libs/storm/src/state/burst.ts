import { LATE_MS } from '../rules';
import { densestSpan } from '../window/densest-span';
import type { Arrival } from './arrival';
import type { SimilarTicket } from './similarity-index';
import { type Traffic, isMoreThanUsual } from './more-than-usual';
import type { StormState } from './storm-state';

/** More requesters than a threshold with similar tickets in one window. */
export interface Burst {
  /** The tickets of the window but the newcomer. */
  readonly founders: SimilarTicket[];
  /** How many requesters wrote them, the newcomer's included, and how many others wrote the similar tickets that are still known. */
  readonly together: number;
  readonly before: number;
  /** Worked out when it is asked for. */
  isMoreThanUsual(): boolean;
}

interface BurstOptions {
  readonly threshold?: number;
  readonly others?: readonly Arrival[];
  readonly apart?: readonly Arrival[];
}

/** Whether more requesters than the threshold wrote similar tickets in one window, the newcomer's included. */
export function isAboveThreshold(state: StormState, arrival: Arrival, similar: readonly SimilarTicket[]): boolean {
  return spanAround(state, arrival, similar).requesters > state.rules.ticketThreshold;
}

/** The similar tickets of the window in which most requesters wrote; `null` if these are not more than the threshold. */
export function togetherWith(
  state: StormState,
  arrival: Arrival,
  similar: readonly SimilarTicket[],
): readonly SimilarTicket[] | null {
  const { requesters, reports } = spanAround(state, arrival, similar);
  const together = new Set(reports);
  return requesters > state.rules.ticketThreshold ? similar.filter((one) => together.has(one.arrival)) : null;
}

function spanAround({ rules }: StormState, arrival: Arrival, similar: readonly SimilarTicket[]) {
  return densestSpan([...similar.map((one) => one.arrival), arrival], arrival.receivedMs, rules.windowMs);
}

/**
 * The burst that a newcomer belongs to; `null` if there are not enough requesters.
 * @param threshold - it takes more requesters than this; the rules' own by default
 * @param others - further tickets about the same, which show what is usual and found nothing
 * @param apart - tickets that are thought away: those of the log are counted as if they had not come
 */
export function burstAround(
  state: StormState,
  arrival: Arrival,
  similar: readonly SimilarTicket[],
  { threshold = state.rules.ticketThreshold, others = [], apart = [] }: BurstOptions = {},
): Burst | null {
  const { requesters, reports } = spanAround(state, arrival, similar);
  if (requesters <= threshold) return null;
  const together = new Set(reports);
  const all = [...similar.map((one) => one.arrival), ...others].sort((a, b) => a.number - b.number);
  const people = onePerRequester(all, arrival);
  const inSpan = people.filter((one) => together.has(one));
  return {
    founders: similar.filter((one) => together.has(one.arrival)),
    together: inSpan.length + 1,
    before: people.length - inSpan.length,
    isMoreThanUsual: () =>
      isMoreThanUsual(arrival, people, inSpan, trafficAt(state, arrival, threshold, placeWithout(apart))),
  };
}

/** The place of a ticket in the log, as if some others had not come. */
function placeWithout(apart: readonly Arrival[]): Traffic['placeOf'] {
  if (apart.length === 0) return ({ number }) => number;
  const numbers = apart.map(({ number }) => number).sort((a, b) => a - b);
  return ({ number }) => {
    let [low, high] = [0, numbers.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((numbers[middle] as number) < number) low = middle + 1;
      else high = middle;
    }
    return number - low;
  };
}

function trafficAt(state: StormState, arrival: Arrival, ticketThreshold: number, placeOf: Traffic['placeOf']): Traffic {
  const { windowMs, similarity } = state.rules;
  const { oldest = arrival } = state.arrivals;
  const reference = {
    tickets: state.reference?.encoded.tickets ?? 0,
    similar: state.reference?.countOf(arrival, similarity) ?? 0,
  };
  return {
    placeOf,
    known: placeOf(arrival) - placeOf(oldest) + 1,
    knownMs: arrival.loggedMs - oldest.loggedMs,
    oldest: placeOf(oldest),
    spanMs: windowMs + LATE_MS,
    ticketThreshold,
    reference,
  };
}

/** The other tickets, one of each requester, the newest. */
function onePerRequester(similar: readonly Arrival[], newcomer: Arrival): Arrival[] {
  const seen = new Set(newcomer.requester === null ? [] : [newcomer.requester]);
  const people = similar
    .toReversed()
    .filter(({ requester }) => requester === null || (!seen.has(requester) && seen.add(requester)));
  return people.reverse();
}
