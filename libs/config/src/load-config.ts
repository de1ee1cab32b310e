import { type Environment, readSettings } from './read-settings';
import { type Config, SETTINGS_TABLE } from './settings-table';

/**
 * Turns the environment into a configuration, once, at the start of a process.
 * Variables that are no settings of ours are ignored: the environment is shared with everything else.
 * @throws SmartSupportError `invalid_config` that lists every wrong variable, what it was and what is allowed
 */
export function loadConfig(env: Environment): Config {
  return readSettings(SETTINGS_TABLE, env);
}
