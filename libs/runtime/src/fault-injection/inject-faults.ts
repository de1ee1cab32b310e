import type { Config } from '@smart-support/config';
import { systemClock, type TimerClock } from '@smart-support/contracts';
import type { Faults } from './faults';
import { type FaultFileWatcher, watchFaultFile } from './watch-fault-file';
import type { Logger } from '@smart-support/telemetry';

/** A part of the system in which faults are rehearsed. */
export type FaultTarget = keyof Faults;

/**
 * Rehearses in one part of the system what the fault injection file says of it, whenever that changes, and says so in the log.
 * @param settings - `config.faultInjection`; a file that is not allowed is not even read
 * @param rehearse - told what is rehearsed from now on; `undefined` for nothing
 * @returns ends the rehearsal; nothing if there is nothing to follow
 */
export function injectFaults<Part extends FaultTarget>(
  { file, allowed }: Config['faultInjection'],
  part: Part,
  rehearse: (fault: Faults[Part]) => void,
  logger: Logger,
  clock: TimerClock = systemClock,
): FaultFileWatcher | undefined {
  if (file === undefined || !allowed) return undefined;
  let now: string | undefined;
  return watchFaultFile({
    file,
    clock,
    onChange: ({ [part]: fault }) => {
      const next = fault && JSON.stringify(fault);
      if (next === now) return;
      now = next;
      if (fault) logger.warn({ [part]: fault }, 'faults are injected');
      else logger.warn({ part }, 'no faults are injected any more');
      rehearse(fault);
    },
    onError: (error) => logger.error({ err: error, part }, 'the fault injection file cannot be used'),
  });
}

/** Says that a fault injection file is named but not honoured, where it is so. */
export function warnOfFaultFile({ file, allowed }: Config['faultInjection'], logger: Logger): void {
  if (file !== undefined && !allowed)
    logger.warn({}, 'FAULT_INJECTION_FILE is not honoured: that needs ALLOW_FAULT_INJECTION=1');
}
