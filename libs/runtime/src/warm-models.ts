import type { Config } from '@smart-support/config';
import { systemClock, type TimerClock } from '@smart-support/contracts';
import type { Logger, Metrics } from '@smart-support/telemetry';
import { type OpenTicketModels, type PreparedTicketModels, prepareTicketModels } from '@smart-support/ticket-models';
import { observeModels } from './observe-models';
import { injectFaults, warnOfFaultFile } from './fault-injection/inject-faults';

type ModelsConfig = Pick<Config, 'models' | 'breaker' | 'faultInjection'>;

/**
 * Prepares the models that the configuration names, to be opened when they are wanted; shows them in the log and the metrics, and
 * injects the faults of the fault injection file until they are closed.
 */
export function prepareWarmModels(
  config: ModelsConfig,
  logger: Logger,
  metrics: Pick<Metrics, 'models'>,
  clock: TimerClock = systemClock,
): PreparedTicketModels {
  const prepared = prepareTicketModels(config, observeModels(logger, metrics), clock);
  metrics.models.watchModels(() => prepared.status());
  warnOfFaultFile(config.faultInjection, logger);
  const faults = injectFaults(
    config.faultInjection,
    'inference',
    (fault) =>
      prepared.injectFault(
        fault ? { delayMs: fault.delay_ms ?? 0, ...(fault.error ? { error: fault.error } : {}) } : null,
      ),
    logger,
    clock,
  );
  let isAnnounced = false;
  return {
    ...prepared,
    open: async () => {
      await prepared.open();
      if (isAnnounced) return;
      isAnnounced = true;
      const warm = prepared.status().map(({ name, stats }) => ({ name, threads: stats.threads.ready }));
      logger.info({ models: warm }, config.models.fallback ? 'models are switched off' : 'models are warm');
    },
    close: () => {
      faults?.stop();
      return prepared.close();
    },
  };
}

/**
 * The same, open and warm.
 * @throws SmartSupportError `invalid_model` that names the file and what was expected; `invalid_config`
 */
export async function openWarmModels(
  config: ModelsConfig,
  logger: Logger,
  metrics: Pick<Metrics, 'models'>,
  clock: TimerClock = systemClock,
): Promise<OpenTicketModels> {
  const prepared = prepareWarmModels(config, logger, metrics, clock);
  try {
    await prepared.open();
  } catch (error) {
    await prepared.close();
    throw error;
  }
  return prepared;
}
