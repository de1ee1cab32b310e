/** How one Nx task ended. */
export interface TaskOutcome {
  readonly project: string;
  readonly target: string;
  readonly succeeded: boolean;
}

/** The totals of one project's Jest run, as `tools/jest/summary-reporter.cjs` writes them. */
export interface JestSummary {
  readonly passed: number;
  readonly failed: number;
  /** Test files that could not run at all. */
  readonly brokenFiles: number;
  /** Each failure in a few lines. */
  readonly failures: readonly string[];
}

/** The last line of `npm test`. */
export interface Totals {
  readonly passed: number;
  readonly failed: number;
}

/**
 * Adds up a run. Every Jest test counts as one, and so does every other task (lint, typecheck, build, package-check).
 * Every failure counts at least once: a test file that could not run, a test task that failed although its tests
 * passed or that wrote no totals, a run that ended before its first task or without a report.
 * @param tasks - the tasks that ran or came from the cache
 * @param summaries - Jest's totals by project
 * @param exitCode - of the Nx run
 */
export function countResults(
  tasks: readonly TaskOutcome[],
  summaries: ReadonlyMap<string, JestSummary>,
  exitCode: number,
): Totals {
  let passed = 0;
  let failed = 0;
  for (const { project, target, succeeded } of tasks) {
    if (target !== 'test') {
      if (succeeded) passed += 1;
      else failed += 1;
      continue;
    }
    const summary = summaries.get(project);
    const failures = summary ? summary.failed + summary.brokenFiles : 0;
    passed += summary?.passed ?? 0;
    failed += failures === 0 && (!succeeded || !summary) ? 1 : failures;
  }
  const unexplained = failed === 0 && (exitCode !== 0 || tasks.length === 0);
  return { passed, failed: unexplained ? 1 : failed };
}

/** The failures, in a few lines each, for the end of a long log. */
export function failureLines(
  tasks: readonly TaskOutcome[],
  summaries: ReadonlyMap<string, JestSummary>,
): readonly string[] {
  return tasks
    .filter(({ succeeded }) => !succeeded)
    .flatMap(({ project, target }) => {
      const failures = target === 'test' ? (summaries.get(project)?.failures ?? []) : [];
      return failures.length > 0
        ? failures.map((failure) => `FAILED ${project}: ${failure}`)
        : [`FAILED ${project}:${target}`];
    });
}

/** The last line of `npm test`. */
export function totalsLine({ passed, failed }: Totals): string {
  return `${passed} passed, ${failed} failed`;
}
