import type { TimerClock } from '@smart-support/contracts';

/**
 * Calls back once so many milliseconds are over and everything that arrived by then has been read.
 * A plain timer runs before the loop reads what arrived while it was blocked: it would call an answer late that has been lying there.
 * So the callback runs after all timers of the same moment, and after one poll phase of the loop.
 * @returns cancels, at any stage
 */
export function afterPendingReads(clock: TimerClock, milliseconds: number, callback: () => void): () => void {
  let reading: NodeJS.Immediate | undefined;
  let cancel = clock.after(milliseconds, () => {
    cancel = clock.after(0, () => {
      reading = setImmediate(callback);
    });
  });
  return () => {
    cancel();
    clearImmediate(reading);
  };
}
