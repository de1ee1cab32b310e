import { readSettingsFile, readTextFile } from '@smart-support/runtime';
import { type HookReceiver, createHookReceiver, parseHookSources } from '@smart-support/ticket-hooks';

/**
 * The sources of webhooks that a mapping file names, by name.
 * @param file - path of the file (`config.hooks.file`); without one there are none
 * @param environment - where secrets may stand that the file names
 * @throws SmartSupportError `invalid_config` that says why the file cannot be read, or everything that is wrong in it
 */
export function readHookFile(
  file: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): ReadonlyMap<string, HookReceiver> {
  if (file === undefined) return new Map();
  const json = readSettingsFile('HOOKS_FILE', file);
  const sources = parseHookSources(json, { environment, readFile: readTextFile });
  return new Map(sources.map((source) => [source.name, createHookReceiver(source)]));
}

/** The trust domains of sources. */
export function domainsOf(hooks: ReadonlyMap<string, HookReceiver>): readonly string[] {
  return [...hooks.values()].map(({ source }) => source.domain);
}
