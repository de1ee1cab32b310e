import type { TimerClock } from '@smart-support/contracts';

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

/** When to try again after threads failed to start: after one second, and then twice as long each time, up to half a minute. */
export class RestartPlan {
  private failures = 0;
  private cancel: (() => void) | undefined;

  /** @param tryAgain - called at the end of each pause */
  constructor(
    private readonly clock: TimerClock,
    private readonly tryAgain: () => void,
  ) {}

  /** Whether the last thread that was started failed to. */
  get lastFailed(): boolean {
    return this.failures > 0;
  }

  /** Whether no thread should be started now. */
  get pausing(): boolean {
    return this.cancel !== undefined;
  }

  /** A thread did not start: pauses. Several that fail together count once. */
  failed(): void {
    if (this.cancel) return;
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** this.failures, LONGEST_PAUSE_MS);
    this.failures++;
    this.cancel = this.clock.after(pause, () => {
      this.cancel = undefined;
      this.tryAgain();
    });
  }

  /** A thread started: the missing ones may be started at once. */
  succeeded(): void {
    this.failures = 0;
    this.stop();
  }

  /** Ends the pause without a new try. */
  stop(): void {
    this.cancel?.();
    this.cancel = undefined;
  }
}
