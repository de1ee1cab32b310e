import type { InputIssue } from '@smart-support/contracts';
import { isLoopback } from './loopback';
import { type Config, SETTINGS_TABLE } from './settings-table';

/** Looks at settings that are right by themselves and may say that they do not fit together. */
type Rule = (config: Config) => InputIssue | undefined;

const RULES: readonly Rule[] = [
  ({ breaker: { fastMs, latencyMs } }) => {
    if (fastMs <= latencyMs) return undefined;
    const { breaker } = SETTINGS_TABLE;
    return {
      path: breaker.fastMs.name,
      message: `${fastMs} must not be above ${breaker.latencyMs.name}, which is ${latencyMs}`,
    };
  },

  ({ webhooks: { url, secret } }) => {
    if (secret === undefined || url !== undefined) return undefined;
    const { webhooks } = SETTINGS_TABLE;
    return {
      path: webhooks.secret.name,
      message: `signs nothing while ${webhooks.url.name} is unset: set both or none`,
    };
  },

  ({ access: { keys = [], keyDomains = [] } }) => {
    const unknown = keyDomains.findIndex(({ key }) => keys.every(({ name }) => name !== key));
    if (unknown < 0) return undefined;
    const { access } = SETTINGS_TABLE;
    return { path: access.keyDomains.name, message: `entry ${unknown + 1}: ${access.keys.name} has no such key` };
  },

  ({ access: { keys, allowAnonymous } }) => {
    if (keys === undefined || !allowAnonymous) return undefined;
    const { access } = SETTINGS_TABLE;
    return {
      path: access.allowAnonymous.name,
      message: `1 contradicts ${access.keys.name}: either callers need a key or they do not; unset one of the two`,
    };
  },
];

/** A process without an API may read no keys at all. */
const vouchedKeys: Rule = ({ access: { keys = [] }, vouched }) => {
  const { access, vouched: settings } = SETTINGS_TABLE;
  for (const [index, name] of vouched.keys.entries()) {
    // A source of HOOKS_FILE stands for a key, and the file is not read yet.
    if (name.startsWith('hooks.')) continue;
    const key = keys.find((one) => one.name === name);
    const problem = key ? key.role === 'agent' && 'has the role agent, which sends no tickets' : 'is no such key';
    if (problem)
      return { path: settings.keys.name, message: `entry ${index + 1}: in ${access.keys.name} it ${problem}` };
  }
  return undefined;
};

/** What a process must also obey whose API others may call. */
const openDoor: Rule = ({ http: { host }, access: { keys, allowAnonymous } }) => {
  if (isLoopback(host) || keys !== undefined || allowAnonymous) return undefined;
  const { http, access } = SETTINGS_TABLE;
  return {
    path: http.host.name,
    message: `"${host}" can be reached by others: that needs ${access.keys.name}, or ${access.allowAnonymous.name}=1 to allow every caller`,
  };
};

/**
 * What does not fit together in a configuration whose settings are right one by one.
 * @param hasApi - whether the process answers calls that keys are for
 */
export function settingsThatClash(config: Config, hasApi: boolean): readonly InputIssue[] {
  return [...RULES, ...(hasApi ? [openDoor, vouchedKeys] : [])]
    .map((rule) => rule(config))
    .filter((issue) => issue !== undefined);
}
