import { existsSync, readdirSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Digest, type Expectation, digestFile, findMismatch, isPinned } from './digest';
import { FetchFailed, explainFileError } from './errors';
import type { ModelManifest } from './manifest';
import { PartFile } from './part-file';
import { ONNX_FILES, type Dtype } from './request';

/**
 * A directory has the weights of one model in one form, so that their choice is never ambiguous.
 * @throws FetchFailed when it has weights of another form
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
 * An optional file that the repository does not have must not be in the directory either: a left-over pooling configuration
 * would change the model's answers.
 */
export function refuseLeftOver(directory: string, path: string): void {
  if (existsSync(join(directory, path)))
    throw new FetchFailed(
      `${directory} contains ${path}, which this model does not have: use an empty directory (--to).`,
    );
}

/** The digest of a file that exists and matches the expectations; length alone is not enough. */
export async function findFinished(file: string, expected: Expectation): Promise<Digest | undefined> {
  if (!isPinned(expected)) return undefined;
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile() || (expected.bytes !== undefined && found.size !== expected.bytes)) return undefined;
  // An unreadable file is replaced.
  const digest = await digestFile(file, expected).catch(() => undefined);
  return digest && findMismatch(expected, digest) === undefined ? digest : undefined;
}

/** Reads a fetched JSON file. */
export async function readFetchedJson(directory: string, path: string): Promise<unknown> {
  const text = await readFile(join(directory, path), 'utf8');
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new FetchFailed(`${path} is not JSON; delete it and fetch the model again.`, { cause });
  }
}

/** Writes `manifest.json` atomically. */
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
