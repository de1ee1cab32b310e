import { LATE_MS } from '../rules';
import { densestSpan } from '../statistics/densest-span';
import type { Arrival } from '../state/arrival';
import type { SimilarTicket } from '../state/similarity-index';
import { type Traffic, exceedsReferenceRate } from './reference-rate';
import type { StormState } from '../state/storm-state';

/** Similar tickets of more requesters than a threshold in one window. */
export interface Burst {
  /** The tickets of the window without the newcomer. */
  readonly founders: SimilarTicket[];
  /** Requesters of these tickets and the newcomer, and other requesters of similar tickets that are still known. */
  readonly together: number;
  readonly before: number;
  /** Whether the tickets exceed the rate at which such tickets arrive: see {@link exceedsReferenceRate}. Computed when it is called. */
  exceedsReferenceRate(): boolean;
}

interface BurstOptions {
  readonly threshold?: number;
  readonly others?: readonly Arrival[];
  readonly excluded?: readonly Arrival[];
}

/** Whether more requesters than the threshold wrote similar tickets in one window, the newcomer's included. */
export function isAboveThreshold(state: StormState, arrival: Arrival, similar: readonly SimilarTicket[]): boolean {
  return spanAround(state, arrival, similar).requesters > state.rules.ticketThreshold;
}

/** The similar tickets of the window with the most requesters; `null` if these are not more than the threshold. */
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
 * The burst that a newcomer completes; `null` if there are not enough requesters.
 * @param threshold - a burst has more requesters than this; by default that of the rules
 * @param others - further tickets about the matter, which count for the rate and are no founders
 * @param excluded - tickets that are counted as if the log did not have them
 */
export function burstAround(
  state: StormState,
  arrival: Arrival,
  similar: readonly SimilarTicket[],
  { threshold = state.rules.ticketThreshold, others = [], excluded = [] }: BurstOptions = {},
): Burst | null {
  const { requesters, reports } = spanAround(state, arrival, similar);
  if (requesters <= threshold) return null;
  const together = new Set(reports);
  const all = [...similar.map((one) => one.arrival), ...others].sort((a, b) => a.number - b.number);
  const perRequester = onePerRequester(all, arrival);
  const inSpan = perRequester.filter((one) => together.has(one));
  return {
    founders: similar.filter((one) => together.has(one.arrival)),
    together: inSpan.length + 1,
    before: perRequester.length - inSpan.length,
    exceedsReferenceRate: () =>
      exceedsReferenceRate(arrival, perRequester, inSpan, trafficAt(state, arrival, threshold, placeWithout(excluded))),
  };
}

/** The place of a ticket in the log without the excluded tickets. */
function placeWithout(excluded: readonly Arrival[]): Traffic['placeOf'] {
  if (excluded.length === 0) return ({ number }) => number;
  const numbers = excluded.map(({ number }) => number).sort((a, b) => a - b);
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

/** The newest ticket of each requester other than the newcomer's. */
function onePerRequester(similar: readonly Arrival[], newcomer: Arrival): Arrival[] {
  const seen = new Set(newcomer.requester === null ? [] : [newcomer.requester]);
  const perRequester = similar
    .toReversed()
    .filter(({ requester }) => requester === null || (!seen.has(requester) && seen.add(requester)));
  return perRequester.reverse();
}
