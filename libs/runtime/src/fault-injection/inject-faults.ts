import type { Config } from '@smart-support/config';
import { systemClock, type TimerClock } from '@smart-support/contracts';
import type { Faults } from './faults';
import { type FaultFileWatcher, watchFaultFile } from './watch-fault-file';
import type { Logger } from '@smart-support/telemetry';

/** A part of the system that faults can be injected into. */
export type FaultTarget = keyof Faults;

/**
 * Injects the faults that the fault injection file has for one part of the system, whenever they change, and logs each change.
 * @param settings - `config.faultInjection`; a file that is not allowed is not even read
 * @param inject - called with the fault from now on; `undefined` for none
 * @returns ends the injection; `undefined` if there is no file to watch
 */
export function injectFaults<Part extends FaultTarget>(
  { file, allowed }: Config['faultInjection'],
  part: Part,
  inject: (fault: Faults[Part]) => void,
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
      inject(fault);
    },
    onError: (error) => logger.error({ err: error, part }, 'the fault injection file cannot be used'),
  });
}

/** Logs a warning where a fault injection file is configured but not allowed. */
export function warnOfFaultFile({ file, allowed }: Config['faultInjection'], logger: Logger): void {
  if (file !== undefined && !allowed)
    logger.warn({}, 'FAULT_INJECTION_FILE is not honoured: that needs ALLOW_FAULT_INJECTION=1');
}
