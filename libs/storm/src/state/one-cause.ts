import type { Arrival } from './arrival';

/**
 * From this probability on a ticket counts as one that reports a failure. Below one half, for one such ticket too many costs a comparison and one too few
 * hides a storm. Chosen on the bursts of data/bursts/choosing-failures.jsonl and choosing-requests.jsonl, see decision 18.
 */
export const REPORTS_FAILURE = 0.4;

/** What tells a report of a common trouble from one person's request. */
export type Content = Pick<Arrival, 'failure' | 'identifiers'>;

/** Whether a ticket reports that something does not work. */
export function reportsFailure({ failure }: Pick<Content, 'failure'>): boolean {
  return failure >= REPORTS_FAILURE;
}

/**
 * Whether two similar tickets may have one cause. Where nothing is broken, tickets that name different things, orders or people, are each about their own,
 * however alike they are.
 */
export function mayHaveOneCause(a: Content, b: Content): boolean {
  return reportsFailure(a) || reportsFailure(b) || a.identifiers === b.identifiers;
}
