import { hypergeometricTail } from '../statistics/burst-probability';

/**
 * Which cosine means "similar" differs with the matter, so the reference decides: similar tickets are more similar to the newcomer than all but so many tickets
 * of the reference, whatever its size. Each number is tried. Chosen on data/bursts/choosing.jsonl, see decision 17.
 */
const SIMILAR_IN_REFERENCE = [0, 2, 8, 32] as const;

const MOST_SIMILAR_IN_REFERENCE = Math.max(...SIMILAR_IN_REFERENCE);

/** Tickets at this centred cosine or below are not similar, however rare the newcomer's matter is. From the same choice. */
const LEAST_SIMILARITY = 0.2;

/** Fewer similar tickets, the newcomer not counted, are no burst, however improbable. This and the figures below are by judgement. */
export const FEWEST_SIMILAR = 5;

/** The share of similar tickets in the window must be so many times that in the reference: among many tickets even a small difference is improbable. */
const TIMES_REFERENCE_SHARE = 3;

/** With fewer tickets of its own a service uses the seed reference too, which knows it less; so more similar tickets are required. */
export const OWN_REFERENCE = 500;

/** Least number of tickets a month for the bound on false alarms: with very few tickets, each would have a large share of the allowed alarms. */
const FEWEST_A_MONTH = 1_000;

/** The tickets that a newcomer is compared with; similarities are centred cosines, in [-1, 1]. */
export interface Comparison {
  /** Tickets of the window, one for each requester, without the newcomer. */
  readonly inWindow: number;
  /** Their similarities to the newcomer; those of 0.2 and less may be left out. */
  readonly similarInWindow: readonly number[];
  /** Tickets of the reference. */
  readonly inReference: number;
  /** Similarity of each of these, by its place from 0. Called only as long as the test can still pass. */
  readonly similarityInReference: (place: number) => number;
  /** How many of these are tickets of the service itself. */
  readonly ownInReference: number;
  readonly ticketsAMonth: number;
}

/** Bounds of the test for bursts. */
export interface BurstRules {
  /** False alarms accepted per month; above 0. */
  readonly falseAlarmsPerMonth: number;
  /** See `StormRules`. */
  readonly ticketThreshold: number;
}

/** A burst that passed the test. */
export interface BurstTest {
  /** Similarity to the newcomer above which tickets count as similar: the one at which they are least probable. */
  readonly similarity: number;
  /** Similar tickets in the window. */
  readonly count: number;
  /** Similar tickets in the reference. */
  readonly inReference: number;
  /** Probability of so many by chance: the smallest of those tried, times their number (Bonferroni). */
  readonly probability: number;
}

/**
 * Tests whether more tickets are similar to a newcomer than chance explains: Fisher's exact test, one-sided, at each of several similarities, with a bound that
 * a month without any burst passes `falseAlarmsPerMonth` times. That each similarity is that of a ticket of the reference does not bias the test: whether a
 * ticket above it belongs to the window or to the reference is left to chance.
 * @returns `null` if the test does not pass
 */
export function testBurst(comparison: Comparison, rules: BurstRules): BurstTest | null {
  const { inWindow, inReference } = comparison;
  const fewest = fewestSimilar(comparison, rules);
  const similar = descending(comparison.similarInWindow.filter((similarity) => similarity > LEAST_SIMILARITY));
  const reference = referenceSimilarities(comparison, similar, fewest);
  if (!reference) return null;
  const bound = rules.falseAlarmsPerMonth / Math.max(FEWEST_A_MONTH, comparison.ticketsAMonth);
  let best: BurstTest | null = null;
  for (const allowed of SIMILAR_IN_REFERENCE) {
    const similarity = Math.max(LEAST_SIMILARITY, reference[allowed] ?? LEAST_SIMILARITY);
    const [count, inReferenceAbove] = [countAbove(similar, similarity), countAbove(reference, similarity)];
    if (count < neededFor(inReferenceAbove, comparison, fewest)) continue;
    const tail = hypergeometricTail(inWindow + inReference, count + inReferenceAbove, inWindow, count);
    const probability = Math.min(1, SIMILAR_IN_REFERENCE.length * tail);
    if (probability < bound && (!best || probability < best.probability)) {
      best = { similarity, count, inReference: inReferenceAbove, probability };
    }
  }
  return best;
}

/**
 * Similarities of the reference to the newcomer, most similar first; `null` as soon as the test cannot pass any more, which for most newcomers is certain after
 * some hundreds of tickets.
 * @param similar - those of the window, most similar first
 */
function referenceSimilarities(comparison: Comparison, similar: readonly number[], fewest: number): number[] | null {
  // For each number of similar tickets in the reference: no more than these may be as similar as the last ticket of the window that is needed then.
  let possible = Array.from({ length: MOST_SIMILAR_IN_REFERENCE + 1 }, (_, left) => {
    const last = similar[neededFor(left, comparison, fewest) - 1];
    return last === undefined ? [] : [{ last, left }];
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

function fewestSimilar({ ownInReference }: Comparison, { ticketThreshold }: BurstRules): number {
  return ownInReference < OWN_REFERENCE ? Math.max(FEWEST_SIMILAR, ticketThreshold) : FEWEST_SIMILAR;
}

/** How many similar tickets the window needs if the reference has so many. */
function neededFor(similarInReference: number, { inWindow, inReference }: Comparison, fewest: number): number {
  return Math.max(fewest, Math.ceil((TIMES_REFERENCE_SHARE * inWindow * (similarInReference + 1)) / (inReference + 1)));
}

function countAbove(similarities: readonly number[], bound: number): number {
  return similarities.filter((similarity) => similarity > bound).length;
}

function descending(numbers: number[]): number[] {
  return numbers.sort((a, b) => b - a);
}
