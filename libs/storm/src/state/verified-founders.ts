import { HOLD_MS } from '../rules';
import type { Arrival } from './arrival';
import { burstAround } from './burst';
import type { Hold } from './incident';
import type { SimilarTicket } from './similarity-index';
import type { StormState } from './storm-state';

/** Of the threshold, what the vouched requesters of a held burst, or those of a second source, must exceed. */
const SHARE_OF_THRESHOLD = 0.5;

/**
 * The founders by whom a burst may open an incident; `null` if it may not. They must be a burst by themselves, with the newcomer among them and the others thought
 * away: an invented requester costs nothing, so it must not help. Vouched requesters may, above the threshold; in an incident that is held, above half of it, if
 * it has been held for long enough or they are of another source than the one that had the most requesters when it was held.
 * @param similar - all tickets that are similar to the newcomer and may have the same cause
 * @param hold - of the suspected incident that the newcomer belongs to, if that is held
 */
export function verifiedFounders(
  state: StormState,
  arrival: Arrival,
  similar: readonly SimilarTicket[],
  founders: readonly SimilarTicket[],
  hold: Hold | null,
): readonly SimilarTicket[] | null {
  // Also wherever no setting says who vouches.
  if (hold === null && arrival.isVouched && similar.every((one) => one.arrival.isVouched)) return founders;
  const amongThem = (areThey: (one: Arrival) => boolean, threshold?: number): readonly SimilarTicket[] | null => {
    if (!areThey(arrival)) return null;
    const they = similar.filter((one) => areThey(one.arrival));
    const apart = similar.flatMap((one) => (areThey(one.arrival) ? [] : [one.arrival]));
    const burst = burstAround(state, arrival, they, { apart, ...(threshold !== undefined && { threshold }) });
    return burst?.isMoreThanUsual() ? burst.founders : null;
  };
  const vouched = amongThem(({ isVouched }) => isVouched);
  if (vouched || !hold) return vouched;
  const half = Math.floor(state.rules.ticketThreshold * SHARE_OF_THRESHOLD);
  const isHeldForLong = state.nowMs - hold.sinceMs >= HOLD_MS;
  const isOther = ({ source }: Arrival): boolean => source !== null && source !== hold.source;
  return amongThem((one) => one.isVouched && (isHeldForLong || isOther(one)), half);
}

/** An incident is held from now on, because too few of those who made it are vouched for. */
export function holdFor({ nowMs }: StormState, arrivals: readonly Arrival[]): Hold {
  return { sinceMs: nowMs, source: largestSource(arrivals) };
}

/** The source of the most requesters, of several the first; `null` if no source is known. Tickets without a requester count as one each. */
function largestSource(arrivals: readonly Arrival[]): string | null {
  const requesters = new Map<string, Set<string>>();
  for (const { source, requester, ticketId } of arrivals) {
    if (source === null) continue;
    const known = requesters.get(source) ?? new Set();
    requesters.set(source, known.add(requester ?? `: ${ticketId}`));
  }
  let largest: string | null = null;
  let most = 0;
  for (const [source, { size }] of requesters) if (size > most) [largest, most] = [source, size];
  return largest;
}
