import type { Config } from '@smart-support/config';
import { systemClock, type TimerClock } from '@smart-support/contracts';
import { type Faults, type FaultsFollower, followFaults } from '@smart-support/drills';
import type { Logger } from '@smart-support/telemetry';

/** A part of the system in which faults are rehearsed. */
export type RehearsedPart = keyof Faults;

/**
 * Rehearses in one part of the system what the faults file says of it, whenever that changes, and says so in the log.
 * @param settings - `config.drills`; a file that is not allowed is not even read
 * @param rehearse - told what is rehearsed from now on; `undefined` for nothing
 * @returns ends the rehearsal; nothing if there is nothing to follow
 */
export function rehearseFaults<Part extends RehearsedPart>(
  { file, allowed }: Config['drills'],
  part: Part,
  rehearse: (fault: Faults[Part]) => void,
  logger: Logger,
  clock: TimerClock = systemClock,
): FaultsFollower | undefined {
  if (file === undefined || !allowed) return undefined;
  let now: string | undefined;
  return followFaults({
    file,
    clock,
    onChange: ({ [part]: fault }) => {
      const next = fault && JSON.stringify(fault);
      if (next === now) return;
      now = next;
      if (fault) logger.warn({ [part]: fault }, 'drill: rehearsing faults');
      else logger.warn({ part }, 'drill: over');
      rehearse(fault);
    },
    onError: (error) => logger.error({ err: error, part }, 'drill: the faults file cannot be used'),
  });
}

/** Says that a faults file is named but not honoured, where it is so. */
export function warnOfFaultsFile({ file, allowed }: Config['drills'], logger: Logger): void {
  if (file !== undefined && !allowed) logger.warn({}, 'FAULTS_FILE is not honoured: that needs ALLOW_FAULTS=1');
}
