/** Time, injected so that tests can move it. */
export interface Clock {
  /** Milliseconds since 1970, like `Date.now()`. */
  now(): number;
  /** Milliseconds from an arbitrary start that never go backwards, like `performance.now()`. */
  monotonic(): number;
}

/** A {@link Clock} that can also call back. */
export interface TimerClock extends Clock {
  /**
   * Calls back once after so many milliseconds, never at once; a wait does not keep the process alive.
   * @returns cancels the call; calling it late or twice is harmless
   */
  after(milliseconds: number, callback: () => void): () => void;
}

/** The system clock. */
export const systemClock: TimerClock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, milliseconds).unref();
    return () => clearTimeout(timer);
  },
};
