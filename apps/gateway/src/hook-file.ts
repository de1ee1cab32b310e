import { closeSync, openSync, readSync } from 'node:fs';
import { types } from 'node:util';
import { SmartSupportError } from '@smart-support/contracts';
import { type HookReceiver, createHookReceiver, parseHookSources } from '@smart-support/ticket-hooks';

/** Largest mapping file, and largest file of a secret, in bytes. */
const MOST_BYTES = 1024 * 1024;

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
  let json: string;
  try {
    json = readText(file);
  } catch (error) {
    const why = types.isNativeError(error) && 'code' in error ? String(error.code) : 'too large';
    throw new SmartSupportError('invalid_config', `HOOKS_FILE "${file}" cannot be read (${why}).`, { cause: error });
  }
  const sources = parseHookSources(json, { environment, readFile: readText });
  return new Map(sources.map((source) => [source.name, createHookReceiver(source)]));
}

/** The trust domains of sources. */
export function domainsOf(hooks: ReadonlyMap<string, HookReceiver>): readonly string[] {
  return [...hooks.values()].map(({ source }) => source.domain);
}

/** The text of a file that is no larger than it may be. A device may have no end. */
function readText(path: string): string {
  const bytes = Buffer.alloc(MOST_BYTES + 1);
  const file = openSync(path, 'r');
  try {
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read) {
      read = readSync(file, bytes, length, bytes.length - length, null);
    }
    if (length > MOST_BYTES) throw new Error('The file is too large.');
    return bytes.toString('utf8', 0, length);
  } finally {
    closeSync(file);
  }
}
