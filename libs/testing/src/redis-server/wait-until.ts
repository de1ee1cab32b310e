import { setTimeout as sleep } from 'node:timers/promises';

/** A topology that does not come to what is waited for in this time never will. */
const PATIENCE_MS = 30_000;
const POLL_MS = 25;

/**
 * Looks again and again until something is so. A look that fails counts as not yet.
 * @throws Error that names what was waited for, with the last problem, after 30 s
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
