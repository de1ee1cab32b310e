import { SmartSupportError } from '@smart-support/contracts';

/**
 * The number of a death in the cursor of a page.
 * @throws SmartSupportError `invalid_input` for a cursor that no page gave
 */
export function deathNumber(cursor: string): number {
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw new SmartSupportError('invalid_input', 'The cursor is not one that a page of dead letters gave', {
    issues: [{ path: 'cursor', message: 'must be the next_cursor of a page' }],
  });
}

/** Longest delay after the first error, in milliseconds. */
const RETRY_BASE_MS = 1000;

/** Longest delay after any error, in milliseconds. */
const RETRY_CAP_MS = 60_000;

/**
 * The delay after an error: a random part of 1 s, 2 s, 4 s, ... up to 60 s, so that tickets that failed
 * together are not retried together ("full jitter" in M. Brooker, "Exponential Backoff And Jitter",
 * AWS Architecture Blog, 2015).
 * @param failures - errors so far, this one included; 1 or more
 * @param random - a number in [0, 1), like `Math.random`
 * @returns milliseconds
 */
export function retryDelayMs(failures: number, random: () => number): number {
  return random() * Math.min(RETRY_CAP_MS, RETRY_BASE_MS * 2 ** (failures - 1));
}
