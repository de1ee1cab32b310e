import { hypergeometricTail } from './hypergeometric-tail';

/**
 * How alike tickets must be at least, tried one after the other: words differ more about some troubles than about others.
 * These figures and those below are the prototype's; `tools:suspicions` measures what they find and how often they err.
 */
export const SUSPECTED_SIMILARITIES = [0.55, 0.65, 0.75, 0.85] as const;

/** Fewer look-alikes are no burst, however improbable. */
export const FEWEST = 5;

/** The share among the tickets of the window must be so many times the usual one: among many tickets even a small difference is improbable. */
const TIMES_USUAL = 3;

/** As long as fewer own tickets tell what is usual, others stand in for them, and more look-alikes are asked for: those know the service less. */
export const OWN_REFERENCE = 500;

/** Months have at least so many tickets, as far as alarms are concerned: where few come, each must not be allowed a large part of them. */
const FEWEST_A_MONTH = 1_000;

/** What a newcomer is compared with. */
export interface SuspicionCounts {
  /** Tickets of the window, the newcomer not counted; one a requester. */
  readonly inWindow: number;
  /** Of these, how like the newcomer they are; only those at or above the lowest similarity need be given. */
  readonly likeInWindow: readonly number[];
  /** Tickets that tell what is usual. */
  readonly inReference: number;
  readonly likeInReference: readonly number[];
  /** How many of these are the service's own. */
  readonly ownInReference: number;
  readonly ticketsAMonth: number;
}

/** What a suspicion is made by. */
export interface SuspicionRules {
  /** Alarms without cause that are put up with in a month; above 0. */
  readonly falseAlarmsPerMonth: number;
  /** As in the rules of storms. */
  readonly ticketThreshold: number;
}

/** Why a burst is suspected. */
export interface Suspicion {
  /** The similarity at which it is least probable. */
  readonly similarity: number;
  /** Look-alikes in the window. */
  readonly count: number;
  /** How probable so many are among tickets as usual: the smallest of the values tried, times their number (Bonferroni). */
  readonly probability: number;
}

/**
 * Whether so many tickets are like a newcomer that chance does not explain it. Compares the window with what is usual by Fisher's one-sided test,
 * at each of the similarities; with a bound that over a month of usual tickets is passed as often as one puts up with.
 */
export function suspicionOf(counts: SuspicionCounts, rules: SuspicionRules): Suspicion | null {
  const { inWindow, inReference, ownInReference } = counts;
  const bound = rules.falseAlarmsPerMonth / Math.max(FEWEST_A_MONTH, counts.ticketsAMonth);
  const fewest = ownInReference < OWN_REFERENCE ? Math.max(FEWEST, rules.ticketThreshold) : FEWEST;
  let best: Suspicion | null = null;
  for (const similarity of SUSPECTED_SIMILARITIES) {
    const count = counts.likeInWindow.filter((value) => value >= similarity).length;
    const usual = counts.likeInReference.filter((value) => value >= similarity).length;
    if (count < fewest || count / inWindow < (TIMES_USUAL * (usual + 1)) / (inReference + 1)) continue;
    const tail = hypergeometricTail(inWindow + inReference, count + usual, inWindow, count);
    const probability = Math.min(1, SUSPECTED_SIMILARITIES.length * tail);
    if (probability < bound && (!best || probability < best.probability)) best = { similarity, count, probability };
  }
  return best;
}
