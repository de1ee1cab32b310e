import { type Config, type Environment, type ProcessName, loadConfig } from '@smart-support/config';
import type { Logger } from '@smart-support/telemetry';

/** The configuration of a process, and what was left out of it. */
export interface ReadConfig {
  readonly config: Config;
  /** Settings whose values count as unset, because an orchestrator put them there. */
  readonly ignored: readonly string[];
}

/** Reads what a process uses of the environment, before it has a log. @throws SmartSupportError `invalid_config` */
export function readConfig(env: Environment, process: ProcessName): ReadConfig {
  const ignored: string[] = [];
  const config = loadConfig(env, { process, onIgnored: (name) => void ignored.push(name) });
  return { config, ignored };
}

/** Writes a line for each setting that was left out. */
export function logIgnoredSettings(logger: Logger, { ignored }: ReadConfig): void {
  for (const setting of ignored) {
    logger.info({ setting }, 'a setting was ignored: it holds the address of a Service, as Kubernetes puts it there');
  }
}
