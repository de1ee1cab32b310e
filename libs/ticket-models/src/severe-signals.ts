import { invalid } from '@smart-support/contracts';
import { SIGNALS } from '@smart-support/urgency';

/** The urgency signals by which tickets are routed although an incident has them, by name. */
export interface SevereSignals {
  /** Signals that route a ticket where they are novel in its incident. */
  readonly novelSignals: readonly string[];
  /** Those that always count. */
  readonly alwaysRoutedSignals: readonly string[];
}

const SETTINGS: Readonly<Record<keyof SevereSignals, string>> = {
  novelSignals: 'STORM_NOVEL_SIGNALS',
  alwaysRoutedSignals: 'STORM_ALWAYS_ROUTED_SIGNALS',
};

/**
 * The signals that an operator names, once it is sure that there are such signals: a name misspelt would suppress what should be routed.
 * @throws SmartSupportError `invalid_config` that names those that are unknown, and what is known
 */
export function severeSignals({ novelSignals, alwaysRoutedSignals }: SevereSignals): SevereSignals {
  const severe = { novelSignals, alwaysRoutedSignals };
  const known = SIGNALS.map(({ name }) => name);
  const issues = Object.entries(SETTINGS).flatMap(([key, path]) => {
    const unknown = severe[key as keyof SevereSignals].filter((name) => !known.includes(name));
    const message = `no signal is called ${unknown.join(', ')}; there are ${known.join(', ')}`;
    return unknown.length === 0 ? [] : [{ path, message }];
  });
  if (issues.length > 0) throw invalid('configuration', issues, { code: 'invalid_config' });
  return severe;
}
