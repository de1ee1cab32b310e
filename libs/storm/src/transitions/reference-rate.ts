import { burstProbability, hypergeometricTail } from '../statistics/burst-probability';
import { MONTH_MS, isLowTraffic } from '../statistics/low-traffic';
import type { Arrival } from '../state/arrival';
import { embeddingGroupOf } from '../state/ticket-vectors';

/** False incidents accepted per month. By judgement: an open incident suppresses tickets, which a suspected one does not. */
const FALSE_STORMS_PER_MONTH = 0.1;

/** The share among the latest tickets must be so many times that of the reference: among many tickets even a small difference is improbable. */
const TIMES_REFERENCE_RATE = 3;

/** The traffic in which a newcomer may open an incident. */
export interface Traffic {
  /** The place of a ticket in the log. */
  readonly placeOf: (ticket: Arrival) => number;
  /** Known tickets, the newcomer included. */
  readonly known: number;
  /** Place of the oldest of them in the log. */
  readonly oldest: number;
  /** Age of the oldest of them by the log, in milliseconds. */
  readonly knownMs: number;
  /** How long tickets stay known, in milliseconds. */
  readonly spanMs: number;
  /** An incident opens at strictly more requesters than this. */
  readonly ticketThreshold: number;
  /**
   * Tickets of the last days, and how many of them are about the newcomer's matter; both 0 where that is not known.
   */
  readonly reference: { readonly tickets: number; readonly similar: number };
}

/**
 * Whether similar tickets arrive at a higher rate than before, and are not only many: at forty thousand tickets a day any common matter has more than ten in
 * five minutes. Compares those of the span with earlier ones by their places in the log, and with the tickets of the last days.
 * @param similar - all known similar tickets but the newcomer, one for each requester, in the order of the log
 * @param inSpan - those of them that arrived together with the newcomer
 */
export function exceedsReferenceRate(
  newcomer: Arrival,
  similar: readonly Arrival[],
  inSpan: readonly Arrival[],
  { placeOf, known, knownMs, oldest, spanMs, ticketThreshold, reference }: Traffic,
): boolean {
  const ticketsAMonth = Math.max(1_000, (known * MONTH_MS) / spanMs);
  const bound = FALSE_STORMS_PER_MONTH / ticketsAMonth;
  const others = known - 1;
  const first = Math.min(...inSpan.map(placeOf), placeOf(newcomer));
  const span = placeOf(newcomer) - first;
  const before = similar.length - inSpan.length;
  const together = inSpan.length + 1;
  const isMostOfAll = 2 * together > known;
  // In low traffic no rate is known: there the count alone decides.
  if (!isLowTraffic(known, isMostOfAll ? 0 : known - together, knownMs)) {
    const isRising = inSpan.length * (others - span) >= TIMES_REFERENCE_RATE * before * span;
    const places = similar.map((one) => placeOf(one) - oldest);
    if (!isRising || burstProbability(places, others, ticketThreshold) >= bound) return false;
  }
  return reference.similar === 0 || isAboveReference(newcomer, inSpan, reference, bound);
}

/** Counts only tickets that can be compared with the newcomer: the reference has no others, such as the alarms of a monitor. */
function isAboveReference(
  newcomer: Arrival,
  inSpan: readonly Arrival[],
  reference: Traffic['reference'],
  bound: number,
): boolean {
  const group = embeddingGroupOf(newcomer);
  const numbers = inSpan.filter((one) => embeddingGroupOf(one) === group).map(({ groupNumber }) => groupNumber);
  const span = newcomer.groupNumber - Math.min(newcomer.groupNumber, ...numbers);
  const found = numbers.length;
  const isAbove = found * reference.tickets >= TIMES_REFERENCE_RATE * reference.similar * span;
  return isAbove && hypergeometricTail(reference.tickets + span, reference.similar + found, span, found) < bound;
}
