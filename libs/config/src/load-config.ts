import { invalid } from '@smart-support/contracts';
import { type Environment, type ReadOptions, readSettings } from './read-settings';
import { settingsThatClash } from './settings-that-clash';
import { type Config, SETTINGS_TABLE } from './settings-table';

/**
 * Turns the environment into a configuration, once, at the start of a process.
 * Variables that are no settings of ours are ignored: the environment is shared with everything else.
 * @throws SmartSupportError `invalid_config` that lists every wrong variable, what it was and what is allowed;
 * where each is right by itself, those that do not fit together
 */
export function loadConfig(env: Environment, options: ReadOptions = {}): Config {
  const config = readSettings(SETTINGS_TABLE, env, options);
  // Only the gateway answers calls that keys are for.
  const issues = settingsThatClash(config, options.process === undefined || options.process === 'gateway');
  if (issues.length > 0) throw invalid('configuration', issues, { code: 'invalid_config' });
  return config;
}
