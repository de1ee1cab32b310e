/** Tries in all; after the last the event is given up. */
export const MAX_TRIES = 8;

/** Longest wait after the first try, in milliseconds, and by how much it grows with every further one. */
const FIRST_WAIT_MS = 5000;
const GROWTH = 5;

/**
 * How long an event waits after a failed try: between half and all of 5 s, 25 s, 2 min, 10 min, 52 min, 4.3 h, 21.7 h
 * (`5^tries` seconds), so that the eighth try comes 13.5 to 27 hours after the first.
 * Half of the wait is fixed and half is random ("equal jitter" in M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog,
 * 2015): events that failed together do not come back together, and yet a receiver has at least half the time to recover.
 * @param tries - tries so far, the failed one included; 1 or more
 * @param random - a number in [0, 1), like `Math.random`
 * @returns milliseconds; nothing after the eighth try, which is the last
 */
export function retryWaitMs(tries: number, random: () => number): number | undefined {
  if (tries >= MAX_TRIES) return undefined;
  const longest = FIRST_WAIT_MS * GROWTH ** (tries - 1);
  return longest / 2 + (random() * longest) / 2;
}
