import { existsSync, readdirSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Digest, type Expectation, digestFile, findMismatch, isPinned } from './digest';
import { FetchFailed, explainFileError } from './errors';
import type { ModelManifest } from './manifest';
import { PartFile } from './part-file';
import { ONNX_FILES, type Dtype } from './request';

/**
 * One directory holds one model in one form, so that nothing has to guess which weights are meant.
 * @throws FetchFailed when weights of another form are there already
 */
export function refuseOtherWeights(directory: string, dtype: Dtype): void {
  const folder = join(directory, 'onnx');
  const ours: readonly string[] = ONNX_FILES[dtype];
  const present = existsSync(folder) ? listFolder(folder).map((name) => `onnx/${name}`) : [];
  const other = present.find((path) => /^onnx\/\w.*\.onnx$/.test(path) && !ours.includes(path));
  if (other !== undefined)
    throw new FetchFailed(
      `${directory} already holds ${other}: fetch the ${dtype} form into another directory (--to).`,
    );
}

function listFolder(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw explainFileError(folder, error);
  }
}

/**
 * An optional file that the repository does not have must not lie in the directory either: a left-over pooling recipe
 * would change what the model answers.
 */
export function refuseLeftOver(directory: string, path: string): void {
  if (existsSync(join(directory, path)))
    throw new FetchFailed(`${directory} holds ${path}, which this model does not have: use an empty directory (--to).`);
}

/** A file's digest if it is here and is what it should be; nothing is taken on its length alone. */
export async function findFinished(file: string, expected: Expectation): Promise<Digest | undefined> {
  if (!isPinned(expected)) return undefined;
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile() || (expected.bytes !== undefined && found.size !== expected.bytes)) return undefined;
  // What cannot be read is replaced.
  const digest = await digestFile(file, expected).catch(() => undefined);
  return digest && findMismatch(expected, digest) === undefined ? digest : undefined;
}

/** Reads a JSON file that was just fetched. */
export async function readFetchedJson(directory: string, path: string): Promise<unknown> {
  const text = await readFile(join(directory, path), 'utf8');
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new FetchFailed(`${path} is not JSON; delete it and fetch the model again.`, { cause });
  }
}

/** Writes `manifest.json`, whole or not at all. */
export async function writeManifest(directory: string, manifest: ModelManifest): Promise<void> {
  const part = await PartFile.create(join(directory, 'manifest.json'), undefined);
  try {
    await part.write(Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`));
    await part.finish();
    await part.keep();
  } finally {
    await part.discard();
  }
}
