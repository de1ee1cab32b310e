import { hypergeometricTail } from '../window/hypergeometric-tail';

/**
 * How alike is "alike" differs with what people write about, so it is measured by what is usual: similar tickets are more similar to the newcomer than all but
 * so many of the usual tickets, whatever the size of the reference. Tried one after the other. Chosen on data/bursts/choosing.jsonl, see decision 17.
 */
const USUAL_LOOK_ALIKES = [0, 2, 8, 32] as const;

const MOST_USUAL = Math.max(...USUAL_LOOK_ALIKES);

/** Tickets that are not more similar have nothing in common, however unusual the newcomer; a centred cosine. From the same choice. */
const LEAST_SIMILARITY = 0.2;

/** Fewer similar tickets, the newcomer not counted, are no burst, however improbable. This figure and those below are the prototype's: by judgement. */
export const FEWEST_SIMILAR = 5;

/** The share among the tickets of the window must be so many times the usual one: among many tickets even a small difference is improbable. */
const TIMES_USUAL = 3;

/** As long as fewer own tickets tell what is usual, others stand in for them, and more similar tickets are asked for: those know the service less. */
export const OWN_REFERENCE = 500;

/** Months have at least so many tickets, as far as alarms are concerned: where few come, each must not be allowed a large part of them. */
const FEWEST_A_MONTH = 1_000;

/** How similar the tickets are that a newcomer is compared with; similarities are centred cosines, in [-1, 1]. */
export interface Comparison {
  /** Tickets of the window, the newcomer not counted; one a requester. */
  readonly inWindow: number;
  /** Of each of these how similar it is to the newcomer; those of 0.2 and less need not be given. */
  readonly similarInWindow: readonly number[];
  /** Tickets that tell what is usual. */
  readonly inReference: number;
  /** How similar each of these is, by its place from 0. Asked for only as far as a suspicion is still possible. */
  readonly similarityInReference: (place: number) => number;
  /** How many of these are the service's own. */
  readonly ownInReference: number;
  readonly ticketsAMonth: number;
}

/** What a suspicion is made by. */
export interface BurstRules {
  /** Alarms without cause that are put up with in a month; above 0. */
  readonly falseAlarmsPerMonth: number;
  /** As in the rules of storms. */
  readonly ticketThreshold: number;
}

/** Why a burst is suspected. */
export interface BurstTest {
  /** Similar tickets are more similar to the newcomer than this: where they are least probable. */
  readonly similarity: number;
  /** Similar tickets in the window. */
  readonly count: number;
  /** Similar tickets among the usual tickets. */
  readonly usual: number;
  /** How probable so many are among tickets as usual: the smallest of the values tried, times their number (Bonferroni). */
  readonly probability: number;
}

/**
 * Whether so many tickets are like a newcomer that chance does not explain it: Fisher's exact test, one-sided, at each of several similarities,
 * with a bound that over a month of usual tickets is passed as often as one puts up with. That a similarity is that of a certain usual ticket leaves
 * the test as it is: which of window and reference the tickets above it belong to is chance all the same.
 */
export function testBurst(comparison: Comparison, rules: BurstRules): BurstTest | null {
  const { inWindow, inReference } = comparison;
  const fewest = fewestLookAlikes(comparison, rules);
  const similar = descending(comparison.similarInWindow.filter((similarity) => similarity > LEAST_SIMILARITY));
  const usual = usualSimilarities(comparison, similar, fewest);
  if (!usual) return null;
  const bound = rules.falseAlarmsPerMonth / Math.max(FEWEST_A_MONTH, comparison.ticketsAMonth);
  let best: BurstTest | null = null;
  for (const allowed of USUAL_LOOK_ALIKES) {
    const similarity = Math.max(LEAST_SIMILARITY, usual[allowed] ?? LEAST_SIMILARITY);
    const [count, ofUsual] = [countAbove(similar, similarity), countAbove(usual, similarity)];
    if (count < neededFor(ofUsual, comparison, fewest)) continue;
    const tail = hypergeometricTail(inWindow + inReference, count + ofUsual, inWindow, count);
    const probability = Math.min(1, USUAL_LOOK_ALIKES.length * tail);
    if (probability < bound && (!best || probability < best.probability)) {
      best = { similarity, count, usual: ofUsual, probability };
    }
  }
  return best;
}

/**
 * How similar the usual tickets are to the newcomer, most similar first; `null` as soon as it is certain that nothing is suspected. So most newcomers
 * are compared with some hundreds of the usual tickets instead of with all.
 * @param similar - those of the window, most similar first
 */
function usualSimilarities(comparison: Comparison, similar: readonly number[], fewest: number): number[] | null {
  // However many usual similar tickets there are in the end: not more than these may be at least as similar as the last similar ticket that is needed then.
  let possible = Array.from({ length: MOST_USUAL + 1 }, (_, usual) => {
    const last = similar[neededFor(usual, comparison, fewest) - 1];
    return last === undefined ? [] : [{ last, left: usual }];
  }).flat();
  const similarities: number[] = [];
  for (let place = 0; place < comparison.inReference && possible.length > 0; place += 1) {
    const similarity = comparison.similarityInReference(place);
    if (similarity > LEAST_SIMILARITY) similarities.push(similarity);
    for (const one of possible) if (similarity >= one.last) one.left -= 1;
    possible = possible.filter(({ left }) => left >= 0);
  }
  return possible.length > 0 ? descending(similarities) : null;
}

function fewestLookAlikes({ ownInReference }: Comparison, { ticketThreshold }: BurstRules): number {
  return ownInReference < OWN_REFERENCE ? Math.max(FEWEST_SIMILAR, ticketThreshold) : FEWEST_SIMILAR;
}

/** How many similar tickets it takes in the window if there are so many usual ones. */
function neededFor(usual: number, { inWindow, inReference }: Comparison, fewest: number): number {
  return Math.max(fewest, Math.ceil((TIMES_USUAL * inWindow * (usual + 1)) / (inReference + 1)));
}

function countAbove(similarities: readonly number[], bound: number): number {
  return similarities.filter((similarity) => similarity > bound).length;
}

function descending(numbers: number[]): number[] {
  return numbers.sort((a, b) => b - a);
}
