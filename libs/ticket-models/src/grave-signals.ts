import { invalid } from '@smart-support/contracts';
import { SIGNALS } from '@smart-support/urgency';

/**
 * The names of urgency signals that an operator calls grave, once it is sure that there are such signals: a name misspelt would suppress what
 * should be routed.
 * @throws SmartSupportError `invalid_config` that names those that are unknown, and what is known
 */
export function graveSignals(names: readonly string[]): readonly string[] {
  const known = SIGNALS.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return names;
  const message = `no signal is called ${unknown.join(', ')}; there are ${known.join(', ')}`;
  throw invalid('configuration', [{ path: 'STORM_GRAVE_SIGNALS', message }], { code: 'invalid_config' });
}
