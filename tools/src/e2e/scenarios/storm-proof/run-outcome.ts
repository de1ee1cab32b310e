/** The outcome of one run. */
export interface RunOutcome {
  readonly seed: number;
  /** Its routing domain. */
  readonly prefix: string;
  readonly lostWorker: boolean;
  /** Tickets that the lost worker had in flight. */
  readonly lostTickets: number;
  /** Commits that were refused because an incident had changed since the verdict. */
  readonly changed: number;
  /** Similar tickets that were understood when their incident had been rejected. */
  readonly late: number;
  /** Whether the whole history of the domain may have tickets that were in line more than once. */
  readonly mayWait: boolean;
  readonly faults: readonly string[];
  /** States that show what was wrong, if anything was. */
  readonly evidence?: unknown;
}

/** The outcome of all runs of a part. */
export interface PartResult {
  readonly what: string;
  readonly outcomes: readonly RunOutcome[];
  /** Tickets that the sweep reclaimed from lost workers. */
  readonly requeued: number;
  /** Tickets that were suppressed and queued again. */
  readonly released: number;
  readonly seconds: number;
}
