import type { StormRules } from '@smart-support/contracts';

/** How much longer than the window arrivals stay, in milliseconds: a ticket that was understood late, or tried again, counts all the same. */
export const LATE_MS = 900_000;

/**
 * Two alarms of monitors are similar above this cosine of their words, if `baselineSimilarity` is not higher: much of an alarm is the template, and different
 * alarms in one template have cosines of 0.66 to 0.86. By judgement, on three templates of our own.
 */
export const MACHINE_SIMILARITY = 0.88;

/**
 * Which part of the way from the threshold up to 1 a member's similarity must have come not to count as low: a share, so that it suits every threshold.
 * The reasons stand in decision 26.
 */
export const LOW_SIMILARITY_SHARE = 0.2;

/** From this mean probability on, tickets count as reports of a failure, taken together. Chosen as said in decision 20. */
export const MOSTLY_FAILURES = 0.5;

/** A day, in milliseconds: so long an unlinked ticket stays alone, and a suspicion that is gone is remembered. */
export const DAY_MS = 86_400_000;

/** Similar tickets of a rejected incident open no other one for two hours after the rejection at most, in milliseconds, however many still come. */
export const REJECTED_MS = 7_200_000;

/**
 * A held incident opens at half the threshold of vouched requesters once it has been held for ten minutes, in milliseconds: twice the window by default, so that
 * those who write about what is broken have had the time to, and short beside the hour that an operator may take.
 */
export const HOLD_MS = 600_000;

/** Of a rejected incident so many requesters are remembered, the latest: enough for one that a person looked through, and 24 KB in a snapshot. */
export const MOST_FORMER = 1_000;

/** A suspected incident names at most so many members. More similar tickets keep it alive, but are not named. */
export const MOST_SUSPECTED = 1_000;

/**
 * With so many open incidents no further one opens by itself, and as many suspected ones are kept: an operator who has more has none. Only operators open
 * and end incidents then; similar tickets are routed.
 */
export const MOST_OPEN = 1_000;

/** Rules as a log or a snapshot has them: those that were written before `reopenMs` was a setting had a day. */
export function wholeRules(rules: Omit<StormRules, 'reopenMs'> & Partial<StormRules>): StormRules {
  return { reopenMs: DAY_MS, ...rules };
}
