import { closeSync, openSync, readSync } from 'node:fs';
import { types } from 'node:util';
import { SmartSupportError } from '@smart-support/contracts';

/** Largest file that a setting names, and largest file of a secret, in bytes. */
const MOST_BYTES = 1024 * 1024;

/**
 * The text of a file that a setting names.
 * @param setting - its name, for the message
 * @throws SmartSupportError `invalid_config` that says why the file cannot be read
 */
export function readSettingsFile(setting: string, path: string): string {
  try {
    return readTextFile(path);
  } catch (error) {
    const why = types.isNativeError(error) && 'code' in error ? String(error.code) : 'too large';
    throw new SmartSupportError('invalid_config', `${setting} "${path}" cannot be read (${why}).`, { cause: error });
  }
}

/**
 * The text of a file of at most 1 MiB. A device may have no end.
 * @throws Error for a larger one, and as `openSync` and `readSync` do
 */
export function readTextFile(path: string): string {
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
