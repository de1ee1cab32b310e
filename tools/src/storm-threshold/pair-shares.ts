import { LOW_SIMILARITY_SHARE } from '@smart-support/storm/tuning';
import { type SeenTicket, similarityOf } from './seen-ticket';

/** Shares of the pairs of tickets whose similarity is strictly above a threshold. */
export interface PairShares {
  /** Pairs of one topic or outage. */
  readonly same: number;
  /** Pairs of two. */
  readonly different: number;
}

/** Compares every ticket with every other. */
export function pairShares(tickets: readonly SeenTicket[], thresholds: readonly number[]): PairShares[] {
  const above = thresholds.map(() => ({ same: 0, different: 0 }));
  const pairs = { same: 0, different: 0 };
  tickets.forEach((ticket, place) => {
    for (const other of tickets.slice(0, place)) {
      const kind = ticket.about === other.about ? 'same' : 'different';
      const similarity = similarityOf(ticket, other);
      pairs[kind] += 1;
      above.forEach((counts, i) => {
        if (similarity > (thresholds[i] as number)) counts[kind] += 1;
      });
    }
  });
  return above.map(({ same, different }) => ({ same: same / pairs.same, different: different / pairs.different }));
}

/** Of similar pairs of one topic or outage, the share whose similarity makes a member doubtful. */
export function lowShare(tickets: readonly SeenTicket[], threshold: number): number {
  const [similar, rest] = pairShares(tickets, [threshold, threshold + LOW_SIMILARITY_SHARE * (1 - threshold)]);
  return 1 - (rest?.same ?? NaN) / (similar?.same ?? NaN);
}
