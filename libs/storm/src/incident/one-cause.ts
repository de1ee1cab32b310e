/**
 * Probability from which a ticket counts as a report of a failure. Below one half, because a false report costs a comparison and a missed one hides a storm.
 * Chosen on data/bursts/choosing-failures.jsonl and choosing-requests.jsonl, see decision 20.
 */
export const REPORTS_FAILURE = 0.4;

/** The content that separates a report of a common failure from one person's request. */
export interface Content {
  /** Probability that the ticket reports that something does not work, in [0, 1]. */
  readonly failure: number;
  /** What it names that concerns one person, see `StormArrival`. */
  readonly identifiers: string;
}

/** Whether a ticket reports that something does not work. */
export function reportsFailure({ failure }: Pick<Content, 'failure'>): boolean {
  return failure >= REPORTS_FAILURE;
}

/**
 * Whether two similar tickets may have one cause. Where neither reports a failure, tickets that name different orders or people are separate requests, however
 * similar they are.
 */
export function mayHaveOneCause(a: Content, b: Content): boolean {
  return reportsFailure(a) || reportsFailure(b) || a.identifiers === b.identifiers;
}

/** The identifiers that all tickets of a cause name; `null` if one of them reports a failure, because then they may differ. */
export function commonIdentifiers(tickets: readonly Content[]): string | null {
  return tickets.some(reportsFailure) ? null : (tickets.at(-1)?.identifiers ?? null);
}
