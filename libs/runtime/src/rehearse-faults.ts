import type { Config } from '@smart-support/config';
import { systemClock, type TimerClock } from '@smart-support/contracts';
import { type FaultsFollower, followFaults } from '@smart-support/drills';
import type { Logger } from '@smart-support/telemetry';
import type { OpenTicketModels } from '@smart-support/ticket-models';

/**
 * Rehearses in the models what the faults file says, whenever it changes, and says so in the log.
 * @param settings - `config.drills`; a file that is not allowed is not even read, which the log says, too
 * @returns ends the rehearsal; nothing if there is nothing to follow
 */
export function rehearseFaults(
  { file, allowed }: Config['drills'],
  models: Pick<OpenTicketModels, 'rehearse'>,
  logger: Logger,
  clock: TimerClock = systemClock,
): FaultsFollower | undefined {
  if (file === undefined) return undefined;
  if (!allowed) {
    logger.warn({}, 'FAULTS_FILE is not honoured: that needs ALLOW_FAULTS=1');
    return undefined;
  }
  return followFaults({
    file,
    clock,
    onChange: ({ inference }) => {
      if (inference) logger.warn({ inference }, 'drill: rehearsing faults');
      else logger.warn({}, 'drill: over');
      models.rehearse(
        inference ? { delayMs: inference.delay_ms ?? 0, ...(inference.error ? { error: inference.error } : {}) } : null,
      );
    },
    onError: (error) => logger.error({ err: error }, 'drill: the faults file cannot be used'),
  });
}
