import { HOLD_MS } from '../rules';
import type { Arrival } from '../state/arrival';
import { burstAround } from './burst';
import type { Hold } from '../incident/incident';
import type { SimilarTicket } from '../state/similarity-index';
import type { StormState } from '../state/storm-state';

/** Share of the threshold that the vouched requesters of a held incident, or those of a second source, must exceed. */
const SHARE_OF_THRESHOLD = 0.5;

/**
 * The founders that allow a burst to open an incident; `null` if it may not open. They must be a burst by themselves, with the newcomer among them and all other
 * tickets excluded: an invented requester costs nothing, so it must not help. Vouched requesters suffice above the threshold; in a held incident above half of it,
 * if it has been held for long enough, or if they are of another source than the one with the most requesters when the hold began.
 * @param similar - all tickets similar to the newcomer that may have the same cause
 * @param hold - of the suspected incident to which the newcomer belongs, if that is held
 */
export function vouchedFounders(
  state: StormState,
  arrival: Arrival,
  similar: readonly SimilarTicket[],
  founders: readonly SimilarTicket[],
  hold: Hold | null,
): readonly SimilarTicket[] | null {
  // Also where no setting restricts who vouches.
  if (hold === null && arrival.isVouched && similar.every((one) => one.arrival.isVouched)) return founders;
  const foundersAmong = (counts: (one: Arrival) => boolean, threshold?: number): readonly SimilarTicket[] | null => {
    if (!counts(arrival)) return null;
    const counting = similar.filter((one) => counts(one.arrival));
    const excluded = similar.flatMap((one) => (counts(one.arrival) ? [] : [one.arrival]));
    const burst = burstAround(state, arrival, counting, { excluded, ...(threshold !== undefined && { threshold }) });
    return burst?.exceedsReferenceRate() ? burst.founders : null;
  };
  const vouched = foundersAmong(({ isVouched }) => isVouched);
  if (vouched || !hold) return vouched;
  const half = Math.floor(state.rules.ticketThreshold * SHARE_OF_THRESHOLD);
  const isHeldLongEnough = state.nowMs - hold.sinceMs >= HOLD_MS;
  const isOther = ({ source }: Arrival): boolean => source !== null && source !== hold.source;
  return foundersAmong((one) => one.isVouched && (isHeldLongEnough || isOther(one)), half);
}

/** The hold of an incident with too few vouched requesters, from now on. */
export function holdFor({ nowMs }: StormState, arrivals: readonly Arrival[]): Hold {
  return { sinceMs: nowMs, source: largestSource(arrivals) };
}

/** The source with the most requesters, of several the first; `null` if no source is known. A ticket without a requester counts as one. */
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
