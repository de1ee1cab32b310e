import { invalid } from '@smart-support/contracts';
import { type Environment, readSettings } from './read-settings';
import { type Config, SETTINGS_TABLE } from './settings-table';

/**
 * Turns the environment into a configuration, once, at the start of a process.
 * Variables that are no settings of ours are ignored: the environment is shared with everything else.
 * @throws SmartSupportError `invalid_config` that lists every wrong variable, what it was and what is allowed
 */
export function loadConfig(env: Environment): Config {
  const config = readSettings(SETTINGS_TABLE, env);
  refuseWhatDoesNotFitTogether(config);
  return config;
}

function refuseWhatDoesNotFitTogether({ breaker }: Config): void {
  if (breaker.fastMs > breaker.latencyMs) {
    const { fastMs, latencyMs } = SETTINGS_TABLE.breaker;
    const message = `${breaker.fastMs} must not be above ${latencyMs.name}, which is ${breaker.latencyMs}`;
    throw invalid('configuration', [{ path: fastMs.name, message }], { code: 'invalid_config' });
  }
}
