import { burstProbability } from '../window/burst-probability';
import { hypergeometricTail } from '../window/hypergeometric-tail';
import { MONTH_MS, isLowTraffic } from '../window/low-traffic';
import type { Arrival } from './arrival';
import { embeddingGroupOf } from './ticket-vectors';

/** How often in a month chance may open an incident. By judgement: it suppresses tickets, which a mere suspicion does not. */
const FALSE_STORMS_PER_MONTH = 0.1;

/** The share among the latest tickets must be so many times the usual one: among many tickets even a small difference is improbable. */
const TIMES_USUAL = 3;

/** What is known of the traffic when a newcomer might open an incident. */
export interface Traffic {
  /** The place of a ticket in the log. */
  readonly placeOf: (ticket: Arrival) => number;
  /** Tickets of the last minutes, the newcomer included. */
  readonly known: number;
  /** The place of the oldest of them in the log. */
  readonly oldest: number;
  /** How long ago the oldest of them was logged, in milliseconds. */
  readonly knownMs: number;
  /** How long tickets stay known, in milliseconds. */
  readonly spanMs: number;
  /** An incident opens at strictly more requesters than this. */
  readonly ticketThreshold: number;
  /**
   * Tickets of the last days that could be compared with the newcomer, and how many of them are about its matter; both 0 where that is not known.
   */
  readonly reference: { readonly tickets: number; readonly similar: number };
}

/**
 * Whether similar tickets are more than usual, and not only many: at forty thousand tickets a day any common matter has more than ten in five minutes.
 * Compares those of the span with what came before them in the log, by their places in it, and with the tickets of the last days.
 * @param similar - all similar tickets of the log but the newcomer, one of each requester, in the order of the log
 * @param inSpan - those of them that arrived together with the newcomer
 */
export function isMoreThanUsual(
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
  // Without a usual rate the count alone decides.
  if (!isLowTraffic(known, isMostOfAll ? 0 : known - together, knownMs)) {
    const isRising = inSpan.length * (others - span) >= TIMES_USUAL * before * span;
    const places = similar.map((one) => placeOf(one) - oldest);
    if (!isRising || burstProbability(places, others, ticketThreshold) >= bound) return false;
  }
  return reference.similar === 0 || isAboveReference(newcomer, inSpan, reference, bound);
}

/** Only of tickets that can be compared with the newcomer: the reference knows of no others, such as the alarms of a monitor. */
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
  const isAbove = found * reference.tickets >= TIMES_USUAL * reference.similar * span;
  return isAbove && hypergeometricTail(reference.tickets + span, reference.similar + found, span, found) < bound;
}
