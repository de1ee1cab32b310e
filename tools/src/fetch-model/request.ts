import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { FetchFailed } from './errors';

/** The forms of a model's weights and the ONNX files that may hold them, the preferred one first. */
export const ONNX_FILES = {
  fp32: ['onnx/model.onnx'],
  fp16: ['onnx/model_fp16.onnx'],
  int8: ['onnx/model_int8.onnx', 'onnx/model_quantized.onnx'],
  uint8: ['onnx/model_uint8.onnx'],
  q8: ['onnx/model_quantized.onnx', 'onnx/model_int8.onnx'],
} as const satisfies Record<string, readonly string[]>;

/** A key of {@link ONNX_FILES}. */
export type Dtype = keyof typeof ONNX_FILES;

/** Arguments of the command. */
export interface ModelRequest {
  /** `organisation/name`. */
  readonly repository: string;
  /** A branch, tag or commit. */
  readonly revision: string;
  readonly dtype: Dtype;
  /** Absolute path. */
  readonly directory: string;
  /** File to SHA-256 in lower-case hex, as the user knows it. */
  readonly sha256: ReadonlyMap<string, string>;
}

export const USAGE =
  'Usage: fetch-model <organisation/name> [--to <directory>] [--revision main] ' +
  `[--dtype ${Object.keys(ONNX_FILES).join('|')}] [--sha256 <file>=<hash> ...]`;

const NAME = /^\w[\w.-]{0,95}$/;
const REVISION = /^\w[\w./-]{0,199}$/;
const PINNED_HASH = /^(?<file>[\w./-]+)=(?<hash>[0-9a-f]{64})$/i;

/**
 * Reads the command line. Names become parts of addresses and paths, so only plain ones are accepted.
 * @param workingDirectory - where a relative `--to`, and `models/<name>` without it, begin
 * @throws FetchFailed with the mistake and the usage
 */
export function readRequest(args: readonly string[], workingDirectory: string): ModelRequest {
  const { values, positionals } = parse(args);
  const [repository, ...more] = positionals;
  if (repository === undefined || more.length > 0) throw new FetchFailed(`Name one model. ${USAGE}`);
  if (!isRepository(repository))
    throw new FetchFailed(`${quote(repository)} is not the name of a model: it must look like organisation/name.`);
  if (!REVISION.test(values.revision) || !isPlainPath(values.revision))
    throw new FetchFailed(`${quote(values.revision)} is not the name of a revision.`);
  if (!isDtype(values.dtype))
    throw new FetchFailed(`${quote(values.dtype)} is not a dtype; there are ${Object.keys(ONNX_FILES).join(', ')}.`);
  if (values.to === '') throw new FetchFailed('--to needs a directory.');
  return {
    repository,
    revision: values.revision,
    dtype: values.dtype,
    directory: resolve(workingDirectory, values.to ?? `models/${basename(repository)}`),
    sha256: new Map(values.sha256.map(readPinnedHash)),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        to: { type: 'string' },
        revision: { type: 'string', default: 'main' },
        dtype: { type: 'string', default: 'int8' },
        sha256: { type: 'string', multiple: true, default: [] },
      },
    });
  } catch (cause) {
    throw new FetchFailed(`${cause instanceof Error ? cause.message : 'Wrong arguments.'} ${USAGE}`, { cause });
  }
}

const isRepository = (name: string): boolean => {
  const parts = name.split('/');
  return parts.length === 2 && parts.every((part) => NAME.test(part) && !part.includes('..'));
};

/** Whether a path has no empty part and no `..`. */
const isPlainPath = (path: string): boolean =>
  path.split('/').every((part) => part !== '' && part !== '.' && !part.includes('..'));

const isDtype = (name: string): name is Dtype => Object.hasOwn(ONNX_FILES, name);

function readPinnedHash(argument: string): [file: string, hash: string] {
  const { file, hash } = PINNED_HASH.exec(argument)?.groups ?? {};
  if (file === undefined || hash === undefined)
    throw new FetchFailed(`--sha256 ${quote(argument)} must look like <file>=<64 hex digits>.`);
  return [file, hash.toLowerCase()];
}

/** Quoted, so that control characters do not reach the terminal. */
const quote = (text: string): string => JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}...` : text);
