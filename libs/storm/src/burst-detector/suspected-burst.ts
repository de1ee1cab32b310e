import { meanOfUnits, cosine, quantise } from '../vectors/quantised-vector';
import type { ReferenceVectors } from './reference-vectors';
import type { ReferenceTicket } from './reference-sample';

/** Least cosine to the founders' mean for later members of a suspected incident. A plain cosine, because the storm detector, which has no reference, compares them. */
const LEAST_SIMILARITY = 0.55;

/** Share of the reference that is less similar to the founders' mean than a later member has to be. */
const REFERENCE_QUANTILE = 0.999;

/** A burst that the burst detector has found. */
export interface SuspectedBurst {
  /** The newcomer that completed the burst and the tickets similar to it, in the order of the log. */
  readonly ticketIds: readonly string[];
  /** Cosine to the mean of these, in [0.55, 1], above which a later ticket belongs to them. */
  readonly similarity: number;
  /** The suspected incident that some of them belong to already; `null` for a new one. */
  readonly incidentId: string | null;
}

/** The burst of some tickets, with the similarity that later members need. */
export function suspectedBurst(
  founders: readonly Pick<ReferenceTicket, 'ticketId' | 'vector'>[],
  background: ReferenceVectors,
): Omit<SuspectedBurst, 'incidentId'> {
  const mean = meanOfUnits(founders.map(({ vector }) => vector));
  // Opposite directions may cancel out.
  const direction = mean.some((value) => value !== 0) ? quantise(mean) : null;
  const similarities = background.vectors.map((vector) => (direction ? cosine(vector, direction) : 0));
  similarities.sort((a, b) => a - b);
  const quantile =
    similarities[Math.min(similarities.length - 1, Math.floor(REFERENCE_QUANTILE * similarities.length))] ?? 0;
  return {
    ticketIds: founders.map(({ ticketId }) => ticketId),
    similarity: Math.max(LEAST_SIMILARITY, quantile),
  };
}
