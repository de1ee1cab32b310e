import type { TimerClock } from '@smart-support/contracts';

/**
 * Calls back once so many milliseconds are over and everything that had happened by then has been seen.
 * A plain timer runs before the loop reads what arrived while it was blocked: it would call an answer late that has been lying there.
 * So the timer first lets pass whatever falls due at the same moment, then one reading of the loop.
 * @returns takes the wish back, at any stage
 */
export function onceOver(clock: TimerClock, milliseconds: number, callback: () => void): () => void {
  let reading: NodeJS.Immediate | undefined;
  let takeBack = clock.after(milliseconds, () => {
    takeBack = clock.after(0, () => {
      reading = setImmediate(callback);
    });
  });
  return () => {
    takeBack();
    clearImmediate(reading);
  };
}
