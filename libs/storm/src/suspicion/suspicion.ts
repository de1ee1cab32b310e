import { hypergeometricTail } from './hypergeometric-tail';

/**
 * How alike is "alike" differs with what people write about, so it is measured by what is usual: as alike as hardly any of the usual tickets are to
 * the newcomer, namely so many of them. Tried one after the other. Chosen on data/bursts/choosing.jsonl, see decision 17.
 */
const USUAL_LOOK_ALIKES = [0, 2, 8, 32] as const;

/** Tickets that are less alike have nothing in common, however unusual the newcomer; a cosine of what is left without the mean. */
export const LEAST_LIKENESS = 0.2;

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
  /** Of these, how like the newcomer they are; only those of {@link LEAST_LIKENESS} and more need be given. */
  readonly likeInWindow: readonly number[];
  /** Tickets that tell what is usual. */
  readonly inReference: number;
  /** How like the newcomer each of these is, by its place. Asked for only as far as a suspicion is still possible. */
  readonly likeInReference: (place: number) => number;
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
  /** Look-alikes are those that are more like the newcomer than this: where they are least probable. */
  readonly likeness: number;
  /** Look-alikes in the window. */
  readonly count: number;
  /** Look-alikes among the usual tickets. */
  readonly usual: number;
  /** How probable so many are among tickets as usual: the smallest of the values tried, times their number (Bonferroni). */
  readonly probability: number;
}

/**
 * Whether so many tickets are like a newcomer that chance does not explain it. Compares the window with what is usual by Fisher's one-sided test,
 * at each of several likenesses; with a bound that over a month of usual tickets is passed as often as one puts up with.
 */
export function suspicionOf(counts: SuspicionCounts, rules: SuspicionRules): Suspicion | null {
  const { inWindow, inReference } = counts;
  const alike = descending(counts.likeInWindow.filter((likeness) => likeness > LEAST_LIKENESS));
  const usual = usualLikenesses(counts, alike, fewestLookAlikes(counts, rules));
  if (!usual) return null;
  const bound = rules.falseAlarmsPerMonth / Math.max(FEWEST_A_MONTH, counts.ticketsAMonth);
  let best: Suspicion | null = null;
  for (const allowed of USUAL_LOOK_ALIKES) {
    const likeness = Math.max(LEAST_LIKENESS, usual[allowed] ?? LEAST_LIKENESS);
    const [count, ofUsual] = [countAbove(alike, likeness), countAbove(usual, likeness)];
    if (count < neededFor(ofUsual, counts, fewestLookAlikes(counts, rules))) continue;
    const tail = hypergeometricTail(inWindow + inReference, count + ofUsual, inWindow, count);
    const probability = Math.min(1, USUAL_LOOK_ALIKES.length * tail);
    if (probability < bound && (!best || probability < best.probability)) {
      best = { likeness, count, usual: ofUsual, probability };
    }
  }
  return best;
}

/**
 * How like the newcomer the usual tickets are, most alike first; `null` as soon as it is certain that nothing is suspected. So most newcomers are
 * compared with some hundreds of the usual tickets instead of with all.
 * @param alike - likenesses of the window, most alike first
 */
function usualLikenesses(counts: SuspicionCounts, alike: readonly number[], fewest: number): number[] | null {
  // Of each likeness that is tried: the usual tickets that are at least as like the newcomer as the last look-alike it needs must not be more than it allows.
  let possible = USUAL_LOOK_ALIKES.flatMap((allowed) => {
    const last = alike[neededFor(Math.min(allowed, counts.inReference), counts, fewest) - 1];
    return last === undefined ? [] : [{ last, left: allowed }];
  });
  const likenesses: number[] = [];
  for (let place = 0; place < counts.inReference && possible.length > 0; place += 1) {
    const likeness = counts.likeInReference(place);
    if (likeness > LEAST_LIKENESS) likenesses.push(likeness);
    for (const one of possible) if (likeness >= one.last) one.left -= 1;
    possible = possible.filter(({ left }) => left >= 0);
  }
  return possible.length > 0 ? descending(likenesses) : null;
}

function fewestLookAlikes({ ownInReference }: SuspicionCounts, { ticketThreshold }: SuspicionRules): number {
  return ownInReference < OWN_REFERENCE ? Math.max(FEWEST, ticketThreshold) : FEWEST;
}

function neededFor(usual: number, { inWindow, inReference }: SuspicionCounts, fewest: number): number {
  return Math.max(fewest, Math.ceil((TIMES_USUAL * inWindow * (usual + 1)) / (inReference + 1)));
}

function countAbove(likenesses: readonly number[], bound: number): number {
  return likenesses.filter((likeness) => likeness > bound).length;
}

function descending(numbers: number[]): number[] {
  return numbers.sort((a, b) => b - a);
}
