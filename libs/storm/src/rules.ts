/** Milliseconds that arrivals stay known beyond the window, for tickets that are processed late or retried. */
export const LATE_MS = 900_000;

/**
 * Cosine of the words above which two alarms of monitors are similar, if `baselineSimilarity` is not higher: most of an alarm is its template, and different
 * alarms of one template have cosines of 0.66 to 0.86. By judgement, on three templates.
 */
export const MACHINE_SIMILARITY = 0.88;

/** A member's similarity is low in this share of the range from the threshold to 1; a share, so that it fits every threshold. See decision 26. */
export const LOW_SIMILARITY_SHARE = 0.2;

/** Mean probability from which tickets together count as reports of a failure. Decision 20 says how it was chosen. */
export const MOSTLY_FAILURES = 0.5;

/** Milliseconds of a day: for so long an unlinked ticket stays alone, and a dropped suspected incident is remembered. */
export const DAY_MS = 86_400_000;

/** Milliseconds after which a rejection ends at the latest, even if similar tickets still arrive. */
export const REJECTED_MS = 7_200_000;

/**
 * Milliseconds after which a held incident opens at half the threshold of vouched requesters: twice the default window, so that affected customers have had
 * the time to write, and much less than the hour that an operator may need.
 */
export const HOLD_MS = 600_000;

/** Most requesters of a rejected incident that are remembered, the latest: 24 KB in a snapshot. */
export const MOST_FORMER = 1_000;

/** Most members of a suspected incident. Further similar tickets keep it alive without becoming members. */
export const MOST_SUSPECTED = 1_000;

/**
 * Most open incidents, and most suspected ones. With so many open, only operators open further ones, and similar tickets are routed.
 */
export const MOST_OPEN = 1_000;
