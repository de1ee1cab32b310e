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

/** A cluster that still changes after so many rounds is taken as it is. */
const ROUNDS = 5;

/**
 * Finds reports of the failure that a newcomer reports: begins with those most similar to it, and takes in again and again whoever is similar to the mean of the
 * others. Reports of one failure in people's own words resemble their mean much more than each other.
 * @param candidates - other tickets, one of each requester
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
  const reports = [...candidates.filter(({ failure }) => failure >= LEAST_FAILURE).slice(-MOST_REPORTS), newcomer];
  const directionOf = (ticket: Ticket): Float32Array => background.centred(ticket.vector);
  const nearest = reports
    .map((ticket) => ({ ticket, cosine: dot(directionOf(ticket), directionOf(newcomer)) }))
    .sort((a, b) => b.cosine - a.cosine);
  let members = new Set(nearest.slice(0, SEEDS + 1).map(({ ticket }) => ticket));
  let sum = sumOf([...members].map(directionOf));
  let length = dot(sum, sum);
  /** Compared with the mean of the others: what a member adds to it itself, a direction of length 1, says nothing. */
  const belongs = (ticket: Ticket): boolean => {
    const along = dot(directionOf(ticket), sum);
    if (!members.has(ticket)) return along > similarity * Math.sqrt(length);
    return along - 1 > similarity * Math.sqrt(Math.max(0, length - 2 * along + 1));
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    const next = reports.filter(belongs);
    const isSame = next.length === members.size && next.every((ticket) => members.has(ticket));
    members = new Set(next);
    sum = sumOf(next.map(directionOf));
    length = dot(sum, sum);
    if (isSame) break;
  }
  if (!members.has(newcomer) || members.size < 2) return null;
  const tickets = [...members];
  return {
    tickets,
    tightness: (length - tickets.length) / (tickets.length * (tickets.length - 1)),
    failure: tickets.reduce((total, { failure }) => total + failure, 0) / tickets.length,
    takes: (ticket) => members.has(ticket) || (ticket.failure >= LEAST_FAILURE && belongs(ticket)),
  };
}

function sumOf(vectors: readonly Float32Array[]): Float64Array {
  const sum = new Float64Array(vectors[0]?.length ?? 0);
  for (const vector of vectors)
    for (let at = 0; at < sum.length; at += 1) sum[at] = (sum[at] as number) + (vector[at] as number);
  return sum;
}

function dot(a: Float32Array | Float64Array, b: Float32Array | Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) sum += (a[at] as number) * (b[at] as number);
  return sum;
}
