import type { InputIssue } from '@smart-support/contracts';

/** Longest time a timer can wait: Node keeps it in 31 bits and fires at once beyond. https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const MAX_WAIT_MS = 2 ** 31 - 1;

/** One problem for each of these named milliseconds that a timer cannot wait for. */
export function waitIssues(waits: Readonly<Record<string, number>>): InputIssue[] {
  return Object.entries(waits)
    .filter(([, ms]) => !(Number.isFinite(ms) && ms > 0 && ms <= MAX_WAIT_MS))
    .map(([path]) => ({ path, message: `must be above 0 and at most ${MAX_WAIT_MS} milliseconds` }));
}
