import type { QuantisedVector } from '../vectors/quantised-vector';
import type { Background } from './background';

/** What of a ticket decides whether it is one of several reports of one failure. */
export interface PossibleReport {
  readonly vector: QuantisedVector;
  /** How probable it is that it reports that something does not work, in [0, 1]. */
  readonly failure: number;
}

/** Similar reports of failures. */
export interface FailureCluster<Ticket> {
  readonly tickets: readonly Ticket[];
  /** Mean centred cosine of two of them, in [-1, 1]. */
  readonly tightness: number;
  /** Mean probability that they report a failure, in [0, 1]. */
  readonly failure: number;
  /** Whether some other ticket would belong to them. */
  readonly takes: (ticket: Ticket) => boolean;
}

/** A member that reports a failure with a smaller probability than this is none: chosen, as all figures here, on data/bursts/choosing-*.jsonl, see decision 20. */
const LEAST_FAILURE = 0.1;

/** Similar to the mean of the others is a centred cosine above one of these. */
export const CLUSTER_SIMILARITIES = [0.15, 0.25] as const;

/** Tickets that a cluster begins with, besides the newcomer. */
const SEEDS = 5;

/** Reports that are looked at, the latest: where more come, the other rule sees a burst among them. */
const MOST_REPORTS = 200;

/** Of some tickets those that may be reports of a failure, as far as they are looked at; in the same order. */
export function possibleReports<Ticket extends PossibleReport>(tickets: readonly Ticket[]): Ticket[] {
  return tickets.filter(({ failure }) => failure >= LEAST_FAILURE).slice(-MOST_REPORTS);
}

/** A cluster that still changes after so many rounds is taken as it is. */
const ROUNDS = 5;

/**
 * Finds reports of the failure that a newcomer reports: begins with those most similar to it, and takes in again and again whoever is similar to the mean of the
 * others. Reports of one failure in people's own words resemble their mean much more than each other.
 * @param candidates - other tickets, one of each requester, see {@link possibleReports}
 * @param similarity - a centred cosine above which a ticket belongs to the others
 * @returns `null` if the newcomer is certainly no such report, or does not belong to them in the end
 */
export function failureCluster<Ticket extends PossibleReport>(
  newcomer: Ticket,
  candidates: readonly Ticket[],
  background: Background,
  similarity: number,
): FailureCluster<Ticket> | null {
  if (newcomer.failure < LEAST_FAILURE) return null;
  const reports = [...candidates, newcomer];
  const directions = reports.map(({ vector }) => background.centred(vector));
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
  const held = new Set(tickets);
  const { other } = limitsOf(sum, similarity);
  return {
    tickets,
    tightness: (squared(sum) - tickets.length) / (tickets.length * (tickets.length - 1)),
    failure: tickets.reduce((total, { failure }) => total + failure, 0) / tickets.length,
    takes: (ticket) =>
      held.has(ticket) || (ticket.failure >= LEAST_FAILURE && along(background.centred(ticket.vector), sum) > other),
  };
}

/** Which directions are the last one and those most similar to it. */
function mostSimilarToLast(directions: readonly Float32Array[], count: number): boolean[] {
  const last = Float64Array.from(directions.at(-1) ?? []);
  const products = directions.map((direction) => along(direction, last));
  const least = products.toSorted((a, b) => b - a)[count - 1] ?? -Infinity;
  return products.map((product) => product >= least);
}

/**
 * Products with the sum of the members' directions above which a direction belongs to them. A member is compared with the others: what it adds to the sum
 * itself, a direction of length 1, says nothing.
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

/** Product of a direction and a sum. One pair of types alone, which engines make fast code of; in four sums, which the processor adds at once. */
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
