import {
  type AgentProfile,
  type AgentSlots,
  isStoreAwayOrClosed,
  systemClock,
  type TimerClock,
} from '@smart-support/contracts';
import type { Logger } from '@smart-support/telemetry';

/** Pause between two tries while the store is unavailable, in milliseconds. */
const TRY_AGAIN_MS = 1000;

/** What {@link seedRoster} works with. */
export interface SeedRosterOptions {
  readonly agents: Pick<AgentSlots, 'seed'>;
  readonly roster: readonly AgentProfile[];
  readonly logger: Logger;
  /** The machine's own by default. */
  readonly clock?: TimerClock;
}

/**
 * Loads the roster where no agents exist yet, trying once a second until the broker has answered. Many processes may do so at once:
 * the first one's roster counts. Its timer does not keep the process alive.
 * @returns ends the trying
 */
export function seedRoster({ agents, roster, logger, clock = systemClock }: SeedRosterOptions): () => void {
  let stopped = false;
  let cancel = (): void => undefined;
  let isTold = false;
  const attempt = async (): Promise<void> => {
    try {
      if (await agents.seed(roster)) logger.info({ agents: roster.length }, 'the roster was loaded');
    } catch (error) {
      // Not logged for each failing call: `StoreAvailabilityLog` logs an outage once.
      if (!isStoreAwayOrClosed(error) && !isTold) {
        logger.error({ err: error }, 'the roster could not be loaded; it is tried again');
        isTold = true;
      }
      if (!stopped) cancel = clock.after(TRY_AGAIN_MS, () => void attempt());
    }
  };
  void attempt();
  return () => {
    stopped = true;
    cancel();
  };
}
