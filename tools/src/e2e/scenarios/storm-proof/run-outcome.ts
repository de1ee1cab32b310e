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

/**
 * Makes runs, some at once.
 * @param onDone - called after each
 */
export async function makeRuns(
  seeds: readonly number[],
  atOnce: number,
  run: (seed: number) => Promise<RunOutcome>,
  onDone: (outcome: RunOutcome) => void,
): Promise<RunOutcome[]> {
  const outcomes: RunOutcome[] = [];
  const left = [...seeds];
  const hand = async (): Promise<void> => {
    for (let seed = left.shift(); seed !== undefined; seed = left.shift()) {
      const outcome = await run(seed);
      outcomes.push(outcome);
      onDone(outcome);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, hand));
  return outcomes.sort((a, b) => a.seed - b.seed);
}

/** The seeds of so many runs. */
export function seedsFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}
