import type { QuantisedVector } from '../vectors/quantised-vector';
import type { ReferenceVectors } from './reference-vectors';

/** The parts of a ticket that decide whether it is one of several reports of one failure. */
export interface PossibleReport {
  readonly vector: QuantisedVector;
  /** Probability that it reports that something does not work, in [0, 1]. */
  readonly failure: number;
}

/** Similar reports of failures. */
export interface FailureCluster<Ticket> {
  readonly tickets: readonly Ticket[];
  /** Mean centred cosine of all pairs, in [-1, 1]. */
  readonly tightness: number;
  /** Mean probability that a ticket reports a failure, in [0, 1]. */
  readonly failure: number;
  /** Whether another ticket would belong to the cluster. */
  readonly includes: (ticket: Ticket) => boolean;
}

/** Least probability of a failure for a member. Chosen, as all figures here, on data/bursts/choosing-*.jsonl, see decision 20. */
const LEAST_FAILURE = 0.1;

/** Centred cosines to the mean of the others above which a ticket is similar; tried one after another. */
export const CLUSTER_SIMILARITIES = [0.15, 0.25] as const;

/** Tickets in the first round, besides the newcomer. */
const SEEDS = 5;

/** Most reports that are compared, the latest: of more, the test of similar tickets finds the burst. */
const MOST_REPORTS = 200;

/** Tickets that may be reports of a failure, the latest of them; in the same order. */
export function possibleReports<Ticket extends PossibleReport>(tickets: readonly Ticket[]): Ticket[] {
  return tickets.filter(({ failure }) => failure >= LEAST_FAILURE).slice(-MOST_REPORTS);
}

/** Most rounds; a cluster that still changes then is taken as it is. */
const ROUNDS = 5;

/**
 * Finds reports of the failure that a newcomer reports: starts with those most similar to it, and repeatedly takes all that are similar to the mean of the
 * others. Independently worded reports of one failure are much more similar to their mean than to each other.
 * @param candidates - other tickets, one for each requester, see {@link possibleReports}
 * @param similarity - a centred cosine above which a ticket belongs to the others
 * @returns `null` if the newcomer is not a report of a failure, or not part of the final cluster
 */
export function failureCluster<Ticket extends PossibleReport>(
  newcomer: Ticket,
  candidates: readonly Ticket[],
  background: ReferenceVectors,
  similarity: number,
): FailureCluster<Ticket> | null {
  if (newcomer.failure < LEAST_FAILURE) return null;
  const reports = [...candidates, newcomer];
  const directions = reports.map(({ vector }) => background.centredDirection(vector));
  let members = mostSimilarToLast(directions, SEEDS + 1);
  let sum = sumOf(members, directions);
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = members;
    const limits = limitsOf(sum, similarity);
    members = directions.map((direction, place) => along(direction, sum) > limits[before[place] ? 'member' : 'other']);
    sum = sumOf(members, directions);
    if (members.every((isMember, place) => isMember === before[place])) break;
  }
  const tickets = reports.filter((_, place) => members[place]);
  if (!members.at(-1) || tickets.length < 2) return null;
  const clustered = new Set(tickets);
  const { other } = limitsOf(sum, similarity);
  return {
    tickets,
    tightness: (squared(sum) - tickets.length) / (tickets.length * (tickets.length - 1)),
    failure: tickets.reduce((total, { failure }) => total + failure, 0) / tickets.length,
    includes: (ticket) =>
      clustered.has(ticket) ||
      (ticket.failure >= LEAST_FAILURE && along(background.centredDirection(ticket.vector), sum) > other),
  };
}

/** Marks the last direction and those most similar to it. */
function mostSimilarToLast(directions: readonly Float32Array[], count: number): boolean[] {
  const last = Float64Array.from(directions.at(-1) ?? []);
  const products = directions.map((direction) => along(direction, last));
  const least = products.toSorted((a, b) => b - a)[count - 1] ?? -Infinity;
  return products.map((product) => product >= least);
}

/**
 * Products with the sum of the members' directions above which a direction belongs to them. A member's own part in the sum, a direction of length 1, is left out
 * of the comparison.
 */
function limitsOf(sum: Float64Array, similarity: number): { readonly member: number; readonly other: number } {
  const length = squared(sum);
  // For a member with the product p: p - 1 > similarity * sqrt(length - 2 p + 1), solved for p.
  const share = similarity * similarity;
  const member = 1 - share + similarity * Math.sqrt(Math.max(0, share + length - 1));
  return { member, other: similarity * Math.sqrt(length) };
}

function sumOf(members: readonly boolean[], directions: readonly Float32Array[]): Float64Array {
  const sum = new Float64Array(directions[0]?.length ?? 0);
  for (const [place, direction] of directions.entries()) {
    if (!members[place]) continue;
    for (let at = 0; at < sum.length; at += 1) sum[at] = (sum[at] as number) + (direction[at] as number);
  }
  return sum;
}

/** Inner product of a direction and a sum. One pair of array types, so that the call site stays monomorphic; four sums, which the processor adds in parallel. */
function along(direction: Float32Array, sum: Float64Array): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  let at = 0;
  for (; at + 3 < direction.length; at += 4) {
    a += (direction[at] as number) * (sum[at] as number);
    b += (direction[at + 1] as number) * (sum[at + 1] as number);
    c += (direction[at + 2] as number) * (sum[at + 2] as number);
    d += (direction[at + 3] as number) * (sum[at + 3] as number);
  }
  for (; at < direction.length; at += 1) a += (direction[at] as number) * (sum[at] as number);
  return a + b + (c + d);
}

function squared(vector: Float64Array): number {
  let sum = 0;
  for (const value of vector) sum += value * value;
  return sum;
}
