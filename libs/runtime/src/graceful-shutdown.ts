import { systemClock, type TimerClock } from '@smart-support/contracts';
import type { Logger } from '@smart-support/telemetry';

/** Signals within this time of the first, in milliseconds, count as one: Ctrl-C under npm arrives twice, from the terminal and from npm. */
const SAME_WISH_MS = 1_000;

/** Milliseconds that a shortened drain may take after a second signal. */
const HURRIED_END_MS = 1_000;

/** What {@link gracefulShutdown} works with. */
export interface GracefulShutdownOptions {
  /** What the log says at the first signal. */
  readonly draining: string;
  /** Stops accepting work, finishes what was begun and closes everything. Called once, at the first signal. */
  readonly drain: () => Promise<void>;
  /** A process that is still running so many milliseconds after the first signal is killed. */
  readonly killAfterMs: number;
  /** What the log says then. */
  readonly killing: string;
  /** Shortens the drain at a second signal; a process that still runs a second later, or at a third signal, is killed. By default the second kills. */
  readonly hurry?: () => Promise<void>;
  /**
   * Ends the process at once. By SIGKILL and not by `process.exit`, which in the middle of a model's run ends in an abort with a message
   * of the C++ runtime.
   */
  readonly kill: () => void;
  readonly logger: Logger;
  /** The machine's own by default. */
  readonly clock?: TimerClock;
}

/**
 * Stops a process on a signal: it drains, and is killed where that takes too long or a second signal comes. A process that has
 * drained exits, because nothing keeps it alive.
 * @returns to be called with every SIGTERM and SIGINT
 */
export function gracefulShutdown(options: GracefulShutdownOptions): (signal: string) => void {
  const { logger, kill, hurry, clock = systemClock } = options;

  const drain = async (): Promise<void> => {
    try {
      await options.drain();
      logger.info({}, 'stopped');
    } catch (error) {
      logger.error({ err: error }, 'stopped, but not everything could be closed');
    }
  };

  let firstSignalMs: number | undefined;
  let isHurried = false;
  return (signal) => {
    if (firstSignalMs === undefined) {
      firstSignalMs = clock.monotonic();
      logger.info({ signal }, options.draining);
      clock.after(options.killAfterMs, () => {
        logger.error({}, options.killing);
        kill();
      });
      void drain();
      return;
    }
    if (clock.monotonic() - firstSignalMs < SAME_WISH_MS) return;
    if (isHurried) {
      kill();
      return;
    }
    isHurried = true;
    logger.warn({ signal }, 'stopping at once');
    if (hurry) void hurry().then(() => clock.after(HURRIED_END_MS, kill));
    else kill();
  };
}
