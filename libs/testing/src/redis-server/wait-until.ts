import { setTimeout as sleep } from 'node:timers/promises';

/** Time limit of {@link waitUntil}, in milliseconds. */
const PATIENCE_MS = 30_000;
const POLL_MS = 25;

/**
 * Polls until a condition is met. A failed check counts as not yet.
 * @throws Error that names the condition, with the last problem, after 30 s
 */
export async function waitUntil(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  let problem: unknown;
  for (;;) {
    try {
      if (await isSo()) return;
    } catch (error) {
      problem = error;
    }
    if (performance.now() > deadline)
      throw new Error(`Waited ${PATIENCE_MS} ms for ${what}${problem === undefined ? '' : `: ${String(problem)}`}`);
    await sleep(POLL_MS);
  }
}
