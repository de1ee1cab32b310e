/**
 * From this probability on a ticket counts as one that reports a failure. Below one half, for one such ticket too many costs a comparison and one too few
 * hides a storm. Chosen on the bursts of data/bursts/choosing-failures.jsonl and choosing-requests.jsonl, see decision 20.
 */
export const REPORTS_FAILURE = 0.4;

/** What tells a report of a common trouble from one person's request. */
export interface Content {
  /** How probable it is that the ticket reports that something does not work, in [0, 1]. */
  readonly failure: number;
  /** What it names that is one person's own, see `StormArrival`. */
  readonly identifiers: string;
}

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

/** What tickets of one cause name, and others of that cause must name too; `null` where they report a failure, for then it does not matter. */
export function commonIdentifiers(tickets: readonly Content[]): string | null {
  return tickets.some(reportsFailure) ? null : (tickets.at(-1)?.identifiers ?? null);
}
