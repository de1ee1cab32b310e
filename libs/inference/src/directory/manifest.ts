import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type JsonObject, invalidModel, isJsonObject } from './json-file';

/**
 * SHA-256 of a file, in hexadecimal.
 * @throws SmartSupportError `invalid_model` if it cannot be read
 */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  } catch (error) {
    throw invalidModel(`${file} cannot be read.`, error);
  }
  return hash.digest('hex');
}

function insideDirectory(directory: string, name: string): string {
  const file = path.resolve(directory, name);
  if (!file.startsWith(path.resolve(directory) + path.sep)) {
    throw invalidModel(`manifest.json lists "${name}"; expected only files inside ${directory}.`);
  }
  return file;
}

async function checkFile(directory: string, name: string, expected: unknown): Promise<string | undefined> {
  const file = insideDirectory(directory, name);
  const { sha256, bytes } = isJsonObject(expected) ? expected : {};
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) throw invalidModel(`${file} is missing; manifest.json lists it.`);
  if (typeof bytes === 'number' && found.size !== bytes) {
    throw invalidModel(`${file} is corrupt: it has ${found.size} bytes, manifest.json expected ${bytes}.`);
  }
  if (typeof sha256 !== 'string') return undefined;
  const hash = await sha256Of(file);
  if (hash !== sha256.toLowerCase()) {
    throw invalidModel(`${file} is corrupt: its sha256 is ${hash}, manifest.json expected ${sha256}.`);
  }
  return hash;
}

/**
 * Checks every file that the manifest lists, by size and by hash.
 * @returns the hashes found, by the paths of the manifest
 * @throws SmartSupportError `invalid_model` that names the first file that is missing or differs
 */
export async function checkManifest(directory: string, manifest: JsonObject): Promise<ReadonlyMap<string, string>> {
  const hashes = new Map<string, string>();
  if (!isJsonObject(manifest['files'])) return hashes;
  for (const [name, expected] of Object.entries(manifest['files'])) {
    const hash = await checkFile(directory, name, expected);
    if (hash !== undefined) hashes.set(name, hash);
  }
  return hashes;
}
