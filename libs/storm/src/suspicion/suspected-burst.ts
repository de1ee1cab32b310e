import { meanOfUnits } from '../vectors/mean-of-units';
import { cosine, quantise } from '../vectors/quantised-vector';
import type { Background } from './background';
import type { ReferenceTicket } from './reference-sample';

/** Followers belong to a suspected incident above this cosine to the founders' mean at least. A plain cosine, for the detector finds them, and knows no background. */
const LEAST_SIMILARITY = 0.55;

/** Of the usual tickets so many, as a share, are less like the founders' mean than a follower has to be. */
const UNUSUAL = 0.999;

/** A burst that the statistical rule sees. */
export interface SuspectedBurst {
  /** The newcomer that raised the suspicion, and those that are like it; in the order of the log. */
  readonly ticketIds: readonly string[];
  /** A cosine to the mean of these, in [0.55, 1], above which a ticket belongs to them. */
  readonly similarity: number;
  /** The suspected incident that they belong to, some of them already; `null` for a new one. */
  readonly incidentId: string | null;
}

/** What is said of the tickets of a burst: which they are, and how similar to them others must be. */
export function burstOf(
  founders: readonly Pick<ReferenceTicket, 'ticketId' | 'vector'>[],
  background: Background,
): Omit<SuspectedBurst, 'incidentId'> {
  const mean = meanOfUnits(founders.map(({ vector }) => vector));
  // Opposite directions may leave nothing.
  const direction = mean.some((value) => value !== 0) ? quantise(mean) : null;
  const similarities = background.vectors.map((vector) => (direction ? cosine(vector, direction) : 0));
  similarities.sort((a, b) => a - b);
  const usualEnd = similarities[Math.min(similarities.length - 1, Math.floor(UNUSUAL * similarities.length))] ?? 0;
  return {
    ticketIds: founders.map(({ ticketId }) => ticketId),
    similarity: Math.max(LEAST_SIMILARITY, usualEnd),
  };
}
