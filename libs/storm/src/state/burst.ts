import { LATE_MS } from '../rules';
import { densestSpan } from '../window/densest-span';
import type { Arrival } from './arrival';
import type { LookAlike } from './look-alikes';
import { type Traffic, isMoreThanUsual } from './more-than-usual';
import type { StormState } from './storm-state';

/** More requesters than the threshold with similar tickets in one window. */
export interface Burst {
  /** The tickets of the window but the newcomer. */
  readonly founders: LookAlike[];
  /** How many requesters wrote them, the newcomer's included, and how many others wrote the similar tickets that are still known. */
  readonly together: number;
  readonly before: number;
  readonly isMoreThanUsual: boolean;
}

/** Whether more requesters than the threshold wrote similar tickets in one window, the newcomer's included. */
export function isAboveThreshold(state: StormState, arrival: Arrival, similar: readonly LookAlike[]): boolean {
  return spanAround(state, arrival, similar).requesters > state.rules.ticketThreshold;
}

function spanAround({ rules }: StormState, arrival: Arrival, similar: readonly LookAlike[]) {
  return densestSpan([...similar.map((one) => one.arrival), arrival], arrival.receivedMs, rules.windowMs);
}

/**
 * The burst that a newcomer belongs to; `null` if there are not enough requesters.
 * @param others - further tickets about the same, which show what is usual and found nothing
 */
export function burstAround(
  state: StormState,
  arrival: Arrival,
  similar: readonly LookAlike[],
  others: readonly Arrival[] = [],
): Burst | null {
  const { requesters, reports } = spanAround(state, arrival, similar);
  if (requesters <= state.rules.ticketThreshold) return null;
  const together = new Set(reports);
  const all = [...similar.map((one) => one.arrival), ...others].sort((a, b) => a.number - b.number);
  const people = onePerRequester(all, arrival);
  const inSpan = people.filter((one) => together.has(one));
  return {
    founders: similar.filter((one) => together.has(one.arrival)),
    together: inSpan.length + 1,
    before: people.length - inSpan.length,
    isMoreThanUsual: isMoreThanUsual(arrival, people, inSpan, trafficAt(state, arrival)),
  };
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

/** The other tickets, one of each requester, the newest. */
function onePerRequester(similar: readonly Arrival[], newcomer: Arrival): Arrival[] {
  const seen = new Set(newcomer.requester === null ? [] : [newcomer.requester]);
  const people = similar
    .toReversed()
    .filter(({ requester }) => requester === null || (!seen.has(requester) && seen.add(requester)));
  return people.reverse();
}
